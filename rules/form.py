"""Whether an intake form holds what its forum asks for (HIL-023, HIL-024, HIL-071 to HIL-077, HIL-112)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.errors import RefusalCode, Refused
from models.intake import LocalField
from models.procedure import Council
from models.referral import Referral
from models.vocabulary import RequestKind
from rules.asked import plain, settled_request
from rules.conditions import Facts, Known, all_hold, as_day, fact
from rules.forums import forum_named
from rules.law import require_lawful
from rules.requirements import Step, require_each

FULL_FORM = (
    "child",
    "views",
    "views.child",
    "views.parents",
    "family_and_friends_options",
    "alternatives_tried",
    "desired_outcomes",
    "analysis",
)
"""What every forum with the full form asks for, in the form's order."""
FIELDS_NAMED = 5
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
TO_SCHEMA = "Correct these fields and send it again; `starter.py schema` prints what is expected."


def settled(referral: Referral, council: Council) -> Referral:
    """The form with its forums, and what it asks for, by their keys, whatever name somebody knows them by.

    Args:
        referral: The form as it came.
        council: The procedure.
    """
    key = _key_of(council, referral.forum)
    forum = council.forums.get(key)
    return referral.model_copy(
        update={
            "forum": key,
            "prior": {_key_of(council, name): said for name, said in referral.prior.items()},
            "request": settled_request(referral, council, forum) if forum is not None else referral.request,
        }
    )


def _key_of(council: Council, name: str) -> str:
    try:
        return forum_named(council, name).key
    except Refused:
        return name


def known_form(referral: Referral, council: Council, today: date, more: Mapping[str, Any] | None = None) -> Known:
    """A form with what follows from it under a procedure: whether the child would be looked after, the home proposed.

    Args:
        referral: The form.
        council: The procedure.
        today: Local date.
        more: What else is known, by the engine's paths.
    """
    found: dict[str, Any] = {"would_be_looked_after": would_be_looked_after(referral, council)}
    for name, field in council.facts.items():
        if field.stands_for and name in referral.facts and fact(referral, field.stands_for) is None:
            found[field.stands_for] = referral.facts[name]
    if fact(referral, "proposal.kind") is None:
        found.setdefault("proposal.kind", _proposed_by_name(referral, council))
    whole = Known(referral, {**found, **(more or {})})
    return Known(referral, {**whole.more, "route.direct": is_direct(whole, council, referral.forum, today)})


def would_be_looked_after(referral: Referral, council: Council) -> bool:
    """Whether the child is looked after, or would be when the request is granted.

    Args:
        referral: The form.
        council: The procedure.
    """
    kind = council.kinds.get(referral.request.kind)
    asked = referral.request.kind == RequestKind.ACCOMMODATION or (kind is not None and kind.would_be_looked_after)
    return referral.circumstances.looked_after or asked


def _proposed_by_name(referral: Referral, council: Council) -> str | None:
    """The sort of home that a kind of request or a matter means by its name."""
    kind = council.kinds.get(referral.request.kind)
    if kind is not None and kind.proposes:
        return kind.proposes
    forum = council.forums.get(referral.forum)
    matters = forum.matters if forum else ()
    return next((matter.proposes for matter in matters if matter.key == referral.request.matter), None)


def is_direct(facts: Facts, council: Council, forum: str, today: date) -> bool:
    """Whether the case is one that may go straight to a forum's services.

    Args:
        facts: What is known of the case.
        council: The procedure.
        forum: The forum's key.
        today: Local date.
    """
    route = council.forums[forum].direct if forum in council.forums else None
    if route is None or not any(all_hold(case, facts, today, council) for case in route.any_of):
        return False
    asked = {plain(service) for service in fact(facts, "request.services") or ()}
    return not route.services or asked <= {plain(service) for service in route.services}


def require_direct_possible(facts: Known, council: Council) -> None:
    """Refuse the direct route where the forum does not have it, or not for this case.

    Args:
        facts: The form, with what follows from it.
        council: The procedure.

    Raises:
        Refused: `illegal_move` where there is no such route; else what the route says.
    """
    referral = facts.referral
    if not referral.request.direct or fact(facts, "route.direct"):
        return
    forum = council.forums[referral.forum]
    if forum.direct is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{forum.title} has no direct route.",
            "Refer the ordinary way: leave request.direct out.",
            forum.cites[0],
        )
    raise Refused(forum.direct.code, forum.direct.sentence, forum.direct.remedy, forum.direct.cites[0])


def require_whole(referral: Referral, council: Council) -> None:
    """Refuse a form without the parts that its forum's form has.

    Args:
        referral: The form.
        council: The procedure.

    Raises:
        Refused: `incomplete`, naming the fields.
    """
    if council.forums[referral.forum].form == "full":
        missing = [path for path in FULL_FORM if not _has(referral, path)]
    else:
        missing = [] if referral.subject_reference else ["child"]
    if missing:
        said = "; ".join(f"{path}: field required" for path in missing[:FIELDS_NAMED])
        raise Refused(RefusalCode.INCOMPLETE, f"Missing: {said}.", TO_SCHEMA)


def _has(referral: Referral, path: str) -> bool:
    whole, _, part = path.rpartition(".")
    return fact(referral, path) is not None or (bool(part and whole) and fact(referral, whole) is None)


def require_known_kind(referral: Referral, council: Council) -> None:
    """Refuse a kind of request that the council does not know, or that the forum does not take.

    Args:
        referral: The form.
        council: The procedure.

    Raises:
        Refused: `invalid`, naming the kinds, or a forum that takes this one.
    """
    kind, forum = referral.request.kind, council.forums[referral.forum]
    known = (*RequestKind, *council.kinds)
    if kind not in known and kind not in {matter.key for matter in forum.matters}:
        raise Refused(
            RefusalCode.INVALID,
            f"Not understood: request.kind: {council.title} knows no such kind of request.",
            f"Use one of {', '.join(known)}.",
        )
    if forum.kinds and kind not in forum.kinds:
        takers = [other.title for other in council.forums.values() if kind in other.kinds]
        where = f"Refer to {' or '.join(takers)}" if takers else f"Use one of {', '.join(forum.kinds)}"
        raise Refused(
            RefusalCode.INVALID,
            f"{forum.title} does not take requests of the kind {kind}.",
            f"{where}.",
            forum.cites[0],
        )


def require_known_facts(referral: Referral, council: Council) -> None:
    """Refuse fields of the council's own form that it does not have, or that hold something else than they should.

    Args:
        referral: The form.
        council: The procedure.

    Raises:
        Refused: `invalid`, naming the fields.
    """
    faults = []
    for name, value in referral.facts.items():
        field = council.facts.get(name)
        if field is None:
            faults.append(f"facts.{name}: {council.title}'s form has no such field")
        elif value is not None and not _fits(field, value):
            faults.append(f"facts.{name}: should be {_wanted(field)}")
    if faults:
        raise Refused(RefusalCode.INVALID, f"Not understood: {'; '.join(faults[:FIELDS_NAMED])}.", TO_SCHEMA)


def _wanted(field: LocalField) -> str:
    one_of = f"one of {', '.join(field.of)}"
    words = {
        "flag": "true or false",
        "date": "a date",
        "text": "a text",
        "number": "a number",
        "amount": "an amount in pounds",
        "choice": one_of,
        "choices": f"a list, each {one_of}",
    }
    return words[field.type]


def _fits(field: LocalField, value: Any) -> bool:  # noqa: ANN401 - whatever somebody typed
    several = (value,) if isinstance(value, str) else value
    answers = {
        "flag": lambda: isinstance(value, bool),
        "date": lambda: _is_day(value),
        "text": lambda: isinstance(value, str) and bool(value.strip()),
        "number": lambda: _is_number(value),
        "amount": lambda: _is_number(value) and Decimal(str(value)) >= 0,
        "choice": lambda: isinstance(value, str) and value in field.of,
        "choices": lambda: isinstance(several, list | tuple) and all(one in field.of for one in several),
    }
    return answers[field.type]()


def _is_day(value: Any) -> bool:  # noqa: ANN401
    try:
        return FIRST_DAY <= as_day(value) <= LAST_DAY
    except ValueError:
        return False


def _is_number(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def require_at(  # noqa: PLR0913 - one question, asked from many places
    step: Step,
    facts: Facts,
    council: Council,
    forum: str,
    criteria: Iterable[str],
    today: date,
    outcome: str | None = None,
) -> list[str]:
    """Refuse a step that the law forbids, or for which the case lacks what its forum requires.

    Args:
        step: The step.
        facts: What is known of the case.
        council: The procedure.
        forum: The forum's key.
        criteria: Rule ids of the criteria that the case meets.
        today: Local date.
        outcome: At the decision: what is decided.

    Returns:
        What people should see although the step passes, one sentence each.

    Raises:
        Refused: The code, sentence and remedy that the law or the procedure gives.
    """
    flags = require_lawful(step, facts, council, today, outcome)
    if fact(facts, "route.direct"):
        return flags
    here = council.forums[forum]
    matter = next((one for one in here.matters if one.key == fact(facts, "request.matter")), None)
    needs = (*here.requirements, *(matter.needs if matter else ()))
    return [*flags, *require_each(needs, step, facts, council, criteria, today, outcome)]


def plain_name(name: str) -> str:
    """A paper's name without what does not matter: capitals, underscores and extra spaces.

    Args:
        name: As somebody wrote it.
    """
    return " ".join(name.replace("_", " ").casefold().split())
