"""Deputies in the register: who stands in for whom now, and how that is written down.

The rules are in `rules.cover`. A cover counts from the moment at which it is in the log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sql

from models.cover import Cover, StandsInFor, cover_id
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from models.process import Notice
from register.database import writing
from register.fold import catch_up
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
        before = self._events(who)
        self._check(who, wanted)
        details = {"deputy": wanted.deputy, "from": str(from_on), "until": str(until), "reason": reason}
        return self._note(who, GIVE, details, before)

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
        before = self._events(who)
        known = self._check(who, wanted)
        over = [one for one in known if one.staff == who.staff.staff and one.ended_at is None]
        ends = [one.number for one in over if one.of_process == process_id]
        details = {
            "deputy": wanted.deputy,
            "from": str(today),
            "of_process": process_id,
            "ends": ends,
            "reason": reason,
        }
        return self._note(who, REASSIGN, details, before)

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
        who = Arrangement(council, by, staff, staff)
        before = self._events(who)
        known = [
            one
            for one in self.around([staff.staff])
            if one.staff == staff.staff
            and one.ended_at is None
            and (one.until is None or one.until >= today)
            and deputy in (None, one.deputy)
        ]
        if not known or any(one.deputy != by.staff for one in known):
            require_may_arrange(council, by, staff)
        if not known:
            raise Refused(
                RefusalCode.UNKNOWN,
                f"Nobody stands in for {staff.staff}, now or later.",
                "`starter.py cover --list` shows who stands in for whom.",
            )
        self._write(who, END, {"ends": [one.number for one in known]}, [one.deputy for one in known], before)
        return known

    def _check(self, who: Arrangement, wanted: Cover) -> list[Cover]:
        known = self.around([who.staff.staff, who.deputy.staff])
        require_cover(who.council, wanted, who.by, who.staff, who.deputy, known, self.now())
        return known

    def _events(self, who: Arrangement) -> int:
        """How much has been said of somebody's cover so far: what is written next has to come right after it."""
        with self._engine.connect() as connection:
            return _last(connection, who)

    def _note(self, who: Arrangement, what: str, details: Mapping[str, object], before: int) -> Cover:
        self._write(who, what, details, [who.deputy.staff], before)
        theirs = [one for one in self.around([who.staff.staff]) if one.staff == who.staff.staff]
        return max(theirs, key=lambda one: one.number)

    def _write(
        self, who: Arrangement, what: str, details: Mapping[str, object], deputies: Sequence[str], before: int
    ) -> None:
        # A deputy is told in the post in which they stand in: that of the person, or their own where it is at hand.
        told = {who.staff.staff: who.staff.post, **dict.fromkeys(deputies, who.deputy.post)}
        notices = [Notice(post=post, staff=one, subject=what) for one, post in told.items() if one != who.by.staff]
        with writing(self._engine) as connection:
            lock_chain(connection)
            if _last(connection, who) != before:
                raise Refused(
                    RefusalCode.ILLEGAL_MOVE,
                    f"Somebody arranged the cover of {who.staff.staff} just now.",
                    "Look at it with `starter.py cover --list`, and send yours again if it is still wanted.",
                )
            noted(
                connection,
                process_id=cover_id(who.council.key, who.staff.staff),
                what=what,
                staff=who.by.staff,
                post=who.by.post,
                at=self.now(),
                details={name: value for name, value in details.items() if value is not None},
                procedure_version=who.council.version,
                notices=notices,
            )


def _last(connection: sql.Connection, who: Arrangement) -> int:
    these = EVENT.c.process_id == cover_id(who.council.key, who.staff.staff)
    return connection.scalar(sql.select(sql.func.max(EVENT.c.sequence)).where(these)) or 0


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
