"""Whether an intake form holds what its forum asks for (HIL-023, HIL-024, HIL-071 to HIL-077, HIL-112)."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from models.errors import Refused
from models.procedure import Council, Document, Requirement
from models.referral import Referral
from rules.conditions import all_hold, fact


def require_filled_in(
    referral: Referral,
    council: Council,
    criteria: Iterable[str],
    today: date,
    at: Literal["refer", "sign_off"],
) -> None:
    """Refuse a form that lacks what its forum requires at a step.

    Args:
        referral: The intake form.
        council: The procedure.
        criteria: Rule ids of the criteria that the case meets.
        today: Local date.
        at: The step.

    Raises:
        Refused: The code, sentence and remedy that the procedure gives.
    """
    met = set(criteria)
    for need in council.forums[referral.forum].requirements:
        if need.at == at and _asked(need, referral, council, met, today) and not fact(referral, need.field):
            raise Refused(need.code, need.sentence, need.remedy, need.cites[0])


def _asked(need: Requirement, referral: Referral, council: Council, met: set[str], today: date) -> bool:
    if need.criteria and not met.intersection(need.criteria):
        return False
    return all_hold(need.when, referral, today, council.settings)


def documents_needed(referral: Referral, council: Council, today: date) -> list[str]:
    """The papers that a referral must come with, in the procedure's order.

    Args:
        referral: The intake form.
        council: The procedure.
        today: Local date.
    """
    needed: list[Document] = [
        document
        for document in council.forums[referral.forum].documents
        if all_hold(document.when, referral, today, council.settings)
    ]
    replaced = {document.instead_of for document in needed}
    return [document.name for document in needed if document.name not in replaced]


def documents_missing(referral: Referral, council: Council, supplied: Iterable[str], today: date) -> list[str]:
    """The papers that are still missing, in the procedure's order.

    Args:
        referral: The intake form.
        council: The procedure.
        supplied: Papers that have come, by name.
        today: Local date.
    """
    have = {plain_name(name) for name in supplied}
    return [name for name in documents_needed(referral, council, today) if plain_name(name) not in have]


def plain_name(name: str) -> str:
    """A paper's name without what does not matter: capitals, underscores and extra spaces.

    Args:
        name: As somebody wrote it.
    """
    return " ".join(name.replace("_", " ").casefold().split())
