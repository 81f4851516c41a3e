"""Escalation: a person with the post for it, or a breached clock, brings a process to people's eyes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from models.acts import Act, MaybeReasoned, Reasoned
from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from models.process import EscalationNote, Notice, ProcessState
from models.vocabulary import Priority
from rules.authority import next_up, require_authority, system
from rules.process import message_key, note, read_details, remember

NOTES_KEPT = 20
ESCALATE = "escalate"
FLAT = ("staff", "post", "council", "unit")


def read_signal(message: object, council: Council) -> Act:
    """An escalation as it came: as the command line sends it, or typed as plain JSON into the Temporal UI.

    The plain form is `{"staff": ..., "post": ..., "reason": ...}`; the council is the process's own when left out.

    Args:
        message: Anything.
        council: The procedure of the process.

    Raises:
        Refused: `invalid` when it is neither.
    """
    if isinstance(message, dict):
        body: dict[str, Any] = {str(key): value for key, value in message.items()}
        if "staff" in body:
            actor = {"council": council.key, **{key: body.pop(key) for key in FLAT if key in body}}
            body = {"actor": actor, "message_id": body.pop("message_id", None), "details": body}
        try:
            return Act.model_validate({**body, "message_id": body.get("message_id") or "unnumbered"})
        except ValidationError:
            pass
    raise Refused(
        RefusalCode.INVALID,
        "The escalation could not be read.",
        'Send {"staff": "...", "post": "head_of_service", "reason": "..."}.',
    )


def take_signal(state: ProcessState, message: object, now: datetime, unit: str, waiting_on: str | None) -> None:
    """Take an escalation signal. It never raises: a malformed or unentitled one is recorded as refused.

    Args:
        state: The process.
        message: Whatever the signal carried.
        now: UTC.
        unit: The unit that answers for the process.
        waiting_on: The post whose move it is.
    """
    actor = system(state.procedure)
    try:
        act = read_signal(message, state.procedure)
        actor = act.actor
        if message_key(ESCALATE, act.message_id) in state.answered:
            return
        require_authority(state.procedure, ESCALATE, actor, unit, state.forum_key)
        reasons = read_details(Reasoned, act.details).reasons
    except Refused as refused:
        note(state, now, ESCALATE, actor, code=refused.code, text=refused.sentence)
        return
    raise_by(state, actor, reasons, now, waiting_on)
    if act.message_id != "unnumbered":
        remember(state, message_key(ESCALATE, act.message_id))


def raise_by(state: ProcessState, actor: Actor, reasons: str, now: datetime, waiting_on: str | None) -> None:
    """A person escalates: priority rises, and the post whose move it is and the next one up are told.

    Args:
        state: The process.
        actor: Who escalates.
        reasons: Why; goes to the register, not to notices.
        now: UTC.
        waiting_on: The post whose move it is.
    """
    told = _posts((waiting_on, next_up(state.procedure, waiting_on) if waiting_on else None))
    _raise(state, actor, reasons, now, told, None)


def raise_by_clock(state: ProcessState, clock: Clock, now: datetime, posts: Iterable[str | None]) -> None:
    """A breached clock escalates by itself.

    Args:
        state: The process.
        clock: The clock.
        now: UTC.
        posts: Who is told.
    """
    _raise(state, system(state.procedure), f"{clock.name} was due", now, _posts(posts), clock.name)


def acknowledge(state: ProcessState, actor: Actor, now: datetime) -> None:
    """Somebody takes up every open escalation.

    Args:
        state: The process.
        actor: Who.
        now: UTC.
    """
    state.escalations = [
        item
        if item.acknowledged_at
        else item.model_copy(update={"acknowledged_at": now, "acknowledged_by": actor.staff})
        for item in state.escalations
    ]


def check_acknowledge(state: ProcessState, _details: MaybeReasoned, _actor: Actor, _now: datetime) -> None:
    """There is something to take up."""
    if not state.escalated:
        raise Refused(RefusalCode.ILLEGAL_MOVE, "Nothing is escalated here.", "Nothing needs to be acknowledged.")


def apply_acknowledge(state: ProcessState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """Take it up; the people who escalated are told."""
    still_open = (item for item in state.escalations if item.acknowledged_at is None)
    by = dict.fromkeys((item.post, item.staff) for item in still_open if item.post in state.procedure.posts)
    acknowledge(state, actor, now)
    told = tuple(Notice(post=post, staff=staff, subject="escalation_acknowledged") for post, staff in by)
    note(state, now, "acknowledge_escalation", actor, details={"reasons": details.reasons}, notices=told)


def resolve(state: ProcessState, clock: str, now: datetime) -> None:
    """What a clock watched is done, or no longer applies: its own escalation needs nobody any more.

    Args:
        state: The process.
        clock: The clock's name.
        now: UTC.
    """
    by = system(state.procedure).staff
    state.escalations = [
        item.model_copy(update={"acknowledged_at": now, "acknowledged_by": by})
        if item.clock == clock and item.acknowledged_at is None
        else item
        for item in state.escalations
    ]


def _posts(posts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(post for post in posts if post))


def _raise(  # noqa: PLR0913 - one private place
    state: ProcessState, actor: Actor, reasons: str, now: datetime, told: tuple[str, ...], clock: str | None
) -> None:
    if state.priority is Priority.NORMAL:
        state.priority = Priority.HIGH
    state.escalations.append(
        EscalationNote(at=now, post=actor.post, staff=actor.staff, reasons=reasons, told=told, clock=clock)
    )
    del state.escalations[:-NOTES_KEPT]
    note(
        state,
        now,
        "clock_breached" if clock else "escalated",
        actor,
        cites=state.procedure.escalation.cites,
        details={"reasons": reasons, "clock": clock},
        notices=tuple(Notice(post=post, subject=f"escalated:{clock or 'by_post'}") for post in told),
        text=clock,
    )
