"""What people call services, events, circumstances and panels, by the names of the council's file."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from models.case_transfer import CaseTransferState, Telling
from models.errors import RefusalCode, Refused
from models.moving import Named, TransferRules
from models.people import Actor
from rules.watches.kinds import rules_of

SAID_BESIDE = re.compile(r"(_(date|held|on|at|day|attended|planned|due|listed))+$")
"""Endings that people add to the name of an event: `first_review_held_on`."""
AGREED = "agreed.group_managers"
SUPPLY = "supply_information:"
"""How what is supplied begins, where a deadline is met by it, or a notice or requirement hangs on it."""
THE_FILE = "information"
"""What is missing where nobody says what."""
OTHER = "other"
"""A paper that the council's file does not know: what people call it is in the register only."""


def word(text: str) -> str:
    """A name as it is compared: `Access & Assessment` is `access and assessment`.

    Args:
        text: As somebody wrote it.
    """
    return " ".join(text.casefold().replace("&", " and ").replace("_", " ").replace("-", " ").split())


def named(those: Iterable[Named], said: str) -> str | None:
    """The key of what somebody named; `None` when nothing has that name.

    Args:
        those: What there is.
        said: As somebody wrote it.
    """
    asked = word(said)
    return next((one.key for one in those if asked in {word(name) for name in (one.key, *one.also_known_as)}), None)


def rules(state: CaseTransferState) -> TransferRules:
    """The council's file on transfers.

    Args:
        state: The transfer.
    """
    return cast("TransferRules", rules_of(state))


def event_named(all_rules: TransferRules, said: str) -> str:
    """The key of an event.

    Args:
        all_rules: The council's file.
        said: As somebody wrote it.

    Raises:
        Refused: `invalid` when the file knows no such event.
    """
    found = named(all_rules.events, said) or named(all_rules.events, SAID_BESIDE.sub("", said))
    return found or _unknown(said, "event", all_rules.events)


def _unknown(said: str, what: str, those: Iterable[Named]) -> str:
    raise Refused(
        RefusalCode.INVALID,
        f"Not understood: there is no {what} called {said}.",
        f"Use one of: {', '.join(one.key for one in those)}.",
    )


def told(all_rules: TransferRules, said: Telling, on: date) -> dict[str, Any]:
    """What an act tells of a case, as facts.

    Args:
        all_rules: The council's file.
        said: The act.
        on: Local date, for an approval of which no day is known.

    Raises:
        Refused: `invalid` when something has a name that the file does not know.
    """
    facts: dict[str, Any] = {}
    for name, day in said.events.items():
        facts[f"events.{event_named(all_rules, name)}"] = day.isoformat()
    for name, answer in said.circumstances.items():
        key = named(all_rules.circumstances, name) or _unknown(name, "circumstance", all_rules.circumstances)
        facts[f"case.{key}"] = answer
    for name, since in said.approvals.items():
        forum = named(all_rules.panels, name) or _unknown(name, "panel", all_rules.panels)
        facts[f"panel.{forum}.outcome"] = "declined" if since is False else "approved"
        facts[f"panel.{forum}.on"] = (on if isinstance(since, bool) else since).isoformat()
    papers = {"plan.on_file": said.plan, "permanency_plan.on_file": said.permanency_plan}
    return facts | {path: there for path, there in papers.items() if there is not None}


def agreeing(all_rules: TransferRules, said: Telling, before: tuple[str, ...]) -> tuple[str, ...]:
    """Who of those that may settle a disagreement in the end has agreed, by reference; nobody twice.

    Args:
        all_rules: The council's file.
        said: The act.
        before: Who had agreed already.
    """
    post = all_rules.disputes.posts[-1]
    people = [
        one.staff if isinstance(one, Actor) else one
        for one in said.agreed_by
        if not isinstance(one, Actor) or one.post == post
    ]
    return tuple(dict.fromkeys((*before, *people)))


def service_of(all_rules: TransferRules, said: str) -> str:
    """The key of a service; one that the file does not know stays as it was said.

    Args:
        all_rules: The council's file.
        said: As somebody wrote it.
    """
    return named(all_rules.services, said) or word(said)


def items_known(state: CaseTransferState, said: Iterable[str]) -> list[str]:
    """Papers as the council's data names them, each once; all others together are `other`.

    What people call a paper may name a person: of it, only what the data knows goes into facts, keys and notes.

    Args:
        state: The transfer.
        said: Papers as somebody wrote them.
    """
    all_rules = rules(state)
    steps = (
        *(step for deadline in all_rules.deadlines for step in deadline.met_by),
        *(step for one in all_rules.told for step in one.on),
        *(step for need in all_rules.requirements for step in need.steps),
    )
    keys = [step.removeprefix(SUPPLY) for step in steps if step.startswith(SUPPLY)]
    standards = state.procedure.lists.get(all_rules.standards or "", ())
    known = {word(one): one for one in (THE_FILE, *standards, *keys)}
    papers = [one for one in all_rules.events if one.key in keys]
    return list(dict.fromkeys(named(papers, one) or known.get(word(one), OTHER) for one in said))


def sides(all_rules: TransferRules, state: CaseTransferState, people: Iterable[Actor | str]) -> set[str]:
    """Which of the two sides (`leaves`, `joins`) were there, as far as their units say.

    Args:
        all_rules: The council's file.
        state: The transfer.
        people: Whole people, or the names of services or units.
    """
    found: set[str] = set()
    for one in people:
        unit = one.unit if isinstance(one, Actor) else one
        for side in ("leaves", "joins"):
            if unit is not None and is_of(all_rules, state, unit, side):
                found.add(side)
    return found


def is_of(all_rules: TransferRules, state: CaseTransferState, unit: str, side: str) -> bool:
    """Whether a unit is one of the two sides: by the name of its service, or its own.

    Args:
        all_rules: The council's file.
        state: The transfer.
        unit: A service or unit.
        side: `leaves` or `joins`.
    """
    own = state.facts.get(f"transfer.{side}_unit")
    if own is not None and word(str(own)) == word(unit):
        return True
    return service_of(all_rules, unit) == state.facts.get(f"transfer.{side}")
