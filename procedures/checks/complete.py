"""What the engine needs of every council: who may do each act, and how each clock runs that it uses."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from models.procedure import Council, Forum
from models.vocabulary import JourneyAct, SittingAct

ACTS = tuple(dict.fromkeys([*JourneyAct, *SittingAct]))
"""Every act that the engine knows."""
WHERE_USED: dict[str, str] = {
    "circulate_papers": "papers",
    "record_minutes": "minutes",
    "approve_minutes": "minutes",
    "set_priority": "",
    "add_date": "",
    "confirm": "",
}
"""Acts that not every council has, by the part of a forum that asks for them; without a part, none does."""

Asks = Callable[[Council, Forum], bool]


def _sits(_: Council, forum: Forum) -> bool:
    return forum.body == "sitting"


def _posts_decide(_: Council, forum: Forum) -> bool:
    return forum.body == "post" or bool(forum.by_post or forum.final_decision or forum.matrix)


def _emergencies(council: Council, forum: Forum) -> bool:
    return forum.emergency is not None or (council.emergency is not None and not forum.no_emergency)


CLOCKS: dict[str, Asks] = {
    "cut_off": lambda _, forum: forum.cut_off is not None,
    "action": lambda _, forum: forum.body != "elsewhere",
    "alternative_plan": _emergencies,
    "not_done": lambda _, forum: forum.body != "elsewhere",
    "post_decision": _posts_decide,
    "listing": _sits,
    "review": lambda _, forum: forum.body != "elsewhere",
    "emergency_hearing": _emergencies,
    "submissions": lambda _, forum: forum.cut_off is not None,
    "sitting_opening": _sits,
    "sitting_end": _sits,
    "decision_sheet": _sits,
    "circulation": lambda _, forum: forum.papers is not None,
    "minutes": lambda _, forum: forum.minutes is not None,
    "list_by": lambda _, forum: forum.list_by is not None,
    "cover": lambda _, forum: forum.cover is not None,
    "allocation": lambda *_: False,
    "response": lambda *_: False,
    "emergency_form": lambda *_: False,
    "renewal": lambda *_: False,
    "approval_end": lambda *_: False,
    "court_date": lambda *_: False,
}
"""Every clock that the engine runs, and which forums need it: a council says how it runs. Some nobody has to write."""


def missing(council: Council, where: str) -> Iterator[str]:
    """Acts that nobody could do, clocks that nobody wrote, and acts that there are not.

    Args:
        council: The procedure.
        where: The file of the whole council.
    """
    for act in ACTS:
        if not _may_be_done(council, act):
            yield f"{where}: authority.{act}: is missing, so nobody could do it. Say which posts may."
    yield from _unknown(council.authority, ACTS, f"{where}: authority", "act")
    yield from _unknown(council.clocks, CLOCKS, f"{where}: clocks", "clock")
    for forum in council.forums.values():
        file = f"{where.split('/', maxsplit=1)[0]}/{forum.key}.toml"
        yield from _unknown(forum.authority, ACTS, f"{file}: authority", "act")
        yield from _unknown(forum.clocks, CLOCKS, f"{file}: clocks", "clock")
    for clock, asks in CLOCKS.items():
        users = [forum for forum in council.forums.values() if asks(council, forum)]
        if clock not in council.clocks and any(clock not in forum.clocks for forum in users):
            yield f"{where}: clocks.{clock}: is missing. Write it, with what it cites."


def _may_be_done(council: Council, act: str) -> bool:
    part = WHERE_USED.get(act, "key")
    users = [forum for forum in council.forums.values() if part and getattr(forum, part) and forum.body != "elsewhere"]
    return act in council.authority or (part != "key" and not users) or (bool(users) and _all_name(users, act))


def _all_name(forums: Iterable[Forum], act: str) -> bool:
    return all(act in forum.authority for forum in forums)


def _unknown(named: Iterable[str], known: Iterable[str], where: str, what: str) -> Iterator[str]:
    words = set(chain(known))
    for key in named:
        if key not in words:
            yield f"{where}.{key}: there is no such {what}. Remove it."
