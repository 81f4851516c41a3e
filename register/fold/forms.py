"""What a journey's form says: team, kind of request, money, and the child. It comes with the referral and its changes.

Read models keep no more of it than they need. A later amendment says only what changed, so the form as it stands is
made anew from the referral and every amendment.
"""

from typing import Any

from pydantic import ValidationError

from models.errors import Refused
from models.referral import Referral
from models.vocabulary import JourneyAct
from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_day, as_pence, as_unit, short
from register.read_models import CHILD_PROCESS, COST, JOURNEY, PROCESS
from rules.journeys.referring import amended

Form = dict[str, Any]
OF_THE_FORM = (JourneyAct.REFER, JourneyAct.AMEND)
ALLOWED_OR_DECLINED = frozenset({"approved", "approved_with_conditions", "ratified", "declined", "not_ratified"})


def fold(matter: Matter, event: Happened) -> None:
    """Take what a referral or an amendment says.

    Args:
        matter: A journey.
        event: The next event of it; any but a referral and an amendment change nothing.
    """
    if event.what not in OF_THE_FORM or event.erased or not (event.accepted and event.is_deed):
        return
    if event.what == JourneyAct.REFER:
        matter.form = None
        _take(matter, event.details)
        return
    before = matter.form or _as_it_was(matter, event.position)
    if before is not None:
        matter.form = _after(before, event)
        _take(matter, matter.form.model_dump(mode="json"))


def _as_it_was(matter: Matter, before: int) -> Referral | None:
    """The form before an event, from the log; `None` when the referral was erased, or is of a shape long gone."""
    form: Referral | None = None
    for event in matter.earlier(OF_THE_FORM, before):
        if event.what == JourneyAct.REFER:
            form = _read(event.details)
        elif form is not None:
            form = _after(form, event)
    return form


def _read(details: Form) -> Referral | None:
    try:
        return Referral.model_validate(details)
    except ValidationError:
        return None


def _after(form: Referral, event: Happened) -> Referral:
    try:
        return amended(form, event.details)
    except Refused:  # of a shape long gone, or erased
        return form


def _take(matter: Matter, form: Form) -> None:
    team, asked = form.get("team") or {}, form.get("request") or {}
    matter.table(PROCESS)[()] = {
        **matter.process,
        "unit": as_unit(team.get("unit")),
        "team": short(team.get("name")) or "",
    }
    journey = matter.table(JOURNEY)[()]
    matter.table(JOURNEY)[()] = {**journey, "request_kind": asked.get("kind") or ""}
    matter.rows[COST] = {(kind,): row for kind, row in _costs(matter, form).items()}
    child = form.get("child")
    matter.rows[CHILD_PROCESS] = {(): _about(matter, child, form)} if child else {}


def _costs(matter: Matter, form: Form) -> dict[str, Row]:
    weekly, once = form.get("costs") or {}, form.get("money")
    found = {
        kind: _cost(matter, kind, weekly_pence=as_pence(weekly.get(kind)))
        for kind in ("present", "proposed", "difference")
        if weekly.get(kind) is not None
    }
    if once:
        found["once"] = _cost(
            matter, "once", once_pence=as_pence(once.get("amount")), heading=short(once.get("heading"), 200)
        )
    return found


def _cost(matter: Matter, kind: str, **amounts: int | str | None) -> Row:
    return {
        "process_id": matter.process_id,
        "kind": kind,
        "council": matter.council,
        "forum": "",
        "unit": "",
        "weekly_pence": None,
        "once_pence": None,
        "heading": None,
        "decided": None,
        "at": matter.table(JOURNEY)[()]["referred_at"],
        **amounts,
    }


def _about(matter: Matter, child: Form, form: Form) -> Row:
    before = matter.table(CHILD_PROCESS).get((), {})
    looked_after = bool((form.get("circumstances") or {}).get("legal_status"))
    return {
        "process_id": matter.process_id,
        "council": matter.council,
        "child_ref": child.get("reference") or matter.process["child_ref"] or "",
        "date_of_birth": as_day(child.get("date_of_birth")),
        "looked_after": looked_after or before.get("looked_after", False),
    }


def finish(matter: Matter) -> None:
    """Bring what the form asked for in line with what was decided of it.

    Args:
        matter: A journey, after its events.
    """
    process = matter.process
    decisions = matter.standing.get("decisions", {})
    latest = max(decisions, key=int, default=None)
    record = decisions.get(latest, {})
    outcome = (record.get("decided") or {}).get("decision")
    decided = outcome if outcome in ALLOWED_OR_DECLINED and not record.get("recommends") else None
    for key, row in matter.table(COST).items():
        matter.table(COST)[key] = {**row, "forum": process["forum"], "unit": process["unit"], "decided": decided}
