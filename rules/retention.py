"""When a record's time is over (LAW-036 to LAW-040). Nothing here erases anything: a person does that.

What is open, what somebody holds, and what counts from a day that nobody knows, is never past its time by itself.
"""

from collections.abc import Iterable
from datetime import date

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from models.retention import KnownRecord, RecordKind, Records, Verdict, Who

ADULT = 18
FEBRUARY_29 = (2, 29)


def anniversary(of: date, years: int) -> date:
    """The day so many years later; of 29 February in other years 1 March, so that nothing ends a day early.

    Args:
        of: A local date.
        years: How many.
    """
    year = of.year + years
    if (of.month, of.day) == FEBRUARY_29 and not _leap(year):
        return date(year, 3, 1)
    return date(year, of.month, of.day)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def verdict(record: KnownRecord, kinds: Iterable[RecordKind], today: date) -> Verdict:
    """Whether a record is past its time.

    Args:
        record: What is known of it.
        kinds: How long each kind is kept.
        today: Local date.
    """
    if record.open_processes:
        return Verdict(past=False, last_day=None, kind=None, because="Something of it is still open.")
    if record.held:
        return Verdict(past=False, last_day=None, kind=None, because="Somebody holds it, until the hold is released.")
    applying = [kind for kind in kinds if kind.covers in record.covers]
    if not applying:
        return Verdict(past=False, last_day=None, kind=None, because="No kind of record fits it: a person decides.")
    # What has no end is the longest of all.
    return max((_by_kind(record, kind, today) for kind in applying), key=lambda found: found.last_day or date.max)


def _by_kind(record: KnownRecord, kind: RecordKind, today: date) -> Verdict:
    young = _died_young(record)
    if young is not None and kind.years_after_death is not None:
        ends = [(young, kind.years_after_death, "the death")]
    else:
        asked = (
            (record.date_of_birth, kind.until_age, "the birth"),
            (record.last_entry_on, kind.years_after_last_entry, "the last entry"),
            (record.adopted_on, kind.years_after_adoption, "the adoption order"),
        )
        unknown = next((name for day, years, name in asked if years is not None and day is None), None)
        if unknown is not None:
            because = f"It counts from {unknown}, and nobody knows that day: never by itself."
            return Verdict(past=False, last_day=None, kind=kind.key, cites=kind.cites, because=because)
        ends = [(day, years, name) for day, years, name in asked if years is not None and day is not None]
    last, years, name = max((anniversary(day, years), years, name) for day, years, name in ends)
    because = f"{kind.title}: {years} years from {name}, so until {last.isoformat()}."
    return Verdict(past=today > last, last_day=last, kind=kind.key, cites=kind.cites, because=because)


def _died_young(record: KnownRecord) -> date | None:
    """The day of death, where it is known that it came before 18."""
    if record.died_on is None or record.date_of_birth is None:
        return None
    return record.died_on if record.died_on < anniversary(record.date_of_birth, ADULT) else None


def posts_of(who: Who, council: Council) -> dict[str, str]:
    """The posts that may do something with whole records, with their titles.

    Args:
        who: As the data says.
        council: Its procedure.
    """
    wanted = [*who.posts, *(getattr(council.roles, part) for part in who.parts)]
    found: dict[str, str] = {}
    while wanted:
        key = wanted.pop(0)
        post = council.posts.get(key)
        if post is None or key in found:
            continue
        found[key] = post.title
        if who.and_above and post.next_up:
            wanted.append(post.next_up)
    return found


def require_may(actor: Actor, council: Council, records: Records, what: str) -> None:
    """Refuse whoever is of another council, or whose post does not do this with whole records.

    Args:
        actor: Who wants to.
        council: The council whose records they are.
        records: Who may do what there.
        what: `disclose`, `erase`, `hold` or `import`.

    Raises:
        Refused: `not_authorised`.
    """
    who = records.who[what]
    posts = posts_of(who, council)
    if actor.council == council.key and actor.post in posts:
        return
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"To {what} whole records of {council.title} is not this post's to do.",
        f"Ask the {' or the '.join(title.lower() for title in posts.values())} of {council.title}.",
        who.cites[0],
    )
