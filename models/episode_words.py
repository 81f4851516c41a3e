"""The words of a care episode: statuses by code and by word, kinds of review, and how people say them otherwise."""

import re
from collections.abc import Mapping

CODES: dict[str, str] = {
    "c1": "interim_care_order",
    "c2": "care_order",
    "d1": "freed_for_adoption",
    "e1": "placement_order",
    "j1": "remand",
    "j2": "police_custody_accommodation",
    "j3": "sentenced_with_residence",
    "l1": "police_protection",
    "l2": "emergency_protection_order",
    "l3": "child_assessment_order",
    "v2": "section_20",
    "v3": "short_breaks",
    "v4": "single_short_break",
}
"""SSDA903 codes of legal statuses, and the word under which each is kept. A child has one of them at a time."""
SHORT_BREAKS = ("short_breaks", "single_short_break")
"""Legal statuses in which a child is at home between breaks: they do not count as being looked after here."""
LOOKED_AFTER = "looked_after"
TEAM = "open_to_team"
DIRECTION = "court_direction"
HEARING = "hearing"
PLACED = "placement"
TRANSFER = "transfer_planned"
PANEL = "panel"
PATHWAY_PLAN = "pathway_plan"

ALSO_SAID: dict[str, tuple[str, ...]] = {
    "interim_care_order": ("ico", "section_38", "s38"),
    "care_order": ("full_care_order", "final_care_order", "co", "section_31", "s31"),
    "placement_order": ("po",),
    "remand": ("remanded", "remand_to_local_authority_accommodation"),
    "police_protection": ("police_powers_of_protection", "section_46", "s46"),
    "emergency_protection_order": ("epo", "section_44", "s44"),
    "section_20": ("s20", "accommodated", "section_20_accommodation", "s20_accommodation", "voluntary_accommodation"),
    "child_protection_plan": ("cp_plan", "cpp", "cp", "child_protection", "plan_child_protection"),
    "child_in_need": ("cin", "child_in_need_plan", "cin_plan", "section_17", "s17"),
    "supervision_order": ("so",),
    LOOKED_AFTER: ("lac", "cla", "looked_after_child", "child_looked_after", "in_care"),
    TEAM: ("team", "open", "case_open", "open_to_the_team", "opened_to_team", "team_opened", "change_of_team"),
    "legal_planning_meeting": ("lpm", "in_legal_planning"),
    "pre_proceedings": ("plo", "public_law_outline", "pre_proceedings_plo"),
    "care_proceedings": ("proceedings", "in_proceedings", "in_care_proceedings"),
    "plan_adoption": ("adoption_plan", "plan_of_adoption", "care_plan_adoption"),
    "plan_long_term_fostering": ("long_term_fostering", "long_term_fostering_plan", "plan_long_term_foster_care"),
    "plan_permanence": ("plan_permanent_care", "permanent_care", "care_plan_permanence", "plan_permanent_separation"),
    "permanence_plan": ("permanency_plan", "plan_for_permanence"),
    "homeless_16_17": ("homeless", "homeless_16_to_17", "homelessness"),
    "homeless_assessment": ("assessment", "assessed", "single_assessment", "homelessness_assessment"),
    DIRECTION: ("direction", "court_directions", "directions"),
    HEARING: ("next_hearing", "hearing_date", "court_hearing", "final_hearing"),
    "care_package": ("package", "disability_care_package", "cwd_care_package"),
    PLACED: ("placement_move", "placement_change", "change_of_placement", "placed"),
    TRANSFER: ("transfer", "planned_transfer", "transfer_date", "transfer_planned_on", "planned_transfer_on"),
    "higher_education": ("in_higher_education", "university"),
    PATHWAY_PLAN: ("pathway", "pathway_planning"),
    "leaving_care": ("care_leaver", "leaving_care_takeover", "leaving_care_takes_over"),
    "transition_plan": ("transition", "transition_planning"),
    "return_home_plan": ("return_home", "reunification_plan", "return_home_planning"),
}
REVIEWS_ALSO_SAID: dict[str, tuple[str, ...]] = {
    "looked_after_review": (
        *("review", "lac_review", "cla_review", "statutory_review", "first_review", "first_lac_review"),
        *("looked_after", "looked_after_child_review", "child_looked_after_review", "first_cla_review", "lac", "cla"),
    ),
    "child_protection_review": (
        *("cp_review", "review_conference", "child_protection_review_conference", "cp_conference", "rcpc"),
        *("review_child_protection_conference", "child_protection_conference", "child_protection"),
    ),
    "child_protection_conference_initial": ("initial_child_protection_conference", "icpc", "initial_conference"),
    "pathway_plan_review": ("pathway_review",),
    "permanency_planning_meeting": ("ppm", "permanency_planning", "permanency_meeting", "permanence_planning_meeting"),
    "statutory_visit": ("visit", "lac_visit", "cla_visit", "looked_after_visit"),
    "health_assessment": ("health_review", "initial_health_assessment", "review_health_assessment"),
    "personal_education_plan": ("pep", "education_plan", "pep_review"),
    "care_package_review": ("package_review", "cwd_review", "cwd_package_review", "care_package"),
    HEARING: ("next_hearing", "hearing_date", "court_hearing", "final_hearing"),
    PANEL: ("panel_review", "heard", "panel_heard", "heard_at_panel"),
    "proceedings_tracking": ("care_proceedings", "proceedings", "case_tracking", "tracking"),
}
TRANSFERRED = "transferred"
DISCUSSED = "discussed"
REVIEWED = "reviewed"
RECORDED = "status_recorded"
WORDS_TAKEN = (TRANSFERRED, DISCUSSED, REVIEWED, RECORDED)
"""Words of other processes. `transferred`: facts `team` or `service`, `unit`, `on`, `temporary`. `discussed` and
`reviewed`: `kind`, `on`. `status_recorded`: `status`, and `since` or `ended`."""


def word_of(said: object) -> str:
    """A status or kind as files write it: `Looked after` is `looked_after`.

    Args:
        said: What somebody wrote.
    """
    return re.sub(r"[^a-z0-9_.]+", "_", str(said).replace("'", "").casefold()).strip("_")


def _by_synonym(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {other: word for word, others in table.items() for other in (word, *others)}


STATUSES = {**_by_synonym(ALSO_SAID), **CODES}
KINDS = _by_synonym(REVIEWS_ALSO_SAID)


def status_word(said: object) -> str:
    """The word under which a status is kept, from its code, its word or another name.

    Args:
        said: What somebody wrote.
    """
    word = word_of(said)
    return STATUSES.get(word, word)


def kind_word(said: object) -> str:
    """The word under which a review, a meeting or a visit is kept.

    Args:
        said: What somebody wrote.
    """
    word = word_of(said)
    return KINDS.get(word, word)


def code_of(status: str) -> str | None:
    """The SSDA903 code of a status; `None` for what is not a legal status of that list.

    Args:
        status: Its word.
    """
    return next((code.upper() for code, word in CODES.items() if word == status), None)
