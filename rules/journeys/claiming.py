"""A journey's claim on a running total: asked for with the form, kept when approved, given up when it is not."""

from datetime import date, datetime
from decimal import Decimal

from models.journey import Claim, JourneyState
from models.vocabulary import APPROVALS, Stage
from rules import clocks
from rules.authority import system
from rules.journeys.common import WATCHED, notices, to_whose_move, today, waiting_on
from rules.matters import amount_of, matter_of, whose
from rules.process import note

APRIL = 4
FIRST = Decimal(1)
"""What a claim without a sum counts as: one place."""


def financial_year(day: date) -> str:
    """The financial year that a day lies in, from 1 April, such as `2030-31`.

    Args:
        day: Local date.
    """
    year = day.year if day.month >= APRIL else day.year - 1
    return f"{year}-{(year + 1) % 100:02}"


def claim(state: JourneyState, now: datetime) -> None:
    """Ask for the running total that the form counts in, as it now stands.

    Args:
        state: The journey: referred, amended, or asked for again.
        now: UTC.
    """
    matter = matter_of(state)
    rule = state.procedure.totals.get(matter.total) if matter is not None and matter.total else None
    of = whose(rule.of, state.referral) if rule is not None else None
    if matter is None or matter.total is None or rule is None or of is None:
        release_claim(state)
        return
    wanted = Claim(
        total=matter.total,
        of=of,
        window=financial_year(today(now)) if rule.window == "financial_year" else "",
        amount=amount_of(state.referral) or FIRST,
        round=len(state.decisions),
    )
    before = state.claim
    if before is None or before.model_copy(update={"before": None}) != wanted:
        state.claim = wanted


def release_claim(state: JourneyState) -> None:
    """Give up a claim: it was withdrawn, refused, or belongs to another matter.

    Args:
        state: The journey.
    """
    if state.claim is not None and state.claim.amount:
        state.claim = state.claim.model_copy(update={"amount": Decimal(0), "before": None})


def settle_claim(state: JourneyState) -> None:
    """Keep a claim whose matter was approved; give up any other that was decided.

    Args:
        state: The journey, decided.
    """
    if state.outcome not in APPROVALS:
        release_claim(state)


def claim_answered(state: JourneyState, asked: Claim, before: Decimal, now: datetime) -> None:
    """Take the answer: what was claimed earlier in the same total. It may be another post's to decide now.

    Args:
        state: The journey.
        asked: What it had asked for; a claim that has changed since is asked for again.
        before: The earlier claims, in pounds.
        now: UTC.
    """
    if state.claim != asked:
        return
    whose_move = waiting_on(state)
    state.claim = asked.model_copy(update={"before": before})
    if not asked.amount:
        return
    rule = state.procedure.totals.get(asked.total)
    reached = before + asked.amount
    crossed = rule is not None and rule.watch_above is not None and before <= rule.watch_above < reached
    told = notices(f"total_above:{asked.total}", rule.tells) if rule is not None and crossed else ()
    passed_on = waiting_on(state) != whose_move
    if passed_on and state.stage is Stage.AWAITING_DECISION:
        name = WATCHED[state.stage]
        clocks.start(state, name, name, clocks.due_after(state, name, now), waiting_on(state) or "", now)
    note(
        state,
        now,
        "total_above" if crossed else "total_known",
        system(state.procedure),
        cites=rule.cites if rule is not None else (),
        details={"total": asked.total, "before": str(before), "with_this": str(reached)},
        notices=(*told, *(to_whose_move(state, "to_decide") if passed_on else ())),
        text=f"{asked.total} {reached}",
    )
