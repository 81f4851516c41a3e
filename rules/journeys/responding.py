"""How soon services respond: by the band of the score, from the decision, or from the receipt of a direct referral."""

from datetime import datetime, timedelta

from models.journey import JourneyState
from rules import clocks
from rules.journeys.common import role_here, today
from rules.journeys.knowing import band
from rules.working_days import add_working_days

RESPONSE = "response"
"""The clock rule of a council whose bands say how soon services respond."""


def watch_response(state: JourneyState, now: datetime) -> None:
    """Watch until when services respond, from now; what is watched already goes on.

    Args:
        state: The journey, decided on or come by the direct route.
        now: UTC.
    """
    running = state.clocks.get(RESPONSE)
    found = band(state, now)
    if found is None or (running is not None and running.ticking):
        return
    if found.elapsed_hours is not None:
        due = now + timedelta(hours=found.elapsed_hours)
    elif found.working_days is not None:
        due = clocks.due_on(state, RESPONSE, add_working_days(today(now), found.working_days, state.calendar))
    else:
        return
    clocks.start(state, RESPONSE, RESPONSE, due, role_here(state, "administrator"), now)
