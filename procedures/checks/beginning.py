"""What a decision begins: a process that the council has no file for, or a start filled from what there is not."""

from collections.abc import Iterator

from models.procedure import Council, Forum
from rules.conditions import path_exists
from rules.journeys.beginning import OF_THE_JOURNEY

OWN = frozenset(f"journey.{name}" for name in OF_THE_JOURNEY)


def begins(council: Council, forum: Forum, where: str) -> Iterator[str]:
    """What keeps a decision from beginning what the forum's file says.

    Args:
        council: The procedure.
        forum: The forum.
        where: Its file.
    """
    for number, one in enumerate(forum.begins):
        if getattr(council, one.process, None) is None:
            yield (
                f"{where}: begins.{number}.process: the council has no {one.process}."
                f" Write processes/{one.process}.toml, or leave it out."
            )
        for field, paths in one.fields.items():
            for path in paths:
                if path not in OWN and not path_exists(council, path):
                    yield f"{where}: begins.{number}.fields.{field}: there is no {path}. Correct the path."
