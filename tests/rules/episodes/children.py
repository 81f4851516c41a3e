"""Care episodes as the councils' own files make them, and the people who act on them. Times are Europe/London."""

from functools import cache
from itertools import count
from typing import Any

from models.acts import Act
from models.care_episode import EpisodeState
from models.errors import Refused
from models.people import Actor
from models.procedure import Council
from models.process import Word
from models.snapshot import shared
from models.watch import WatchStart, WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.episodes.kind import EPISODE
from rules.watches import kernel, views
from rules.working_days import local
from tests.builders import at, person

BORN = "2020-06-30"
_numbers = count(1)


@cache
def council_of(key: str) -> Council:
    """A council, as an episode carries it."""
    return shared(slice_for_watch(load_council(key), "care_episode"))


def who(post: str = "social_worker", council: str = "hillingdon") -> Actor:
    """Somebody in a post."""
    return person(f"{post}-1", post, None, council)


def starting(key: str, said: dict[str, Any], actor: Actor | None = None, council: Council | None = None) -> WatchStart:
    """What opens an episode."""
    return WatchStart(
        kind="care_episode",
        council=key,
        reference="C-1",
        actor=actor or who(council=key),
        details=said,
        procedure=council or council_of(key),
        calendar=working_calendar("hillingdon", 2030),
    )


def opened(when: str, /, council: str = "hillingdon", **said: Any) -> EpisodeState:  # noqa: ANN401 - fields of an opening
    """An episode that was just opened, its clocks having done what was due."""
    state: EpisodeState = kernel.begin(EPISODE, starting(council, said), at(when))
    kernel.run_clocks(EPISODE, state, at(when))
    return state


def do(state: EpisodeState, when: str, name: str, /, post: str = "social_worker", **said: Any) -> None:  # noqa: ANN401 - as acts have it
    """Do an act, after whatever clocks did until then."""
    kernel.run_clocks(EPISODE, state, at(when))
    actor = who(post, state.procedure.key)
    act = Act(actor=actor, message_id=f"m{next(_numbers)}", details=said)
    kernel.perform(EPISODE, state, name, act, at(when))


def not_done(state: EpisodeState, when: str, name: str, /, post: str = "social_worker", **said: Any) -> str:  # noqa: ANN401 - as acts have it
    """The code of the refusal of an act."""
    before = state.model_dump()
    try:
        do(state, when, name, post, **said)
    except Refused as refused:
        assert state.model_dump() == before, "a refusal changes nothing"
        return str(refused.code)
    message = f"{name} was not refused"
    raise AssertionError(message)


def told(state: EpisodeState, when: str, what: str, /, **facts: Any) -> None:  # noqa: ANN401 - as words have it
    """Word of another process."""
    word = Word(
        message_id=f"w{next(_numbers)}",
        what=what,
        sender="else/where",
        by=who(council=state.procedure.key),
        facts=facts,
    )
    kernel.take_word(EPISODE, state, word, at(when))


def later(state: EpisodeState, when: str) -> WatchView:
    """The episode some time later."""
    kernel.run_clocks(EPISODE, state, at(when))
    return views.view(EPISODE, state, at(when))


def due(state: EpisodeState, clock: str) -> str:
    """When a clock is due, in local time."""
    return f"{local(state.clocks[clock].due):%Y-%m-%d %H:%M}"


def clock(state: EpisodeState, name: str) -> str:
    """How a clock stands."""
    return str(state.clocks[name].state)
