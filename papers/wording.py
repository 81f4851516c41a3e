"""How papers say things: posts and forums by their titles, dates and money as people write them. Dates are local."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from models.procedure import Council, Forum
from register.reading.sitting_parts import By, Owner, Person
from rules.authority import title
from rules.working_days import local

NONE = "None"
NOT_SAID = "Not recorded"
KEEP = "Confidential: about children. Keep it as you keep the case record, and share it no further than it was sent."


def words(key: object) -> str:
    """A key such as `placement_move` in words, with a capital.

    Args:
        key: A key; nothing for nothing.
    """
    said = "" if key is None else str(key).replace("_", " ").strip()
    return said[:1].upper() + said[1:]


def day(value: date | None) -> str:
    """A date in full.

    Args:
        value: Local date.
    """
    return "" if value is None else f"{value:%A} {value.day} {value:%B %Y}"


def hour(value: datetime | None) -> str:
    """The time of day of an instant.

    Args:
        value: An aware datetime.
    """
    return "" if value is None else f"{local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """An instant as date and time.

    Args:
        value: An aware datetime.
    """
    return "" if value is None else f"{day(local(value).date())}, {hour(value)}"


def money(value: object) -> str:
    """Pounds.

    Args:
        value: As a form has it.
    """
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def cited(text: str, cites: Iterable[str]) -> str:
    """A text with the rules that it follows.

    Args:
        text: Any.
        cites: Rule ids.
    """
    rules = ", ".join(dict.fromkeys(cites))
    return f"{text} ({rules})" if rules and rules not in text else text


def person(council: Council, one: Person | By | None) -> str:
    """Somebody by reference, with the title of the post.

    Args:
        council: The procedure.
        one: Who.
    """
    if one is None:
        return NOT_SAID
    known = f"{one.staff}, {title(council, one.post)}" if one.post else one.staff
    behalf = one.on_behalf_of if isinstance(one, By) else None
    return f"{known}, on behalf of {behalf}" if behalf else known


def signed(council: Council, by: By | None) -> str:
    """Who did something and when.

    Args:
        council: The procedure.
        by: Who.
    """
    return NOT_SAID if by is None else f"{person(council, by)}: {moment(by.at)}"


def owner(council: Council, one: Owner) -> str:
    """Who is to do something.

    Args:
        council: The procedure.
        one: A post, a person, or both.
    """
    said = [one.staff, title(council, one.post) if one.post else None]
    return ", ".join(part for part in said if part) or NOT_SAID


def kind_title(council: Council, key: str | None) -> str:
    """What is asked for, in words.

    Args:
        council: The procedure.
        key: The kind of request.
    """
    if key is None:
        return NOT_SAID
    own = council.kinds.get(key)
    return own.title if own else words(key)


def forum_title(council: Council, key: str | None) -> str:
    """A forum by its title.

    Args:
        council: The procedure.
        key: Its key; one that the council does not have is put in words.
    """
    known = council.forums.get(key or "")
    return known.title if known else words(key)


def outcome_title(forum: Forum, outcome: str) -> str:
    """A decision as the forum calls it.

    Args:
        forum: The forum.
        outcome: Its key.
    """
    option = next((one for one in forum.options if one.outcome == outcome), None)
    return (option.label if option else None) or words(outcome)


def criterion_title(council: Council, rule: str) -> str:
    """A criterion with its rule id.

    Args:
        council: The procedure.
        rule: The id that stands first among what it cites.
    """
    found = (one for forum in council.forums.values() for one in forum.criteria if rule in one.cites[:1])
    criterion = next(found, None)
    return f"{criterion.title} ({rule})" if criterion else rule


def listed(texts: Iterable[str], nothing: str = NONE) -> str:
    """Texts one a line, or a word for none.

    Args:
        texts: Any number.
        nothing: What stands there when there are none.
    """
    return "\n".join(texts) or nothing


def finding(value: Any) -> str:  # noqa: ANN401 - what a panel found is of several kinds
    """What a panel found at a checkpoint.

    Args:
        value: Text, yes or no, a number or a list.
    """
    match value:
        case bool():
            return "Yes" if value else "No"
        case None | "" | [] | ():
            return "Not answered"
        case list() | tuple():
            return "\n".join(finding(one) for one in value)
        case _:
            return str(value)
