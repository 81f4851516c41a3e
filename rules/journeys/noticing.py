"""What follows at once from what a form says: what it asks to be authorised, alerts, and other forums proposed."""

from datetime import datetime

from models.journey import JourneyState
from rules.journeys.authorising import ask
from rules.journeys.common import today
from rules.journeys.knowing import known
from rules.journeys.onward import propose_by_rule
from rules.journeys.watching import raise_alerts


def look_at_form(state: JourneyState, now: datetime) -> None:
    """Look at a form that has come, or changed, or goes to another forum.

    Args:
        state: The journey.
        now: UTC.
    """
    ask(state, now)
    raise_alerts(state, now)
    propose_by_rule(state, known(state, today(now)), now)
