"""Which papers a referral needs, which are missing, and which of those stop it (HIL-071 to HIL-074)."""

from collections.abc import Iterable
from datetime import date

from models.errors import RefusalCode, Refused
from models.intake import Document
from models.procedure import Council
from models.referral import Referral
from rules.conditions import Facts, all_hold, fact
from rules.form import known_form, plain_name


def papers_needed(referral: Referral, council: Council, today: date) -> list[Document]:
    """The papers that a referral must come with, in the procedure's order.

    Args:
        referral: The intake form.
        council: The procedure.
        today: Local date.
    """
    facts = known_form(referral, council, today)
    if fact(facts, "route.direct"):
        return []
    forum = council.forums[referral.forum]
    matter = next((matter for matter in forum.matters if matter.key == referral.request.matter), None)
    listed = (*forum.documents, *(matter.documents if matter else ()))
    needed = [document for document in listed if _is_needed(document, facts, council, today)]
    replaced = {document.instead_of for document in needed}
    return [document for document in needed if document.name not in replaced]


def _is_needed(document: Document, facts: Facts, council: Council, today: date) -> bool:
    if document.kinds and fact(facts, "request.kind") not in document.kinds:
        return False
    if document.unless and all_hold(document.unless, facts, today, council):
        return False
    return all_hold(document.when, facts, today, council)


def papers_missing(referral: Referral, council: Council, supplied: Iterable[str], today: date) -> list[Document]:
    """The papers that are still missing, in the procedure's order.

    Args:
        referral: The intake form.
        council: The procedure.
        supplied: Papers that have come, or that do not apply, by name.
        today: Local date.
    """
    have = {plain_name(name) for name in supplied}
    return [one for one in papers_needed(referral, council, today) if plain_name(one.name) not in have]


def require_papers(
    referral: Referral, council: Council, supplied: Iterable[str], today: date, *, with_form_only: bool = False
) -> None:
    """Refuse a step that waits for papers. A paper whose lack only becomes an action stops nothing.

    Args:
        referral: The intake form.
        council: The procedure.
        supplied: Papers that have come, or that do not apply, by name.
        today: Local date.
        with_form_only: Ask only for those that have to come with the referral itself.

    Raises:
        Refused: `missing_document`.
    """
    missing = [
        document
        for document in papers_missing(referral, council, supplied, today)
        if document.missing == "refuse" and (document.at == "refer" or not with_form_only)
    ]
    if not missing:
        return
    how = "Name each of them under documents" if with_form_only else "Attach each of them with supply_document"
    raise Refused(
        RefusalCode.MISSING_DOCUMENT,
        f"These papers are missing: {', '.join(document.name for document in missing)}.",
        f"{how}, then {'refer' if with_form_only else 'sign off'}.",
        (council.forums[referral.forum].documents or missing)[0].cites[0],
    )


def require_may_be_supplied(  # noqa: PLR0913 - what a paper is, and where it comes to
    name: str, referral: Referral, council: Council, today: date, *, left_out: bool, original: bool
) -> None:
    """Refuse to leave out a paper that always applies, and an original where only copies are taken.

    Args:
        name: The paper.
        referral: The intake form.
        council: The procedure.
        today: Local date.
        left_out: A reason is given why it does not apply.
        original: It is an original.

    Raises:
        Refused: `unknown` for a paper that nobody asked for; `prohibited`.
    """
    asked = {plain_name(document.name): document for document in papers_needed(referral, council, today)}
    document = asked.get(plain_name(name))
    if left_out and document is None:
        raise Refused(
            RefusalCode.UNKNOWN,
            "This paper is not asked for here.",
            f"Name one of: {', '.join(one.name for one in asked.values()) or 'none'}.",
        )
    if document is None:
        return
    if left_out and document.not_applicable == "never":
        raise Refused(
            RefusalCode.PROHIBITED,
            "This paper applies to every such case.",
            "Attach it.",
            document.cites[0],
        )
    if original and document.copies_only:
        raise Refused(RefusalCode.PROHIBITED, "Only copies of this are taken.", "Attach a copy.", document.cites[0])
