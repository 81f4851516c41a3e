"""Builders: forms, journeys and sittings as the real rules make them, and the people who act on them.

Everything happens in Hillingdon in March 2031. The panel meets on Tuesdays; the cut-off for the 11th is noon on Friday
the 7th. Times are written as Europe/London wall time and carried as UTC, as the rules have it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

from models.acts import Act
from models.errors import Refused
from models.journey import Claim, JourneyStart, JourneyState
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.process import Entry, ProcessState
from models.referral import Referral
from models.sitting import BookingAnswer, BookingRequest, CasePapers, SittingStart, SittingState
from models.snapshot import shared
from models.vocabulary import JourneyAct, SittingAct, SittingStage, Stage
from procedures.calendars import working_calendar
from procedures.loader import load_council
from rules.journeys import acts as journeys
from rules.journeys.claiming import claim_answered
from rules.journeys.listing import answered, booking_request
from rules.journeys.news import take_news
from rules.journeys.referring import begin, require_acceptable
from rules.process import remember
from rules.schedule import cut_off_for, starts_at
from rules.sittings import acts as sittings
from rules.sittings.booking import book, release
from rules.working_days import LONDON

HILLINGDON = shared(load_council("hillingdon"))
CALENDAR = working_calendar("hillingdon", 2030)
PANEL = date(2031, 3, 11)
SECOND_PANEL = date(2031, 3, 18)
THIRD_PANEL = date(2031, 3, 25)


def at(text: str) -> datetime:
    """An instant from Europe/London wall time, e.g. `2031-03-07 12:01`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


THURSDAY = at("2031-03-06 09:30")
PAST_NOON = at("2031-03-07 12:01")


def person(staff: str, post: str, unit: str | None = None, council: str = "hillingdon") -> Actor:
    """Somebody in a post."""
    return Actor(staff=staff, post=post, unit=unit, council=council)


AMIRA = person("amira", "social_worker")
TOM = person("tom", "team_manager")
HELEN = person("helen", "head_of_service", "children in need")
CAROL = person("carol", "head_of_service")
DEV = person("dev", "head_of_service")
ESI = person("esi", "head_of_service")
COURTNEY = person("courtney", "head_of_service", "court")
PAT = person("pat", "panel_administrator")
DIANA = person("diana", "director")
DUTY = person("duty", "head_of_service_on_duty")
MANY = (AMIRA, TOM, HELEN, CAROL, DEV, ESI, COURTNEY, PAT, DIANA, DUTY)

FORM: dict[str, Any] = {
    "referral_ref": "R-1",
    "council": "hillingdon",
    "forum": "harp",
    "child": {"reference": "C-1", "date_of_birth": "2019-05-14"},
    "team": {"name": "Team 3", "unit": "children in need"},
    "request": {"kind": "accommodation", "summary": "A place.", "legal_section": "section 20", "funding": True},
    "criteria": ["HIL-004"],
    "views": {"child": "Wants to stay near school.", "parents": "Agree."},
    "family_and_friends_options": "Grandparents are willing.",
    "alternatives_tried": "Family support.",
    "desired_outcomes": ["The child is safe."],
    "analysis": "Risk has risen.",
    "costs": {"present": "0.00", "proposed": "480.00", "difference": "480.00"},
    "discussions": {"supervision": "2031-03-03", "team_manager_and_head_of_service": "2031-03-04"},
    "documents": ["Access to resource panel form", "Section 20 checklist"],
    "team_manager_comments": "Supported.",
}
PACKAGE: dict[str, Any] = {
    "request.kind": "package_amendment",
    "request.service_difference": "Two more hours.",
    "request.legal_section": "section 17",
}
"""Changes that make the form ask for a change of package, which a Head of Service may decide up to a limit."""


def form(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a form's field may be of any type
    """A whole intake form as JSON, with changes; dotted keys reach inside, `None` takes a field away."""
    whole: dict[str, Any] = json.loads(json.dumps(FORM))
    for path, value in changes.items():
        *way, last = path.split(".")
        part = whole
        for step in way:
            part = part.setdefault(step, {})
        part.pop(last, None)
        if value is not None:
            part[last] = value
    return whole


def referral(**changes: Any) -> Referral:  # noqa: ANN401 - a form's field may be of any type
    """A whole intake form, with changes."""
    return Referral.model_validate(form(**changes))


def council_with(**forums: dict[str, Any]) -> Council:
    """Hillingdon with parts of its forums changed, or with forums of its own: a copy of HARP with these parts."""
    whole = HILLINGDON.model_dump()
    for key, parts in forums.items():
        like = whole["forums"].get(key, {**whole["forums"]["harp"], "key": key, "title": key, "also_known_as": ()})
        whole["forums"][key] = {**like, **parts}
    return Council.model_validate(whole)


def start(
    sent: Referral, actor: Actor = AMIRA, council: Council = HILLINGDON, calendar: WorkingCalendar = CALENDAR
) -> JourneyStart:
    """What starts a journey."""
    return JourneyStart(referral=sent, actor=actor, procedure=council, calendar=calendar)


def journey(sent: Referral | None = None, now: datetime = THURSDAY, council: Council = HILLINGDON) -> JourneyState:
    """A journey that has just begun."""
    begins = start(sent or referral(), council=council)
    require_acceptable(begins, now)
    return begin(begins, now)


def sitting(
    on: date = PANEL,
    now: datetime = THURSDAY,
    forum: str = "harp",
    chair: str | None = None,
    council: Council = HILLINGDON,
) -> SittingState:
    """A sitting that has just been planned."""
    rules = council.forums[forum]
    return sittings.begin(
        SittingStart(
            forum=forum,
            on=on,
            starts=starts_at(on, rules),
            cut_off=cut_off_for(on, rules, CALENDAR),
            chair=chair,
            procedure=council,
            calendar=CALENDAR,
        ),
        now,
    )


def papers(ref: str = "R-1", /, **changes: Any) -> CasePapers:  # noqa: ANN401 - papers of any kind
    """What a sitting knows of a case."""
    whole: dict[str, Any] = {
        "journey": f"journey/hillingdon/{ref}",
        "referral_ref": ref,
        "child_ref": f"C-{ref}",
        "unit": "children in need",
        "signed_by": ("amira", "tom", "helen"),
        "looked_after": True,
        "in_custody": False,
        "remand_expected": False,
        "youth_justice": False,
        "legal_section": "section 20",
    }
    return CasePapers.model_validate({**whole, **changes})


def request(ref: str = "R-1", /, **changes: Any) -> BookingRequest:  # noqa: ANN401 - a request of any kind
    """A journey's request for a place; `papers` may be changed as well."""
    own = changes.pop("papers", papers(ref))
    return BookingRequest.model_validate({"message_id": f"ask-{ref}", "papers": own, **changes})


def sitting_with(cases: int, now: datetime = THURSDAY, **changes: Any) -> SittingState:  # noqa: ANN401 - as `sitting`
    """A sitting on which so many cases were booked, one after another: `N-1`, `N-2` and so on."""
    state = sitting(now=now, **changes)
    for number in range(1, cases + 1):
        book(state, request(f"N-{number}"), now + timedelta(seconds=number))
    return state


_numbers = count(1)


def act(actor: Actor, details: dict[str, Any] | None = None, message_id: str | None = None) -> Act:
    """The message that carries an act, with an id of its own."""
    return Act(actor=actor, message_id=message_id or f"message-{next(_numbers)}", details=details or {})


def do(state: ProcessState, name: str, actor: Actor, now: datetime, /, **details: Any) -> None:  # noqa: ANN401 - any act's
    """Do an act, by whichever rules the process has."""
    if isinstance(state, JourneyState):
        journeys.perform(state, name, act(actor, details), now)
    elif isinstance(state, SittingState):
        sittings.perform(state, name, act(actor, details), now)


def refusal_of(wanted: Callable[[], object]) -> Refused:
    """The refusal that something must end in."""
    try:
        wanted()
    except Refused as refused:
        return refused
    msg = "it was not refused"
    raise AssertionError(msg)


def refused(state: ProcessState, name: str, actor: Actor, now: datetime, /, **details: Any) -> Refused:  # noqa: ANN401
    """The refusal of an act, after making sure that it left the state byte for byte as it was."""
    before = state.model_dump_json()
    refusal = refusal_of(lambda: do(state, name, actor, now, **details))
    assert state.model_dump_json() == before
    return refusal


def escalate(state: ProcessState, now: datetime, message: object = None) -> None:
    """Send the escalation signal, by default the one that Carol types into the Temporal UI."""
    said = message if message is not None else {"staff": "carol", "post": "head_of_service", "reason": "It takes long."}
    if isinstance(state, JourneyState):
        journeys.escalate(state, said, now)
    elif isinstance(state, SittingState):
        sittings.escalate(state, said, now)


@dataclass
class Office:
    """Journeys and sittings side by side: what one has for the other is delivered at once, as the workflows would."""

    journeys: dict[str, JourneyState] = field(default_factory=dict)
    sittings: dict[str, SittingState] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    rota: dict[str, dict[date, str]] = field(default_factory=dict)
    claims: dict[tuple[str, int], Claim] = field(default_factory=dict)
    council: Council = HILLINGDON

    def everything(self) -> Iterator[ProcessState]:
        """Every process."""
        yield from list(self.journeys.values())
        yield from list(self.sittings.values())

    def refer(self, sent: Referral, now: datetime = THURSDAY, actor: Actor = AMIRA) -> JourneyState:
        """Start a journey."""
        begins = start(sent, actor, self.council).model_copy(update={"rota": self.rota})
        require_acceptable(begins, now)
        state = self.journeys[begins.process_id] = begin(begins, now)
        self.settle(now)
        return state

    def act(self, state: ProcessState, name: str, actor: Actor, now: datetime, /, **details: Any) -> None:  # noqa: ANN401
        """Do an act, and let everything that follows from it happen."""
        do(state, name, actor, now, **details)
        self.settle(now)

    def sitting_on(self, on: date, now: datetime, forum: str = "harp") -> SittingState:
        """The sitting of a day; planned now when nobody asked for it before."""
        name = f"sitting/hillingdon/{forum}/{on}"
        if name not in self.sittings:
            self.sittings[name] = sitting(on, now, forum, self.rota.get(forum, {}).get(on), self.council)
        return self.sittings[name]

    def advance(self, to: datetime) -> None:
        """Let every clock ring on the way to a moment, in the order in which they ring."""
        for _ in range(10_000):
            ringing = [s.next_event for s in self.everything() if s.next_event is not None and s.next_event <= to]
            if not ringing:
                return
            now = min(ringing)
            for state in self.everything():
                if isinstance(state, JourneyState):
                    journeys.run_clocks(state, now)
                elif isinstance(state, SittingState):
                    sittings.run_clocks(state, now)
            self.settle(now)
        msg = "the clocks never come to rest"
        raise AssertionError(msg)

    def settle(self, now: datetime) -> None:
        """Deliver, book and record until nobody has anything left to say."""
        for _ in range(1_000):
            if not any([self._round(now), self._book(now)]):
                return
        msg = "the processes never come to rest"
        raise AssertionError(msg)

    def _round(self, now: datetime) -> bool:
        moved = False
        for state in self.everything():
            self.entries += state.unrecorded
            state.unrecorded = []
            said, state.undelivered = state.undelivered, []
            for message in said:
                moved = True
                to = self.journeys.get(message.to)
                if message.news is not None and to is not None:
                    take_news(to, message.news, now)
                there = self.sittings.get(message.to)
                if message.release is not None and there is not None:
                    release(there, message.release, now)
            if isinstance(state, JourneyState) and state.onward:
                moved = True
                for begins in state.onward:
                    self.journeys.setdefault(begins.process_id, begin(begins, now))
                state.onward = []
        return moved

    def _book(self, now: datetime) -> bool:
        moved = False
        for state in list(self.journeys.values()):
            if state.asking is not None:
                moved = True
                answered(state, self.ask(state, now), now)
            if state.claiming is not None:
                moved = True
                claim_answered(state, state.claiming, self.claim(state, state.claiming), now)
        return moved

    def claim(self, state: JourneyState, asked: Claim) -> Decimal:
        """Count a claim on a running total, and say what was claimed of it earlier."""
        if self.claims.get((state.process_id, asked.round)) != asked:
            self.claims.pop((state.process_id, asked.round), None)
            self.claims[state.process_id, asked.round] = asked
        earlier = list(self.claims).index((state.process_id, asked.round))
        same = (asked.total, asked.of, asked.window)
        before = [one for one in list(self.claims.values())[:earlier] if (one.total, one.of, one.window) == same]
        return sum((one.amount for one in before), Decimal(0))

    def ask(self, state: JourneyState, now: datetime) -> BookingAnswer:
        """Ask the sitting that a journey wants for a place."""
        assert state.asking is not None
        there = self.sitting_on(state.asking.sitting, now, state.asking.forum)
        wanted = booking_request(state)
        answer = book(there, wanted, now)
        remember(there, wanted.message_id)
        return answer


class Placed(NamedTuple):
    """A journey in some stage, the office that it is in, and the moment."""

    office: Office
    journey: JourneyState
    now: datetime


def journey_at(stage: Stage, **changes: Any) -> Placed:  # noqa: ANN401 - as `referral`
    """A journey that came to a stage by acts. It was endorsed too late for the panel of the 11th."""
    office = Office()
    if stage is Stage.AWAITING_DECISION:
        changes = {**PACKAGE, **changes}
    state = office.refer(referral(**changes))
    placed = Placed(office, state, THURSDAY)
    for then, step in _STEPS[stage]:
        placed = placed._replace(now=then)
        step(placed)
    assert state.stage is stage
    return placed


Step = Callable[[Placed], None]


def _acts(name: str, actor: Actor, **details: Any) -> Step:  # noqa: ANN401 - any act's details
    return lambda placed: placed.office.act(placed.journey, name, actor, placed.now, **details)


def _fills(on: date) -> Step:
    def fill(placed: Placed) -> None:
        there = placed.office.sitting_on(on, placed.now)
        for number in range(1, 11):
            book(there, request(f"N-{number}", emergency=True), placed.now)

    return fill


def _endorses_quietly(placed: Placed) -> None:
    do(placed.journey, JourneyAct.ENDORSE, HELEN, placed.now)


def _is_heard(placed: Placed) -> None:
    there = placed.office.sitting_on(SECOND_PANEL, placed.now)
    open_sitting(placed.office, there, placed.now)
    placed.office.act(there, SittingAct.HEAR, PAT, placed.now, case=placed.journey.referral.referral_ref)


def open_sitting(office: Office, there: SittingState, now: datetime, chair: Actor = CAROL) -> None:
    """Open a sitting with a chair, two more Heads of Service and the administrator."""
    others = [one for one in (CAROL, DEV, ESI) if one != chair]
    room = [one.model_dump() for one in (chair, *others, PAT)]
    office.act(there, SittingAct.OPEN_SITTING, PAT, now, chair=chair.model_dump(), present=room)


def _is_decided(**decision: Any) -> Step:  # noqa: ANN401 - any decision
    def decide(placed: Placed) -> None:
        there = placed.office.sitting_on(SECOND_PANEL, placed.now)
        whole = {"case": placed.journey.referral.referral_ref, "rationale": "Weighed.", **decision}
        placed.office.act(there, SittingAct.RECORD_DECISION, PAT, placed.now, **whole)

    return decide


NEW_ACTION: dict[str, Any] = {"what": "Find a carer", "owner": {"post": "social_worker"}, "due": "2031-03-28"}
_SIGNED: list[tuple[datetime, Step]] = [(THURSDAY, _acts("sign_off", TOM))]
_LISTED = [*_SIGNED, (PAST_NOON, _acts("endorse", HELEN))]
_HEARD = [*_LISTED, (at("2031-03-18 10:00"), _is_heard)]
_DECISION_AT = at("2031-03-18 10:15")
_STEPS: dict[Stage, list[tuple[datetime, Step]]] = {
    Stage.AWAITING_SIGN_OFF: [],
    Stage.RETURNED: [(THURSDAY, _acts("return_for_changes", TOM, reasons="Say more."))],
    Stage.AWAITING_ENDORSEMENT: _SIGNED,
    Stage.AWAITING_LISTING: [*_SIGNED, (PAST_NOON, _endorses_quietly)],
    Stage.LISTED: _LISTED,
    Stage.RESERVED: [(THURSDAY, _fills(SECOND_PANEL)), *_LISTED],
    Stage.AT_PANEL: _HEARD,
    Stage.DEFERRED: [
        (THURSDAY, _fills(date(2031, 4, 1))),
        *_HEARD,
        (_DECISION_AT, _is_decided(decision="defer", missing=["Risk assessment"], to_sitting="2031-04-01")),
    ],
    Stage.AWAITING_DECISION: _SIGNED,
    Stage.ACTIONS_OPEN: [*_HEARD, (_DECISION_AT, _is_decided(decision="approve", actions=[NEW_ACTION]))],
    Stage.UNDER_REVIEW: [*_HEARD, (_DECISION_AT, _is_decided(decision="approve", review_on="2031-09-16"))],
    Stage.CLOSED: [*_HEARD, (_DECISION_AT, _is_decided(decision="decline"))],
}


def sitting_at(stage: SittingStage) -> tuple[SittingState, datetime]:
    """A sitting of the 11th that came to a stage by acts, with three cases; in a closed one a sheet waits."""
    state = sitting_with(3)
    office = Office(sittings={state.process_id: state})
    now = THURSDAY
    if stage in (SittingStage.CLOSED_FOR_SUBMISSIONS, SittingStage.IN_SESSION, SittingStage.CLOSED):
        now = at("2031-03-11 09:30")
        office.advance(now)
    if stage in (SittingStage.IN_SESSION, SittingStage.CLOSED):
        open_sitting(office, state, now)
        office.act(state, SittingAct.HEAR, PAT, now, case="N-1")
        office.act(state, SittingAct.RECORD_DECISION, PAT, now, case="N-1", decision="decline", rationale="No.")
    match stage:
        case SittingStage.IN_SESSION:
            office.act(state, SittingAct.HEAR, PAT, now, case="N-2")
        case SittingStage.CLOSED:
            office.act(state, SittingAct.CLOSE_SITTING, PAT, now)
        case SittingStage.POSTPONED:
            office.act(state, SittingAct.POSTPONE, PAT, now, to="2031-03-12")
        case SittingStage.CANCELLED:
            office.act(state, SittingAct.CANCEL, PAT, now)
        case SittingStage.PLANNED | SittingStage.CLOSED_FOR_SUBMISSIONS:
            pass
    assert state.stage is stage
    return state, now
