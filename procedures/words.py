"""Makes `models/words.py`: what most snapshots have in common, so that each of them has to say it no more.

`python -m procedures.words` prints it: the law, and the phrases of JSON that several councils' slices share. It is made
anew only under a new number, since histories are read with the one that they were written with.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import get_args

from models.deadlines import WatchKind
from models.procedure import Council
from procedures.loader import council_folders, load_council
from procedures.slices import slice_for, slice_for_watch

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*":?|[\[\]{},]|[^"\[\]{},]+')
LONGEST_PHRASE = 40
FEWEST_COUNCILS = 2
MOST_WORDS = 20_000
WINDOW = 32_000
"""How far back deflate looks: what lies beyond is of no use to it."""
LINE = 100


def main() -> None:
    """Print the module: the first set for journeys and sittings, the second for watches."""
    councils = [load_council(key) for key in council_folders()]
    of_forums = [(one.key, slice_for(one, forum)) for one in councils for forum in one.forums]
    of_watches = [(one.key, slice_for_watch(one, kind)) for one in councils for kind in get_args(WatchKind)]
    sets = "".join(
        f"    {number}: (\n{_lines(words(of))}\n    ),\n" for number, of in ((1, of_forums), (2, of_watches))
    )
    sys.stdout.write(
        '"""What most snapshots have in common: made by `python -m procedures.words`, and never edited by hand.\n\n'
        "A snapshot is read with the words that it was written with, so a set of them stays for ever.\n"
        '"""\n\n'
        f"WORDS = {{\n{sets}}}\n"
    )


def _lines(text: str) -> str:
    return "\n".join(f"        {text[start : start + LINE]!r}" for start in range(0, len(text), LINE))


def words(slices: list[tuple[str, Council]]) -> str:
    """What several councils' slices share, the most common last, and the law that they hold.

    Args:
        slices: Each with the council that it is of.
    """
    known_to: dict[str, set[str]] = defaultdict(set)
    above: dict[str, None] = {}
    for council, part in slices:
        above |= dict.fromkeys(one.model_dump_json(exclude_defaults=True) for one in (*part.law, *part.law_deadlines))
        plain = part.model_copy(update={"law": (), "law_deadlines": ()}).model_dump_json(exclude_defaults=True)
        for phrase in _phrases(TOKEN.findall(plain)):
            known_to[phrase].add(council)
    shared = [phrase for phrase, users in known_to.items() if len(users) >= FEWEST_COUNCILS]
    kept = ""
    for phrase in sorted(shared, key=lambda one: (-len(one) * len(known_to[one]), one)):
        if phrase not in kept:
            kept = phrase + kept
        if len(kept) > MOST_WORDS:
            break
    return (kept + ",".join(above))[-WINDOW:]


def _phrases(tokens: list[str]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(tokens))):
            phrase = "".join(tokens[start:end])
            if len(phrase) > 5:  # noqa: PLR2004 - shorter ones are no gain
                yield phrase


if __name__ == "__main__":
    main()
