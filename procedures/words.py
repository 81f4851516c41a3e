"""Makes `models/words.py`: what most snapshots have in common, so that each of them has to say it no more.

`python -m procedures.words` prints it: the law, and the phrases of JSON that several councils' slices share. It is made
anew only under a new number, since histories are read with the one that they were written with.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator

from models.procedure import Council
from procedures.loader import council_folders, law, load_council
from procedures.slices import slice_for

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*":?|[\[\]{},]|[^"\[\]{},]+')
LONGEST_PHRASE = 40
FEWEST_COUNCILS = 2
MOST_WORDS = 12_000
LINE = 100


def main() -> None:
    """Print the module."""
    text = words([load_council(key) for key in council_folders()])
    lines = "\n".join(f"        {text[start : start + LINE]!r}" for start in range(0, len(text), LINE))
    sys.stdout.write(
        '"""What most snapshots have in common: made by `python -m procedures.words`, and never edited by hand.\n\n'
        "A snapshot is read with the words that it was written with, so a set of them stays for ever.\n"
        '"""\n\n'
        f"WORDS = {{\n    1: (\n{lines}\n    ),\n}}\n"
    )


def words(councils: list[Council]) -> str:
    """What the councils' slices share, the most common last, and the law that all of them hold.

    Args:
        councils: Their whole procedures.
    """
    slices = {(one.key, forum): slice_for(one, forum) for one in councils for forum in one.forums}
    known_to: dict[str, set[str]] = defaultdict(set)
    for (council, _), part in slices.items():
        plain = part.model_copy(update={"law": ()}).model_dump_json(exclude_defaults=True)
        for phrase in _phrases(TOKEN.findall(plain)):
            known_to[phrase].add(council)
    shared = [phrase for phrase, users in known_to.items() if len(users) >= FEWEST_COUNCILS]
    kept = ""
    for phrase in sorted(shared, key=lambda one: (-len(one) * len(known_to[one]), one)):
        if phrase not in kept:
            kept = phrase + kept
        if len(kept) > MOST_WORDS:
            break
    above = next(iter(slices.values())).model_copy(update={"forums": {}}).law if slices else tuple(law([]))
    return kept + ",".join(one.model_dump_json(exclude_defaults=True) for one in above)


def _phrases(tokens: list[str]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(tokens))):
            phrase = "".join(tokens[start:end])
            if len(phrase) > 5:  # noqa: PLR2004 - shorter ones are no gain
                yield phrase


if __name__ == "__main__":
    main()
