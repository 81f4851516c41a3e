"""The catalogue of rules: ids, paraphrases and sections of the councils' published procedures."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES = Path(__file__).with_name("rules.csv")
LAWS = Path(__file__).with_name("law.csv")
LATER = Path(__file__).with_name("later.csv")
TIMERS = Path(__file__).with_name("timers.csv")


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


@dataclass(frozen=True)
class CatalogueLaw:
    """A provision of the law above every council, in our words: counsel has to confirm it first."""

    id: str
    instrument: str
    provision: str
    rule: str
    in_force_from: str
    in_force_until: str
    confirmed_by: str


@dataclass(frozen=True)
class CatalogueTimer:
    """A rule of the catalogue that time is part of: the kind of clock, when it is due, and what starts it."""

    rule: str
    clock: str
    timing: str
    trigger: str


@cache
def laws() -> dict[str, CatalogueLaw]:
    """Every provision of the law that Waymark knows, by its id."""
    with LAWS.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: CatalogueLaw(**row) for row in csv.DictReader(lines)}


@cache
def catalogue() -> dict[str, CatalogueRule]:
    """Every rule by its id."""
    with RULES.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: CatalogueRule(**row) for row in csv.DictReader(lines)}


@cache
def later() -> dict[str, str]:
    """Rules that belong to a process still to come, with its name."""
    with LATER.open(encoding="utf-8", newline="") as lines:
        return {row["rule"]: row["process"] for row in csv.DictReader(lines)}


@cache
def timers() -> dict[str, CatalogueTimer]:
    """Every rule that time is part of, by its id; its tier stands in the catalogue of rules."""
    with TIMERS.open(encoding="utf-8", newline="") as lines:
        return {row["rule"]: CatalogueTimer(**row) for row in csv.DictReader(lines)}
