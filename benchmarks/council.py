"""A council for measuring: Hillingdon's procedure, with a sitting today whatever day it is, ten cases each."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from models.data import Weekday
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.referral import Referral
from models.snapshot import shared
from models.timetable import Schedule
from procedures.loader import load_council
from rules.working_days import local

CASES_A_SITTING = 10
FORM = Path(__file__).parents[1] / "examples" / "hillingdon-harp.json"


@cache
def council(key: str) -> Council:
    """A council of its own, so that it has a sitting of its own.

    Args:
        key: `bench-0`, `bench-1` and so on.
    """
    real = load_council("hillingdon")
    harp = real.forums["harp"]
    today = list(Weekday)[local(datetime.now(UTC)).weekday()]
    schedule = Schedule(
        weekday=today,
        starts=time(23, 59),
        on_holiday="next_working_day_of_week",
        cites=("HIL-068",),
        assumed="measured",
    )
    measured = harp.model_copy(update={"schedule": schedule, "cut_off": None})
    return shared(real.model_copy(update={"key": key, "forums": {**real.forums, "harp": measured}}))


@cache
def calendar(_key: str, first_year: int) -> WorkingCalendar:
    """A calendar on which every day is a working day.

    Args:
        first_year: The first year.
    """
    return WorkingCalendar(days_off=(), until=date(first_year + 3, 12, 31), weekend=())


@cache
def _example() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(FORM.read_text(encoding="utf-8"))
    return body


def form(key: str, number: int, run: str) -> Referral:
    """An intake form.

    Args:
        key: The council.
        number: Which of its cases.
        run: What makes references of this run its own.
    """
    return Referral.model_validate({**_example(), "council": key, "referral_ref": f"{run}-{number}"})


def staff(key: str, post: str, *, name: str | None = None, unit: str | None = None) -> Actor:
    """A member of staff.

    Args:
        key: The council.
        post: Their post.
        name: Their reference; the post when left out.
        unit: What they answer for.
    """
    return Actor(staff=name or post, post=post, council=key, unit=unit)
