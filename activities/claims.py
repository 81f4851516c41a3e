"""Running totals across journeys: who claims how much of which total, in the order of their asking.

One table in the register's database. A claim is a journey's own row: asking again for the same changes nothing, and is
answered with what lies before it. One that changes goes to the end of the line, so that two requests at the same moment
never both count as the first.
"""

from decimal import Decimal

import sqlalchemy as sql
from temporalio import activity

from models.journey import Claim
from models.process import Shape
from register.database import writing
from register.tables import CLAIM

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
        mine = (CLAIM.c.process_id == claimed.process_id) & (CLAIM.c.round == asked.round)
        same = sql.and_(
            CLAIM.c.council == claimed.council,
            CLAIM.c.total == asked.total,
            CLAIM.c.of == asked.of,
            CLAIM.c.window == asked.window,
        )
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql.text("LOCK TABLE claim IN SHARE ROW EXCLUSIVE MODE"))
            unchanged = same & (CLAIM.c.pence == pence)
            connection.execute(sql.delete(CLAIM).where(mine & ~unchanged))
            if pence == 0:
                return Decimal(0)
            number = connection.scalar(sql.select(CLAIM.c.number).where(mine))
            if number is None:
                number = (connection.scalar(sql.select(sql.func.max(CLAIM.c.number))) or 0) + 1
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
                connection.execute(sql.insert(CLAIM).values(row))
            earlier = sql.select(sql.func.sum(CLAIM.c.pence)).where(same & (CLAIM.c.number < number))
            return Decimal(connection.scalar(earlier) or 0) / PENCE
