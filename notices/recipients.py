"""Who is told: the people who hold a post, the case's own before all others, and whoever stands in for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from models.cover import Cover
from models.people import Actor
from notices.facts import Case, case_of
from register.notices import Unfolded
from register.reading.covers import covers_around
from register.reading.notices import DeliveryState, Noted, Recipient
from rules.cover import in_force


class Directory(Protocol):
    """The staff directory, as far as notices ask it."""

    @property
    def actors(self) -> Mapping[str, Actor]:
        """Everybody by staff reference, also who has left."""

    def holders(self, council: str, post: str, unit: str | None = None) -> Sequence[Actor]:
        """Who holds a post now; with a unit, those of it and those of all units."""

    def has_left(self, reference: str) -> bool:
        """Whether somebody does not work here any more."""

    def email(self, reference: str) -> str | None:
        """Where somebody is written to."""


def recipients(connection: sql.Connection, stretch: Unfolded, directory: Directory, now: datetime) -> list[Recipient]:
    """Who is told of each notice. Nobody is told twice of the same, under two posts or because a worker died.

    Args:
        connection: To the register.
        stretch: The notices of whole events, in order.
        directory: Who is who.
        now: UTC. Deputies are those of this day.
    """
    told: set[tuple[str, int, str, str]] = set()
    found = []
    for notice in stretch.notices:
        if notice.id in stretch.told_already:
            found.append(Recipient(notice_id=notice.id, state=DeliveryState.JOINED))
            continue
        for one in _safely(connection, notice, directory, now):
            key = (notice.process_id, notice.sequence, notice.subject, one.recipient)
            again = one.state is DeliveryState.WAITING and key in told
            found.append(one.model_copy(update={"state": DeliveryState.JOINED}) if again else one)
            told.add(key)
    return found


def _safely(connection: sql.Connection, notice: Noted, directory: Directory, now: datetime) -> list[Recipient]:
    """Who is told; a notice that nobody foresaw fails where people see it, and holds up no other."""
    try:
        return of_notice(connection, notice, directory, now)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        fault = f"it could not be found out who is told ({type(error).__name__})"
        return [Recipient(notice_id=notice.id, state=DeliveryState.FAILED, fault=fault)]


def of_notice(connection: sql.Connection, notice: Noted, directory: Directory, now: datetime) -> list[Recipient]:
    """Who is told of one notice: at least one line, if only that nobody can be.

    Args:
        connection: To the register.
        notice: The notice.
        directory: Who is who.
        now: UTC.
    """
    case = case_of(connection, notice)
    meant = _meant(notice, case, directory)
    covers = covers_around(connection, meant) if meant else []
    there: dict[str, str | None] = {}
    for staff, covered in _with_deputies(meant, notice.process_id, covers, now):
        if _is_here(staff, directory) and (covered is None or staff not in there):
            there[staff] = covered
    if not there:  # whoever was meant is gone: their post has to know
        there = {actor.staff: None for actor in _holders(notice.post, case, directory)}
    if not there:
        return [Recipient(notice_id=notice.id, state=DeliveryState.FAILED, fault=_nobody(notice, case))]
    return [Recipient(notice_id=notice.id, recipient=staff, on_behalf_of=covered) for staff, covered in there.items()]


def _meant(notice: Noted, case: Case, directory: Directory) -> list[str]:
    """The people whom a notice means: the one it names, the case's own person in that post, or all who hold it."""
    if notice.staff is not None:
        return [notice.staff]
    for staff in case.own_staff:
        known = directory.actors.get(staff)
        if known is not None and known.post == notice.post:
            return [staff]
    return [actor.staff for actor in _holders(notice.post, case, directory)]


def _holders(post: str, case: Case, directory: Directory) -> Sequence[Actor]:
    return directory.holders(case.council, post, case.unit or None)


def _is_here(staff: str, directory: Directory) -> bool:
    return staff in directory.actors and not directory.has_left(staff)


def _with_deputies(
    people: Iterable[str], process_id: str, covers: Sequence[Cover], now: datetime, seen: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str | None]]:
    """Each person, and who stands in for them; work that was given to somebody for good is theirs alone."""
    for staff in people:
        here = [
            cover
            for cover in covers
            if cover.staff == staff and in_force(cover, now) and cover.of_process in (None, process_id)
        ]
        given = [cover.deputy for cover in here if cover.reassigned and cover.deputy not in seen]
        if given:
            yield from _with_deputies(given, process_id, covers, now, seen | {staff})
        else:
            yield staff, None
            yield from ((cover.deputy, staff) for cover in here if not cover.reassigned)


def _nobody(notice: Noted, case: Case) -> str:
    if notice.staff is not None:
        return f"nobody here has the staff reference {notice.staff}, and nobody holds the post {notice.post}"
    where = f" in the unit {case.unit}" if case.unit else ""
    return f"nobody holds the post {notice.post}{where}"
