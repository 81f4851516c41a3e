"""Deputies in the register: who stands in for whom now, and how that is written down.

The rules are in `rules.cover`. A cover counts from the moment at which it is in the log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import sqlalchemy as sql

from models.cover import Cover, StandsInFor, cover_id
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from models.process import Notice
from register.database import writing
from register.fold import catch_up, folded_until
from register.log import lock_chain, noted
from register.reading.covers import covers_around, covers_of
from register.tables import EVENT
from rules.cover import END, GIVE, REASSIGN, require_cover, require_may_arrange, require_stands_in, stands_in_for
from rules.working_days import local


def wall_clock() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Arrangement:
    """Who arranges that whose work is done by whom.

    Attributes:
        council: The procedure.
        by: Who arranges it.
        staff: Whose work it is.
        deputy: Who is to do it.
    """

    council: Council
    by: Actor
    staff: Actor
    deputy: Actor


class Deed(NamedTuple):
    """What is written down of an arrangement that was found to be allowed, and who the deputies in it are."""

    what: str
    details: Mapping[str, object]
    deputies: tuple[str, ...]


class Covers:
    """Who stands in for whom.

    Args:
        engine: The register's.
        clock: The present moment, UTC.
    """

    def __init__(self, engine: sql.Engine, clock: Callable[[], datetime] = wall_clock) -> None:
        self._engine = engine
        self.now = clock

    def around(self, staff: Iterable[str]) -> list[Cover]:
        """Every cover that concerns these people, as the log has it now.

        Args:
            staff: Staff references.
        """
        catch_up(self._engine)
        with self._engine.connect() as connection:
            return covers_around(connection, staff)

    def listed(self, council: str | None = None, staff: str | None = None) -> list[Cover]:
        """Covers as they were given, the latest first.

        Args:
            council: Only of this council.
            staff: Only whose work this person's is, or who does it.
        """
        catch_up(self._engine)
        with self._engine.connect() as connection:
            return covers_of(connection, council, staff)

    def principals(self, deputy: str) -> list[StandsInFor]:
        """Whose work somebody does now.

        Args:
            deputy: Staff reference.
        """
        return stands_in_for(deputy, self.around([deputy]), self.now())

    def require(self, actor: Actor, process_id: str) -> None:
        """Refuse whoever acts on somebody's behalf without a cover that is in force.

        Args:
            actor: Who acts.
            process_id: On what.

        Raises:
            Refused: `not_authorised`.
        """
        if actor.on_behalf_of is not None:
            require_stands_in(actor, process_id, self.around([actor.staff]), self.now())

    def give(self, who: Arrangement, from_on: date, until: date, reason: str | None = None) -> Cover:
        """Let somebody stand in for a time.

        Args:
            who: Who arranges what for whom.
            from_on: The first day, local.
            until: The last day, local.
            reason: Why; it goes to the register only.

        Raises:
            Refused: The rules do not allow it.
        """
        wanted = _cover(who, from_on, until)
        details = {"deputy": wanted.deputy, "from": str(from_on), "until": str(until), "reason": reason}

        def judged(known: Sequence[Cover]) -> Deed:
            require_cover(who.council, wanted, who.by, who.staff, who.deputy, known, self.now())
            return Deed(GIVE, details, (wanted.deputy,))

        return wanted.model_copy(update={"number": self._arranged(who, judged)})

    def reassign(self, who: Arrangement, reason: str, process_id: str | None = None) -> Cover:
        """Hand somebody's work, or one process of it, over for good; covers that stood for the same end.

        A process that was handed to somebody before stays theirs when all the rest goes.

        Args:
            who: Who arranges what for whom.
            reason: Why; it goes to the register only.
            process_id: Only this process.

        Raises:
            Refused: The rules do not allow it.
        """
        today = local(self.now()).date()
        wanted = _cover(who, today, None, process_id)

        def judged(known: Sequence[Cover]) -> Deed:
            require_cover(who.council, wanted, who.by, who.staff, who.deputy, known, self.now())
            over = [one for one in known if one.staff == who.staff.staff and one.ended_at is None]
            details = {
                "deputy": wanted.deputy,
                "from": str(today),
                "of_process": process_id,
                "ends": [one.number for one in over if one.of_process == process_id],
                "reason": reason,
            }
            return Deed(REASSIGN, details, (wanted.deputy,))

        return wanted.model_copy(update={"number": self._arranged(who, judged)})

    def end(self, council: Council, by: Actor, staff: Actor, deputy: str | None = None) -> list[Cover]:
        """End who stands in for somebody, from now on.

        Args:
            council: The procedure.
            by: The person, a manager of theirs, or a deputy who steps back.
            staff: Whose work it is.
            deputy: Only this deputy.

        Raises:
            Refused: `not_authorised`, or `unknown` where nobody stands in for them.
        """
        today = local(self.now()).date()
        ended: list[Cover] = []

        def judged(known: Sequence[Cover]) -> Deed:
            ended[:] = (
                one
                for one in known
                if one.staff == staff.staff
                and one.ended_at is None
                and (one.until is None or one.until >= today)
                and deputy in (None, one.deputy)
            )
            _require_may_end(council, by, staff, ended)
            return Deed(END, {"ends": [one.number for one in ended]}, tuple(one.deputy for one in ended))

        self._arranged(Arrangement(council, by, staff, staff), judged)
        return ended

    def _arranged(self, who: Arrangement, judged: Callable[[Sequence[Cover]], Deed]) -> int:
        """Judge and write while nobody else can: two who arrange something at once must not both find it allowed.

        Returns:
            The number of what was written, for a cover.
        """
        while True:
            catch_up(self._engine)
            with writing(self._engine) as connection:
                lock_chain(connection)
                known = _known(connection, [who.staff.staff, who.deputy.staff])
                if known is not None:
                    number = self._write(connection, who, judged(known))
                    break
        catch_up(self._engine)
        return number

    def _write(self, connection: sql.Connection, who: Arrangement, deed: Deed) -> int:
        # A deputy is told in the post in which they stand in: that of the person, or their own where it is at hand.
        told = {who.staff.staff: who.staff.post, **dict.fromkeys(deed.deputies, who.deputy.post)}
        position = noted(
            connection,
            process_id=cover_id(who.council.key, who.staff.staff),
            what=deed.what,
            staff=who.by.staff,
            post=who.by.post,
            at=self.now(),
            details={name: value for name, value in deed.details.items() if value is not None},
            procedure_version=who.council.version,
            notices=[
                Notice(post=post, staff=one, subject=deed.what) for one, post in told.items() if one != who.by.staff
            ],
        )
        number: int = connection.execute(sql.select(EVENT.c.sequence).where(EVENT.c.position == position)).scalar_one()
        return number


def _known(connection: sql.Connection, staff: Iterable[str]) -> list[Cover] | None:
    """Every cover around these people; `None` where the read models lack something that was arranged meanwhile."""
    mark = folded_until(connection)
    found = covers_around(connection, staff)
    since = sql.select(EVENT.c.position).where(
        EVENT.c.position > mark.position, EVENT.c.what.in_((GIVE, REASSIGN, END))
    )
    if connection.scalar(since.limit(1)) is not None or folded_until(connection).generation != mark.generation:
        return None
    return found


def _require_may_end(council: Council, by: Actor, staff: Actor, ended: Sequence[Cover]) -> None:
    if not ended or any(one.deputy != by.staff for one in ended):
        require_may_arrange(council, by, staff)
    if not ended:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"Nobody stands in for {staff.staff}, now or later.",
            "`starter.py cover --list` shows who stands in for whom.",
        )


def _cover(who: Arrangement, from_on: date, until: date | None, process_id: str | None = None) -> Cover:
    return Cover(
        council=who.council.key,
        staff=who.staff.staff,
        number=1,
        deputy=who.deputy.staff,
        from_on=from_on,
        until=until,
        of_process=process_id,
        reassigned=until is None,
    )
