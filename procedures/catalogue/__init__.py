"""The catalogue of rules: ids, paraphrases and sections of the councils' published procedures."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES = Path(__file__).with_name("rules.csv")


@dataclass(frozen=True)
class CatalogueRule:
    """One rule of a council's procedure, in our words, with where it stands in theirs.

    `tier` A: the engine enforces, times, routes, requires or records it. B: a prompt, checkpoint or duty.
    C: background.
    """

    id: str
    tier: str
    council: str
    forum: str
    kind: str
    rule: str
    who: str
    timing: str
    source: str


@cache
def catalogue() -> dict[str, CatalogueRule]:
    """Every rule by its id."""
    with RULES.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: CatalogueRule(**row) for row in csv.DictReader(lines)}
