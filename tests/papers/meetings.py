"""Meetings, cases and decisions as the register would read them, with defaults: for tests of what papers say."""

from datetime import UTC, date, datetime
from typing import Any

from models.vocabulary import SittingStage
from papers.content import Meeting
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.reading.decisions import Attached, Case, Signed
from register.reading.sitting_parts import By, Decided, Hearing, Line, Person
from register.reading.sittings import Sitting

ON = date(2031, 3, 11)
STARTS = datetime(2031, 3, 11, 9, 30, tzinfo=UTC)
EARLIER = datetime(2031, 3, 5, 10, tzinfo=UTC)
PAT = By(staff="pat", post="panel_administrator", at=STARTS)
CAROL = By(staff="carol", post="head_of_service", at=datetime(2031, 3, 12, 9, tzinfo=UTC))
AMIRA = By(staff="amira", post="social_worker", at=EARLIER)
FORM: dict[str, Any] = {
    "request": {"kind": "accommodation", "legal_section": "section 20", "funding": True, "summary": "Accommodation."},
    "costs": {"present": "0.00", "proposed": "480.00", "difference": "480.00"},
    "team": {"name": "Team 3", "unit": "children in need"},
    "documents": ["Access to resource panel form"],
}


def a_line(number: int = 1, **changes: Any) -> Line:  # noqa: ANN401 - as the shape has it
    """A case that is listed."""
    referral = changes.pop("referral_ref", f"HARP-{number}")
    whole = {
        "number": number,
        "referral_ref": referral,
        "child_ref": f"C-{number}",
        "journey": f"journey/hillingdon/{referral}",
        "state": "listed",
        "slot": STARTS,
        "documents": ("Access to resource panel form",),
        "criteria": ("HIL-004",),
        "invited": ("Allocated worker",),
    }
    return Line.model_validate({**whole, **changes})


def a_case(number: int = 1, **changes: Any) -> Case:  # noqa: ANN401 - as the shape has it
    """A case whose form was signed."""
    whole = {
        "journey": f"journey/hillingdon/HARP-{number}",
        "referral_ref": f"HARP-{number}",
        "child_ref": f"C-{number}",
        "forum": "harp",
        "unit": "children in need",
        "team": "Team 3",
        "priority": "normal",
        "form": FORM,
        "form_version": 1,
        "form_at": AMIRA,
        "signatures": (Signed(act="sign_off", by=AMIRA.model_copy(update={"staff": "tom"}), form_version=1),),
        "papers": (Attached(name="Access to resource panel form", version=1, by=AMIRA),),
        "missing": (),
        "missing_information": (),
        "flags": (),
        "criteria": ("HIL-004",),
        "decisions": (),
        "review_on": None,
        "position": 4,
        "last_at": EARLIER,
    }
    return Case.model_validate({**whole, **changes})


def a_decision(case: str = "HARP-1", **changes: Any) -> Decided:  # noqa: ANN401 - as the shape has it
    """An approval, not approved by the chair yet."""
    whole = {"case": case, "by": PAT, "decision": "approved", "rationale": "It is safe.", "legal_section": "section 20"}
    return Decided.model_validate({**whole, **changes})


def a_hearing(case: str = "HARP-1", **changes: Any) -> Hearing:  # noqa: ANN401 - as the shape has it
    """A case that was called before carol, dev and esi."""
    whole = {"case": case, "at": STARTS, "chair": "carol", "panel": ("carol", "dev", "esi")}
    return Hearing.model_validate({**whole, **changes})


def a_meeting(*lines: Line, cases: tuple[Case, ...] | None = None, forum: str = "harp", **changes: Any) -> Meeting:  # noqa: ANN401 - as the shape has it
    """A HARP of the 11th, planned, with one case unless others are given."""
    council = changes.pop("council", "hillingdon")
    on = lines or (a_line(),)
    whole = {
        "process_id": f"sitting/{council}/{forum}/{ON}",
        "council": council,
        "forum": forum,
        "on": ON,
        "starts": STARTS,
        "ends": datetime(2031, 3, 11, 12, tzinfo=UTC),
        "cut_off": datetime(2031, 3, 7, 12, tzinfo=UTC),
        "venue": None,
        "stage": SittingStage.PLANNED,
        "chair": "carol",
        "capacity": 10,
        "procedure_version": "2022-02",
        "lines": on,
        "present": (),
        "apologies": (),
        "interests": (),
        "empty_seats": (),
        "flags": (),
        "learning": (),
        "hearings": {},
        "decisions": {},
        "opened": None,
        "closed": None,
        "called_off": None,
        "carried": {},
        "circulated": None,
        "minutes": None,
        "minutes_recorded": None,
        "minutes_named": None,
        "minutes_approved": None,
        "position": 7,
        "last_at": EARLIER,
    }
    procedure = load_council(council)
    sitting = Sitting.model_validate({**whole, **changes})
    known = [a_case(line.number) for line in on] if cases is None else list(cases)
    return Meeting(
        council=procedure,
        forum=procedure.forums[forum],
        calendar=working_calendar(council, 2030),
        sitting=sitting,
        cases={case.referral_ref: case for case in known},
    )


def a_decided_meeting(*decisions: Decided, **changes: Any) -> Meeting:  # noqa: ANN401 - as the shape has it
    """A HARP of the 11th that was opened and has decided its cases."""
    made = decisions or (a_decision(),)
    numbers = {one.case: int(one.case.removeprefix("HARP-")) for one in made}
    whole: dict[str, Any] = {
        "stage": SittingStage.CLOSED,
        "opened": PAT,
        "closed": PAT,
        "present": tuple(Person(staff=staff, post="head_of_service") for staff in ("carol", "dev", "esi")),
        "hearings": {one.case: a_hearing(one.case) for one in made},
        "decisions": {one.case: one for one in made},
    }
    return a_meeting(*(a_line(number, state="decided") for number in numbers.values()), **{**whole, **changes})
