"""A unit's meeting is planned, prepared and opened: its agenda, chair and attendance (HAC-061 to HAC-064, HAC-077)."""

from datetime import date, datetime
from typing import Any

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice
from models.unit_meeting import OpenMeeting, PrepareAgenda, UnitMeetingState
from models.watch import WatchStart
from rules.process import note
from rules.units.agenda import listed, outsiders, require_reasons, rules, wants_depth, without
from rules.units.moves import MOVES
from rules.units.tasks import watch_tasks
from rules.watches.kinds import started
from rules.working_days import local


def begin(start: WatchStart, said: OpenMeeting, now: datetime) -> UnitMeetingState:
    """Make a meeting: one that the meeting before planned, one that is planned ahead, or one that opens now.

    Args:
        start: What starts it.
        said: Who meets, and about which cases.
        now: UTC.

    Raises:
        Refused: What opening it is refused with.
    """
    unit, _, dated = start.reference.partition("/")
    today = local(now).date()
    on = said.on or (date.fromisoformat(dated) if dated else today)
    state = UnitMeetingState(**started(start, now), on=on, nominal=said.nominal or on)
    state.unit = said.unit or unit
    carried = said.carried if start.came_from is not None else None
    if carried is not None:
        state.cases, state.tasks, state.members = carried.cases, carried.tasks, carried.members
        state.unexplained, state.noted_at, state.numbers = carried.unexplained, carried.noted_at, carried.numbers
        watch_tasks(state, now)
    state.facts = {"meeting.opened": False, "meeting.planned": start.came_from is not None or on > today}
    if state.facts["meeting.planned"]:
        _prepared(state, PrepareAgenda(cases=said.cases, invited=said.invited, papers=said.papers), now)
        state.facts = {**state.facts, "meeting.agenda_ready": bool(said.cases)}
        return state
    check_open(state, said, start.actor, now)
    take_open(state, said, start.actor, now)
    return state


def _prepared(state: UnitMeetingState, said: PrepareAgenda, now: datetime) -> None:
    state.cases = listed(state.cases, said.cases, state.on)
    if said.papers:
        state.facts = {**state.facts, "meeting.papers_ready": True}
    state.facts = {**state.facts, "meeting.agenda_ready": True}
    asked = outsiders(state, said.invited)
    if said.invited:
        before = int(state.facts.get("meeting.invited", 0))
        state.facts = {**state.facts, "meeting.invited": before + len(said.invited)}
    if asked:
        told = tuple(Notice(post=post, subject="invited_to_unit_meeting") for post in asked)
        note(state, now, "invited", state.started_by, cites=rules(state).professionals.cites, notices=told)


def apply_prepare(state: UnitMeetingState, said: PrepareAgenda, actor: Actor, now: datetime) -> None:
    """Put cases on the list, with their minutes, and ask people to come."""
    details = said.model_dump(mode="json", exclude_none=True)
    note(state, now, "prepare_agenda", actor, cites=rules(state).cites, details=details)
    _prepared(state, said, now)


def check_open(state: UnitMeetingState, said: OpenMeeting, actor: Actor, now: datetime) -> None:
    """It is the day, somebody entitled chairs, and everybody of the unit is there or accounted for."""
    if state.on > local(now).date():
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "The meeting is on a later day.",
            "Open it on its day; the agenda can be prepared until then.",
            rules(state).cites[0],
        )
    _require_chair(state, said, actor)
    _require_everybody(state, said, actor)
    require_reasons(said.left, rules(state).undiscussed.cites[0])


def chair_of(state: UnitMeetingState, said: OpenMeeting, actor: Actor) -> tuple[str | None, str | None]:
    """Who chairs, by reference, and the post; nobody named: whoever opens it, or is there, in the chair's post.

    Args:
        state: The meeting.
        said: Who is there.
        actor: Who opens it.
    """
    post = rules(state).chairing.post
    if isinstance(said.chair, Actor):
        return said.chair.staff, said.chair.post
    if said.chair is not None:
        return (None, said.chair) if said.chair in state.procedure.posts else (said.chair, None)
    people = [actor, *(one for one in said.present if isinstance(one, Actor))]
    return next(((one.staff, one.post) for one in people if one.post == post), (None, None))


def _require_chair(state: UnitMeetingState, said: OpenMeeting, actor: Actor) -> None:
    chairing = rules(state).chairing
    _, post = chair_of(state, said, actor)
    if post is None or post == chairing.post:
        return
    if post not in chairing.in_absence:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "This post does not chair a unit's meeting.",
            "The Consultant Social Worker chairs; in their absence another member of the unit, or the Group Manager.",
            chairing.cites[0],
        )
    there = any(isinstance(one, Actor) and one.post == chairing.post for one in said.present)
    if said.chair_reason is None and (there or not said.absent):
        raise Refused(
            RefusalCode.INCOMPLETE,
            "Somebody else chairs than the Consultant Social Worker, and nothing says why.",
            "Say in chair_reason why the Consultant Social Worker cannot chair.",
            chairing.cites[0],
        )


def _who_is_there(state: UnitMeetingState, said: OpenMeeting, actor: Actor) -> tuple[str, ...]:
    people = [one.staff if isinstance(one, Actor) else one for one in said.present]
    chair, _ = chair_of(state, said, actor)
    return tuple(dict.fromkeys([*people, *([chair] if chair else [])]))


def _require_everybody(state: UnitMeetingState, said: OpenMeeting, actor: Actor) -> None:
    members = said.members or state.members
    there = {*_who_is_there(state, said, actor), *(one.staff for one in said.absent)}
    unknown = [one for one in members if one not in there]
    if said.present and unknown:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"{len(unknown)} of the unit are neither present nor absent.",
            "Name everybody of the unit under present or absent; an absence with its reason.",
            rules(state).attendance.cites[0],
        )


def apply_open(state: UnitMeetingState, said: OpenMeeting, actor: Actor, now: datetime) -> None:
    """Open a meeting that was planned."""
    details = said.model_dump(mode="json", exclude_none=True, exclude={"carried", "planned"})
    note(state, now, "open_meeting", actor, cites=rules(state).cites, details=details)
    take_open(state, said, actor, now)


def take_open(state: UnitMeetingState, said: OpenMeeting, actor: Actor, now: datetime) -> None:
    """The meeting is in session: keep who is there and which cases there are, and say who is missing.

    Args:
        state: The meeting, planned so far.
        said: Who is there.
        actor: Who opens it.
        now: UTC.
    """
    _prepared(state, PrepareAgenda(cases=said.cases, invited=said.invited, papers=said.papers), now)
    state.cases = without(state.cases, said.left)
    state.chair, state.chair_post = chair_of(state, said, actor)
    state.members = said.members or state.members
    state.present = _who_is_there(state, said, actor)
    state.facts = {**state.facts, "meeting.opened": True}
    missing = [one.staff for one in said.absent if one.reasons is None]
    if missing:
        state.unexplained = tuple(dict.fromkeys((*state.unexplained, *missing)))
        state.noted_at = state.noted_at or now
        posts = (rules(state).chairing.post, rules(state).attendance_told)
        told = tuple(Notice(post=post, subject="absence_without_reason") for post in posts)
        note(state, now, "absence_noted", actor, cites=rules(state).attendance.cites, notices=told)
    MOVES.fire("open_meeting", state)
    state.stage_since = now


def known_of(state: UnitMeetingState, _now: datetime) -> None:
    """Reckon anew what people see and deadlines ask for: runs after every change.

    Args:
        state: The meeting.
    """
    facts: dict[str, Any] = {
        "meeting.unit": state.unit,
        "meeting.on": state.on.isoformat(),
        "meeting.cases": [one.case for one in state.cases],
        "meeting.undiscussed": [one.case for one in state.undiscussed],
        "meeting.carried": [one.case for one in state.cases if one.carried_over],
        "meeting.in_depth": [one.case for one in state.cases if wants_depth(state, one)],
        "meeting.absences_unexplained": len(state.unexplained),
        "meeting.absence_noted_at": state.noted_at.isoformat() if state.noted_at else None,
        "meeting.tasks_open": len(state.tasks),
        "meeting.chair_known": state.chair_post is not None or state.chair is not None,
        "meeting.substitute": state.chair_post not in (None, rules(state).chairing.post),
    }
    state.facts = {**state.facts, **facts}
