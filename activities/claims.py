"""Running totals across journeys: who claims how much of which total, in the order of their asking.

One table in the register's database. A claim is a journey's own row: asking again for the same changes nothing, and is
answered with what lies before it. One that changes goes to the end of the line, so that two requests at the same moment
never both count as the first.
"""

from decimal import Decimal

import sqlalchemy as sql
from temporalio import activity

from activities.register import CLAIMS
from models.journey import Claim
from models.process import Shape

PENCE = 100


class Claimed(Shape):
    """Which journey claims what."""

    process_id: str
    council: str
    claim: Claim


class Claims:
    """The running totals of one installation.

    Args:
        engine: The register's, from `open_register`.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    @activity.defn(name="claim")
    def claim(self, claimed: Claimed) -> Decimal:
        """Claim a part of a total, change a claim, or give it up.

        Args:
            claimed: Which journey claims what; an amount of nothing gives the claim up.

        Returns:
            What others claimed of it earlier and have not given up, in pounds.
        """
        asked = claimed.claim
        pence = int(asked.amount * PENCE)
        mine = (CLAIMS.c.process_id == claimed.process_id) & (CLAIMS.c.round == asked.round)
        same = sql.and_(
            CLAIMS.c.council == claimed.council,
            CLAIMS.c.total == asked.total,
            CLAIMS.c.of == asked.of,
            CLAIMS.c.window == asked.window,
        )
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql.text("LOCK TABLE claim IN SHARE ROW EXCLUSIVE MODE"))
            # Writing first takes SQLite's lock before anything is read.
            unchanged = same & (CLAIMS.c.pence == pence)
            connection.execute(sql.delete(CLAIMS).where(mine & ~unchanged))
            if pence == 0:
                return Decimal(0)
            number = connection.scalar(sql.select(CLAIMS.c.number).where(mine))
            if number is None:
                number = (connection.scalar(sql.select(sql.func.max(CLAIMS.c.number))) or 0) + 1
                row = {
                    "process_id": claimed.process_id,
                    "round": asked.round,
                    "council": claimed.council,
                    "total": asked.total,
                    "of": asked.of,
                    "window": asked.window,
                    "pence": pence,
                    "number": number,
                }
                connection.execute(sql.insert(CLAIMS).values(row))
            earlier = sql.select(sql.func.sum(CLAIMS.c.pence)).where(same & (CLAIMS.c.number < number))
            return Decimal(connection.scalar(earlier) or 0) / PENCE
