"""Recurring duties that cannot come round: no such forum, no interval, months that do not fit it."""

from collections.abc import Iterator

from models.procedure import Council, Duty
from rules.duties.recurring import EVERY_SITTING, MONTHS, SWITCHED_ON, rounds, scheduled

ANY_YEAR = 2031


def duties(council: Council, where: str) -> Iterator[str]:
    """What is wrong with the duties of a council, and with those that its own file switches on.

    Args:
        council: The procedure.
        where: Its `council.toml`.
    """
    seen: set[tuple[str, str | None]] = set()
    for number, duty in enumerate(council.duties):
        key = f"{where}: duties.{number}"
        if duty.forum is not None and duty.forum not in council.forums:
            yield f"{key}.forum: there is no forum {duty.forum}. Correct the key."
        if (duty.key, duty.forum) in seen:
            yield f"{key}.key: {duty.key} is there twice. Give one of them another key."
        seen.add((duty.key, duty.forum))
        yield from _comes_round(duty, key)
    if council.forum_duty is None and scheduled(council):
        file = f"{where.partition('/')[0]}/processes/forum_duty.toml"
        yield f"{file}: is missing, and duties come round by themselves. Write it: who may say that they are done."
    known = sorted({duty.key for duty in council.duties if duty.every != EVERY_SITTING})
    local = f"{where.partition('/')[0]}/local.toml"
    yield from (
        f"{local}: lists.{SWITCHED_ON}: there is no recurring duty {name}. Use one of: {', '.join(known) or 'none'}."
        for name in council.lists.get(SWITCHED_ON, ())
        if name not in known
    )


def _comes_round(duty: Duty, key: str) -> Iterator[str]:
    if duty.every == EVERY_SITTING:
        if duty.scheduled:
            yield f"{key}.scheduled: it comes with every sitting, and not by itself. Remove it, or give an interval."
        return
    try:
        found = rounds(duty, ANY_YEAR)
    except ValueError as error:
        yield f"{key}.every: {error}. Correct it."
        return
    if any(not 1 <= month <= MONTHS for month in duty.months):
        yield f"{key}.months: months are 1 to 12. Correct them."
    elif len(duty.months) > 1 and not any(one.months == duty.months for one in found):
        yield f"{key}.months: these months do not lie {duty.every} apart. Name the first, or all of them in order."
