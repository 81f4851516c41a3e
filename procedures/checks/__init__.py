"""What a council's files must be beyond their shape: citations that exist, posts that people hold, ways on."""

from models.deadlines import LawDeadline, WatchRules
from models.procedure import Council, Forum
from procedures.checks.beginning import begins
from procedures.checks.complete import ACTS, CLOCKS, missing
from procedures.checks.conditions import conditions
from procedures.checks.deciding import decides
from procedures.checks.duties import duties
from procedures.checks.meeting import meets
from procedures.checks.referring import hours, refers
from procedures.checks.sources import Place, citations, places, posts
from procedures.checks.watches import faults_of_watches

__all__ = ["ACTS", "CLOCKS", "faults_of"]


def faults_of(council: Council, folder: str) -> list[str]:
    """Every fault of a council's procedure, one sentence each with file, key and remedy.

    Args:
        council: The procedure, of the right shape.
        folder: The name of its folder.
    """
    files = list(places(council, folder))
    found = [
        *(fault for place in files for fault in posts(council, place)),
        *missing(council, f"{folder}/council.toml"),
        *(fault for place in files for fault in citations(place)),
        *(fault for place in files if not _is_watched(place) for fault in conditions(council, place)),
        *(fault for forum in council.forums.values() for fault in _forum(council, forum, folder)),
        *faults_of_watches(council, folder),
        *_names(council, folder),
        *_whole(council, f"{folder}/council.toml"),
    ]
    return list(dict.fromkeys(found))


def _is_watched(place: Place) -> bool:
    """Whether a file speaks of a long-lived process, which has facts of its own and no intake form."""
    return isinstance(place.part, WatchRules | LawDeadline)


def _forum(council: Council, forum: Forum, folder: str) -> list[str]:
    where = f"{folder}/{forum.key}.toml"
    return [
        *meets(council, forum, where),
        *refers(council, forum, where),
        *decides(council, forum, where),
        *begins(council, forum, where),
    ]


def _whole(council: Council, where: str) -> list[str]:
    faults = [*hours(council.emergency, where), *duties(council, where)]
    for key, total in council.totals.items():
        if total.limit is not None and total.watch_above is not None and total.watch_above > total.limit:
            faults.append(f"{where}: totals.{key}.watch_above: lies above its limit. Lower it.")
    return faults


def _names(council: Council, folder: str) -> list[str]:
    """Two forums with one name: nobody could say which is meant."""
    taken: dict[str, str] = {key: key for key in council.forums}
    faults = []
    for forum in council.forums.values():
        for name in forum.also_known_as:
            other = taken.setdefault(name, forum.key)
            if other != forum.key:
                faults.append(
                    f"{folder}/{forum.key}.toml: forum.also_known_as: {other} is called {name} too. "
                    f"Let each name mean one forum."
                )
    return faults
