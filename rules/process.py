"""What every process does alike: take an act once, and keep its register."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from models.acts import Act
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import WorkingCalendar
from models.process import Delivery, Entry, Event, NewsKind, Notice, NotStarted, ProcessState
from rules.authority import require_authority, system
from rules.moves import Moves
from rules.working_days import local

RECENT = 20
"""How many events a view shows; all of them are in the register."""
ANSWERED = 2_000
"""How many message ids a process remembers: far more than any client retries."""

S = TypeVar("S", bound=ProcessState)
D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True)
class ActRule(Generic[S, D]):
    """One act: the shape of its details, what refuses it, and what it does.

    `check` only reads and may raise `Refused`; `apply` changes the state and cannot fail. `possible` says what the
    stage alone does not: whether there is anything to do the act to.
    """

    details: type[D]
    check: Callable[[S, D, Actor, datetime], None]
    apply: Callable[[S, D, Actor, datetime], None]
    possible: Callable[[S], bool] = lambda _state: True


ActRules = Mapping[str, ActRule[S, Any]]


RENEWED_AHEAD = timedelta(days=370)
"""How long before its last day a calendar is renewed: more than any date that a procedure counts ahead."""


def calendar_runs_out(state: ProcessState, now: datetime) -> bool:
    """Whether a process needs days off of later years than its calendar has.

    Args:
        state: The process.
        now: UTC.
    """
    return local(now).date() + RENEWED_AHEAD > state.calendar.until


def renew_calendar(state: ProcessState, calendar: WorkingCalendar, now: datetime) -> None:
    """Carry on under a later calendar, on the record; what is already due stays due when it is.

    Args:
        state: The process.
        calendar: The days off of the years to come.
        now: UTC.
    """
    state.calendar = calendar
    note(state, now, "calendar_renewed", system(state.procedure), text=str(calendar.until))


def nothing_more(_state: ProcessState, _details: BaseModel, _actor: Actor, _now: datetime) -> None:
    """The check of an act that only its post and stage can refuse."""


def note(  # noqa: PLR0913 - an entry has that many parts
    state: ProcessState,
    now: datetime,
    what: str,
    actor: Actor,
    *,
    cites: tuple[str, ...] = (),
    details: Mapping[str, Any] | None = None,
    notices: tuple[Notice, ...] = (),
    code: RefusalCode | None = None,
    text: str | None = None,
    repeats: bool = False,
) -> None:
    """Write one entry for the register and one event for the timeline.

    Args:
        state: The process.
        now: UTC.
        what: The act or event.
        actor: Who did it.
        cites: Rule ids.
        details: What was said, as plain data; goes to the register only.
        notices: Who is told.
        code: Why it was refused; `None` when it was accepted.
        text: A short text of references and codes for the timeline.
        repeats: Another process has it on its record: it is written with the next entry, which comes soon.
    """
    state.sequence += 1
    event = Event(
        sequence=state.sequence,
        at=now,
        what=what,
        post=actor.post,
        staff=actor.staff,
        accepted=code is None,
        code=code,
        note=text,
        on_behalf_of=actor.on_behalf_of,
    )
    state.unrecorded.append(
        Entry(
            **event.model_dump(exclude={"note"}),
            process_id=state.process_id,
            cites=cites,
            procedure_version=state.procedure.version,
            details=dict(details or {}),
            notices=notices,
            repeats=repeats,
        )
    )
    state.recent.append(event)
    del state.recent[:-RECENT]


def not_taken(
    state: ProcessState, sent: Iterable[Delivery], nobody: Collection[str], now: datetime, post: str | None = None
) -> list[Delivery]:
    """Put on record, once for each process, that what it was told found it over; of a word, somebody is told.

    A place that is given back, a sheet that is approved after its case was closed, and a placement on the word of a
    case that is closed since, say nothing that matters there.

    Args:
        state: The sender.
        sent: Its messages.
        nobody: The processes that took none.
        now: UTC.
        post: Whose move it is with the sender.

    Returns:
        The messages that mattered and were not taken.
    """
    lost = [one for one in sent if one.to in nobody and _matters(one)]
    for process in dict.fromkeys(one.to for one in lost):
        said = any(one.word is not None for one in lost if one.to == process)
        told = (Notice(post=post, subject="not_taken"),) if post is not None and said else ()
        note(state, now, "not_taken", system(state.procedure), notices=told, text=process)
    return lost


def _matters(delivery: Delivery) -> bool:
    approved = delivery.news is not None and delivery.news.kind is NewsKind.APPROVED
    of_a_placement = delivery.word is not None and delivery.to.startswith("journey/")
    return delivery.release is None and not approved and not of_a_placement


def not_started(state: ProcessState, refused: NotStarted, now: datetime, notices: tuple[Notice, ...] = ()) -> None:
    """Put on record that something could not begin.

    Args:
        state: Who wished to begin it.
        refused: What, and why.
        now: UTC.
        notices: Who is to do it by hand.
    """
    by = system(state.procedure)
    said = {"sentence": refused.sentence}
    note(state, now, "not_started", by, details=said, notices=notices, code=refused.code, text=refused.process_id)


def read_details(shape: type[D], details: Mapping[str, Any]) -> D:
    """The details of an act in their shape.

    Args:
        shape: What the act takes.
        details: What came.

    Raises:
        Refused: `incomplete` when something is missing, `invalid` when something is wrong. The sentence names the
            fields, never what was in them.
    """
    try:
        return shape.model_validate(details)
    except ValidationError as error:
        raise refusal_of(error) from None


def refusal_of(error: ValidationError) -> Refused:
    """A validation error as one sentence that names the fields and not their contents.

    Args:
        error: What pydantic found.
    """
    faults = [
        (_field_of(fault["loc"]), fault["type"], fault["msg"])
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    only_missing = all(kind == "missing" for _, kind, _ in faults)
    said = "; ".join(f"{where}: {message[0].lower()}{message[1:]}" for where, _, message in faults[:5])
    return Refused(
        RefusalCode.INCOMPLETE if only_missing else RefusalCode.INVALID,
        f"{'Missing' if only_missing else 'Not understood'}: {said}.",
        "Correct these fields and send it again; `starter.py schema` prints what is expected.",
    )


def _field_of(where: tuple[int | str, ...]) -> str:
    """The name of a field; what somebody typed in its place is not repeated unless it looks like one."""
    parts = [str(part) if re.fullmatch(r"[A-Za-z0-9_.]{1,40}", str(part)) else "a field" for part in where]
    return ".".join(parts) or "the whole"


def possible_acts(state: Any, moves: Moves, rules: Mapping[str, ActRule[Any, Any]]) -> list[str]:  # noqa: ANN401 - any state with a `stage`
    """The moves that are legal now, whoever may make them.

    Args:
        state: The process.
        moves: Its machine.
        rules: Its acts.
    """
    return [name for name in moves.legal(state.stage) if name not in rules or rules[name].possible(state)]


def require_legal(state: Any, name: str, moves: Moves, rules: Mapping[str, ActRule[Any, Any]]) -> None:  # noqa: ANN401 - any state with a `stage`
    """Refuse a move that the present stage does not allow.

    Args:
        state: The process.
        name: The act.
        moves: Its machine.
        rules: Its acts.

    Raises:
        Refused: `illegal_move`, with what is possible instead.
    """
    legal = [move for move in possible_acts(state, moves, rules) if move in rules or move == name]
    if name not in legal:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{name.replace('_', ' ').capitalize()} is not possible while this is {state.stage.replace('_', ' ')}.",
            f"Possible now: {', '.join(legal) or 'nothing more'}.",
        )


def check_act(  # noqa: PLR0913 - all that an act is judged by
    state: S, name: str, act: Act, now: datetime, *, rules: ActRules[S], moves: Moves, unit: str
) -> BaseModel | None:
    """Judge an act without doing it: authority first, then the stage, then what it says.

    Args:
        state: The process; only read.
        name: The act's name.
        act: Who, and what it says.
        now: UTC.
        rules: The process's acts.
        moves: Its machine.
        unit: The unit that answers for it.

    Returns:
        The details in their shape; `None` when this message was already taken.

    Raises:
        Refused: With code, sentence and remedy.
    """
    if message_key(name, act.message_id) in state.answered:
        return None
    require_authority(state.procedure, name, act.actor, unit, state.forum_key)
    require_legal(state, name, moves, rules)
    rule = rules[name]
    details: BaseModel = read_details(rule.details, act.details)
    rule.check(state, details, act.actor, now)
    return details


def perform(  # noqa: PLR0913 - all that an act is judged by
    state: S, name: str, act: Act, now: datetime, *, rules: ActRules[S], moves: Moves, unit: str, judged: bool = False
) -> bool:
    """Judge an act and do it.

    Args:
        state: The process.
        name: The act's name.
        act: Who, and what it says.
        now: UTC.
        rules: The process's acts.
        moves: Its machine.
        unit: The unit that answers for it.
        judged: Whether `check_act` let it pass at this very moment.

    Returns:
        Whether anything was done: a message that was already taken is answered and does nothing.

    Raises:
        Refused: With code, sentence and remedy; the state is as it was.
    """
    if not judged:
        check_act(state, name, act, now, rules=rules, moves=moves, unit=unit)
    key, rule = message_key(name, act.message_id), rules[name]
    if key in state.answered:
        return False
    rule.apply(state, read_details(rule.details, act.details), act.actor, now)
    remember(state, key)
    return True


def message_key(act: str, message_id: str) -> str:
    """What makes a message the same one: its id, for the same act.

    Args:
        act: The act.
        message_id: The id that its sender gave.
    """
    return f"{act}:{message_id}"


def remember(state: ProcessState, message_id: str) -> None:
    """Keep a message id, so that the same message does nothing more.

    Args:
        state: The process.
        message_id: The message.
    """
    state.answered[message_id] = state.sequence
    while len(state.answered) > ANSWERED:
        del state.answered[next(iter(state.answered))]


def shown(state: ProcessState) -> dict[str, Any]:
    """What a view shows of every process, as it is kept.

    Args:
        state: The process.
    """
    return {
        "process": state.process_id,
        "council": state.procedure.key,
        "forum": state.forum_key,
        "procedure_version": state.procedure.version,
        "stage_since": state.stage_since,
        "overdue": state.overdue,
        "escalated": state.escalated,
        "next_deadline": state.next_deadline,
        "clocks": state.clocks,
        "escalations": state.escalations,
        "recent": state.recent,
    }
