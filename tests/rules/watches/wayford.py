"""An invented council and an invented kind of watch: Wayford lends bicycles, and watches over every loan.

Its kind is called a support package, since the kinds are a closed list; nothing here is a package. Everything happens
in 2031 and later, in Europe/London.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from models.acts import Act, Details, Nothing
from models.data import Weekday
from models.deadlines import Deadline, LawDeadline, Told, WatchRequirement, WatchRules
from models.deciding import Checkpoint
from models.membership import Authority, Post
from models.people import Actor
from models.procedure import Council, Escalation, Forum, Roles, WorkingCalendar
from models.process import Entry, Word
from models.timetable import ListBy, Schedule
from models.watch import WatchedChild, WatchStart, WatchState
from rules.moves import DO_NOT_MOVE, Move, Moves
from rules.process import ActRule, nothing_more
from rules.watches import kernel
from rules.watches.kinds import Kind, WatchAct, earliest_owner, started
from tests.builders import at

CITES = ("WAY-001",)
CHRISTMAS = (date(2031, 12, 25), date(2031, 12, 26), date(2032, 1, 1))
EASTER = (date(2031, 4, 11), date(2031, 4, 14), date(2032, 3, 26), date(2032, 3, 29))
MAY_AND_AUGUST = (date(2031, 5, 5), date(2031, 5, 26), date(2031, 8, 25))
CALENDAR = WorkingCalendar(days_off=(*CHRISTMAS, *EASTER, *MAY_AND_AUGUST), until=date(2040, 12, 31))
POSTS = {
    "clerk": Post(title="Clerk", next_up="manager"),
    "manager": Post(title="Manager", next_up="head"),
    "head": Post(title="Head", next_up="director"),
    "director": Post(title="Director"),
}
MONDAY = at("2031-03-03 09:00")


class LoanStage(StrEnum):
    """Where a loan stands."""

    OUT = "out"
    OVER = "over"


class StartLoan(Details):
    """What starts a loan."""

    since: date | datetime | None = None
    born: date | None = None


class Visit(Details):
    """Somebody looked after the bicycle."""

    sort: str | None = None
    on: date | None = None


class Say(Details):
    """What is so from now on."""

    facts: dict[str, Any]


class LoanState(WatchState):
    """A loan."""

    stage: LoanStage = LoanStage.OUT


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as a watch keeps them: days and instants as ISO text."""
    return {key: one.isoformat() if isinstance(one, date) else one for key, one in facts.items()}


def _begin(start: WatchStart, details: StartLoan, now: datetime) -> LoanState:
    child = WatchedChild(reference="C-1", date_of_birth=details.born) if details.born else None
    facts = plain({"loan.since": details.since}) if details.since else {}
    return LoanState(**started(start, now), unit="loans", child=child, facts=facts)


def _say(state: LoanState, details: Say, _actor: Actor, _now: datetime) -> None:
    state.facts = {**state.facts, **plain(details.facts)}


def by_hand(_state: LoanState, _details: BaseModel, _actor: Actor, _now: datetime) -> None:
    """An act that is only written down."""


def _end(state: LoanState, _details: Nothing, _actor: Actor, _now: datetime) -> None:
    MOVES.fire("end", state)
    state.outcome = "returned"


def _word(state: LoanState, word: Word, _now: datetime) -> None:
    state.facts = {**state.facts, f"word.{word.what}": True}


MOVES = Moves(
    LoanStage,
    LoanStage.OUT,
    [
        *(
            Move(name, (LoanStage.OUT,), DO_NOT_MOVE)
            for name in ("visit", "say", "acknowledge_escalation", "answer_proposal")
        ),
        Move("end", (LoanStage.OUT,), LoanStage.OVER),
    ],
)
LOAN: Kind[LoanState] = Kind(
    kind="support_package",
    starts="lend",
    shape=StartLoan,
    begin=_begin,
    moves=MOVES,
    acts={
        "visit": WatchAct(
            ActRule(Visit, nothing_more, by_hand),
            also=lambda said: (f"visit:{said.sort}",) if said.sort else (),
            on=lambda said, now: said.on or now.date(),
        ),
        "say": WatchAct(ActRule(Say, nothing_more, _say), would_be=lambda said: plain(said.facts)),
        "end": WatchAct(ActRule(Nothing, nothing_more, _end)),
    },
    ended=lambda state: state.stage is LoanStage.OVER,
    waiting_on=lambda state: earliest_owner(state, "clerk"),
    word=_word,
)


def deadline(**said: Any) -> Deadline:  # noqa: ANN401 - any part of a deadline
    """A deadline of Wayford: `visit` from `loan.since` unless it says otherwise."""
    basis: dict[str, Any] = {"key": "look", "title": "Look after it", "owner": "clerk", "cites": CITES}
    return Deadline.model_validate({**basis, "anchor": "loan.since", "met_by": "visit", **said})


def law(process: str = "support_package", **said: Any) -> LawDeadline:  # noqa: ANN401 - any part of a deadline
    """A deadline of the law."""
    return LawDeadline.model_validate({"process": process, **deadline(**said).model_dump()})


def forum(key: str = "wheels", weekday: str = "tuesday", listing: tuple[str, str, str] | None = None) -> Forum:
    """A forum of Wayford that meets every week."""
    window = None
    if listing:
        earliest, target, latest = listing
        window = ListBy(anchor=("loan.since",), earliest=earliest, target=target, latest=latest, cites=CITES)
    return Forum(
        key=key,
        title=key,
        version="1",
        in_force_from=date(2030, 1, 1),
        body="sitting",
        cites=CITES,
        schedule=Schedule(
            every="week",
            weekday=Weekday(weekday),
            starts=time(9),
            on_holiday="next_working_day_of_week",
            cites=CITES,
        ),
        list_by=window,
    )


def monthly(listing: tuple[str, str, str]) -> Forum:
    """A forum that meets on the first Tuesday of the month, with a window for listing."""
    once = forum(listing=listing).model_dump(exclude_none=True)
    return Forum.model_validate({**once, "schedule": {**once["schedule"], "every": "month", "nth": 1}})


def wayford(  # noqa: PLR0913 - all that a file may say
    *deadlines: Deadline,
    laws: tuple[LawDeadline, ...] = (),
    switched_on: tuple[str, ...] = ("all",),
    forums: tuple[Forum, ...] = (),
    needs: tuple[WatchRequirement, ...] = (),
    told: tuple[Told, ...] = (),
    prompts: tuple[Checkpoint, ...] = (),
) -> Council:
    """The council with these deadlines."""
    everybody = Authority(posts=tuple(POSTS), cites=CITES)
    acts = ("lend", "visit", "say", "end", "acknowledge_escalation", "answer_proposal", "escalate")
    return Council(
        key="wayford",
        title="Wayford",
        version="1",
        posts=POSTS,
        roles=Roles(
            worker="clerk", manager="manager", head="head", administrator="clerk", informed=("head",), cites=CITES
        ),
        authority={**dict.fromkeys(acts, everybody), "lend": Authority(posts=("clerk",), cites=CITES)},
        escalation=Escalation(rung_working_days=1, cites=CITES),
        clocks={},
        support_package=WatchRules(
            title="Loans",
            version="1",
            in_force_from=date(2030, 1, 1),
            deadlines=deadlines,
            law=switched_on,
            requirements=needs,
            told=told,
            prompts=prompts,
            cites=CITES,
        ),
        law_deadlines=laws,
        forums={one.key: one for one in forums},
    )


def person(post: str = "clerk") -> Actor:
    """Somebody of Wayford."""
    return Actor(staff=post, post=post, council="wayford")


def start_of(council: Council, *, post: str = "clerk", came_from: str | None = None, **details: Any) -> WatchStart:  # noqa: ANN401 - any field
    """What starts a loan."""
    return WatchStart(
        kind="support_package",
        council="wayford",
        reference="L-1",
        actor=person(post),
        details=details,
        procedure=council,
        calendar=CALENDAR,
        came_from=came_from,
    )


def lend(council: Council, now: datetime = MONDAY, **details: Any) -> LoanState:  # noqa: ANN401 - any field
    """A loan that somebody started; since today, unless it says otherwise."""
    return kernel.begin(LOAN, start_of(council, **{"since": "2031-03-03", **details}), now)


def act(state: LoanState, name: str, now: datetime, post: str = "clerk", **details: Any) -> bool:  # noqa: ANN401 - any field
    """Somebody does an act."""
    message = f"{name}-{state.sequence}"
    return kernel.perform(LOAN, state, name, Act(actor=person(post), message_id=message, details=details), now)


def say(state: LoanState, now: datetime, **facts: Any) -> None:  # noqa: ANN401 - any fact
    """Something is so from now on; `loan__since` is `loan.since`."""
    act(state, "say", now, facts={key.replace("__", "."): one for key, one in facts.items()})


def run_to(state: LoanState, now: datetime) -> None:
    """Let the clocks do all that they do until then, each at its own time."""
    while (due := state.next_event) is not None and due <= now:
        kernel.run_clocks(LOAN, state, due)


def entries(state: LoanState, what: str) -> list[Entry]:
    """What the register has of one sort of thing."""
    return [one for one in state.unrecorded if one.what == what]


def told_posts(state: LoanState) -> set[str]:
    """Every post that had a notice."""
    return {notice.post for entry in state.unrecorded for notice in entry.notices}
