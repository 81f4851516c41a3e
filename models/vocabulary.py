"""Named values that every layer shares. The strings are the contract: people read and type them."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a child's journey stands."""

    AWAITING_SIGN_OFF = "awaiting_sign_off"
    RETURNED = "returned"
    AWAITING_ENDORSEMENT = "awaiting_endorsement"
    AWAITING_LISTING = "awaiting_listing"
    LISTED = "listed"
    RESERVED = "reserved"
    AT_PANEL = "at_panel"
    DEFERRED = "deferred"
    AWAITING_DECISION = "awaiting_decision"
    ACTIONS_OPEN = "actions_open"
    UNDER_REVIEW = "under_review"
    CLOSED = "closed"


class SittingStage(StrEnum):
    """Where one meeting of a forum stands."""

    PLANNED = "planned"
    CLOSED_FOR_SUBMISSIONS = "closed_for_submissions"
    IN_SESSION = "in_session"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of a journey: first the decision, in the end how it closed."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    DECLINED = "declined"
    DEFERRED = "deferred"
    REFERRED_ON = "referred_on"
    RATIFIED = "ratified"
    NOT_RATIFIED = "not_ratified"
    ADVISED = "advised"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


APPROVALS = (Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS, Outcome.RATIFIED)
"""Decisions that allow something, and so rest on a legal section."""


class JourneyAct(StrEnum):
    """What a person may do to a journey. `refer` starts it; `escalate` is a signal."""

    REFER = "refer"
    AMEND = "amend"
    RETURN_FOR_CHANGES = "return_for_changes"
    SIGN_OFF = "sign_off"
    ENDORSE = "endorse"
    AGREE_LATE = "agree_late"
    AGREE_EXTRA = "agree_extra"
    SUPPLY_DOCUMENT = "supply_document"
    REDIRECT = "redirect"
    WITHDRAW = "withdraw"
    AUTHORISE_EMERGENCY = "authorise_emergency"
    DECIDE_AS_POST = "decide_as_post"
    COMPLETE_ACTION = "complete_action"
    REPORT_ACTION_NOT_DONE = "report_action_not_done"
    APPROVE_ALTERNATIVE = "approve_alternative"
    REQUEST_RENEWAL = "request_renewal"
    CLOSE = "close"
    CONFIRM = "confirm"
    ESCALATE = "escalate"
    ACKNOWLEDGE_ESCALATION = "acknowledge_escalation"


class SittingAct(StrEnum):
    """What a person may do to a sitting. `escalate` is a signal."""

    SEND_APOLOGIES = "send_apologies"
    DECLARE_INTEREST = "declare_interest"
    OPEN_SITTING = "open_sitting"
    HEAR = "hear"
    RECORD_DECISION = "record_decision"
    APPROVE_DECISION = "approve_decision"
    CARRY_OVER = "carry_over"
    CLOSE_SITTING = "close_sitting"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    CIRCULATE_PAPERS = "circulate_papers"
    SET_PRIORITY = "set_priority"
    ADD_DATE = "add_date"
    RECORD_MINUTES = "record_minutes"
    APPROVE_MINUTES = "approve_minutes"
    ESCALATE = "escalate"
    ACKNOWLEDGE_ESCALATION = "acknowledge_escalation"


OPTIONAL_ACTS = (
    JourneyAct.CONFIRM,
    SittingAct.CIRCULATE_PAPERS,
    SittingAct.SET_PRIORITY,
    SittingAct.ADD_DATE,
    SittingAct.RECORD_MINUTES,
    SittingAct.APPROVE_MINUTES,
)
"""Acts that a council has only when its procedure does; nobody needs them to bring a case to its end."""


class Priority(StrEnum):
    """How soon people should look at a process."""

    NORMAL = "normal"
    HIGH = "high"
    EMERGENCY = "emergency"


class RequestKind(StrEnum):
    """What a referral asks for."""

    ACCOMMODATION = "accommodation"
    STAYING_PUT = "staying_put"
    SPECIALIST_ASSESSMENT = "specialist_assessment"
    THERAPY = "therapy"
    LONG_TERM_PLACEMENT = "long_term_placement"
    PLACEMENT_MOVE = "placement_move"
    POST_18_ACCOMMODATION = "post_18_accommodation"
    PLACEMENT_BEYOND_18 = "placement_beyond_18"
    PACKAGE_AMENDMENT = "package_amendment"
    SUPPORT_PACKAGE = "support_package"
    LEGAL_PLANNING_MEETING = "legal_planning_meeting"
    CARE_PROCEEDINGS = "care_proceedings"
    PERMANENCE_DECISION = "permanence_decision"
    CUSTODY_PLAN = "custody_plan"
    DISCUSSION = "discussion"


class LegalStatus(StrEnum):
    """Legal status of a looked-after child, by the codes of the SSDA903 return."""

    INTERIM_CARE_ORDER = "C1"
    CARE_ORDER = "C2"
    FREEING_ORDER = "D1"
    PLACEMENT_ORDER = "E1"
    SECTION_20 = "V2"
    SHORT_BREAKS_AGREEMENT = "V3"
    SHORT_BREAKS_SERIES = "V4"
    REMAND = "J1"
    POLICE_DETENTION_ACCOMMODATION = "J2"
    YOUTH_REHABILITATION_RESIDENCE = "J3"
    POLICE_PROTECTION = "L1"
    EMERGENCY_PROTECTION_ORDER = "L2"
    CHILD_ASSESSMENT_ORDER = "L3"


class PlacementType(StrEnum):
    """Placement of a looked-after child, by the codes of the SSDA903 return."""

    ADOPTION_CARER_CONSENT = "A3"
    ADOPTION_OTHER_CONSENT = "A4"
    ADOPTION_CARER_ORDER = "A5"
    ADOPTION_OTHER_ORDER = "A6"
    SEMI_INDEPENDENT = "H5"
    SECURE_HOME = "K1"
    CHILDRENS_HOME = "K2"
    WITH_PARENTS = "P1"
    INDEPENDENT_LIVING = "P2"
    RESIDENTIAL_EMPLOYMENT = "P3"
    CARE_HOME = "R1"
    HEALTH_SETTING = "R2"
    FAMILY_CENTRE = "R3"
    YOUNG_OFFENDER_INSTITUTION = "R5"
    RESIDENTIAL_SCHOOL = "S1"
    TEMPORARY_MOVE = "T0"
    TEMPORARY_HOSPITAL = "T1"
    TEMPORARY_HOLIDAY = "T2"
    TEMPORARY_CARER_AWAY = "T3"
    TEMPORARY_OTHER = "T4"
    RELATIVE_FOSTER_LONG_TERM = "U1"
    RELATIVE_FOSTER_FOSTER_TO_ADOPT = "U2"
    RELATIVE_FOSTER = "U3"
    FOSTER_LONG_TERM = "U4"
    FOSTER_TO_ADOPT = "U5"
    FOSTER = "U6"
    OTHER = "Z1"


class EmergencyMeasure(StrEnum):
    """What cannot wait for a panel."""

    LEGAL_ADVICE = "legal_advice"
    LEGAL_PROCEEDINGS = "legal_proceedings"
    ACCOMMODATION = "accommodation"
    SECURE_ACCOMMODATION = "secure_accommodation"
    SUPPORT_PACKAGE = "support_package"
    EMERGENCY_PROTECTION_ORDER = "emergency_protection_order"


class ClockState(StrEnum):
    """Where a clock stands. Only people's acts make it `met`; `stopped` says that it no longer applies."""

    RUNNING = "running"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"
    STOPPED = "stopped"


class ActionState(StrEnum):
    """Where one action of a decision stands."""

    OPEN = "open"
    NOT_DONE = "not_done"
    REPLACED = "replaced"
    COMPLETED = "completed"


class CaseState(StrEnum):
    """Where one case stands on a sitting's live agenda."""

    LISTED = "listed"
    RESERVED = "reserved"
    BEING_HEARD = "being_heard"
    HEARD = "heard"
    DECIDED = "decided"
    APPROVED = "approved"
    CARRIED_OVER = "carried_over"
    RELEASED = "released"
