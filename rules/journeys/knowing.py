"""What a journey knows of its case, for conditions; and how urgent its points make it."""

from datetime import date, datetime

from models.intake import Band
from models.journey import JourneyState
from rules import scoring
from rules.conditions import Facts, Known, fact
from rules.form import known_form, require_at
from rules.law import applies
from rules.requirements import Step, concerns, require_each
from rules.working_days import local


def known(state: JourneyState, today: date) -> Known:
    """The form with everything else that the journey knows of the case.

    Args:
        state: The journey.
        today: Local date.
    """
    emergency = state.emergency is not None and (state.emergency.authorised_by is not None or state.emergency.listed)
    return known_form(
        state.referral,
        state.procedure,
        today,
        {
            "route.emergency": emergency,
            "route.came_from": state.from_forum,
            "heard_before": bool(state.decisions),
        },
    )


def require_step(state: JourneyState, step: Step, now: datetime, outcome: str | None = None) -> list[str]:
    """Refuse a step that the law forbids, or for which the case lacks what its forum requires. See `require_at`.

    Args:
        state: The journey.
        step: The step.
        now: UTC.
        outcome: At the decision: what is decided.
    """
    day = local(now).date()
    met = [criterion.rule for criterion in state.criteria]
    return require_at(step, known(state, day), state.procedure, state.forum_key, met, day, outcome)


def requirement_flags(state: JourneyState, now: datetime) -> list[str]:
    """What is asked of the case before its decision, is not so, and stops nothing.

    Args:
        state: The journey.
        now: UTC.
    """
    day = local(now).date()
    facts = known(state, day)
    steps: tuple[Step, ...] = ("refer", "sign_off", "endorse", "emergency")
    return list(dict.fromkeys(flag for step in steps for flag in _spared(state, step, facts, day)))


def decision_flags(state: JourneyState, facts: Facts, outcome: str, now: datetime) -> tuple[str, ...]:
    """What is asked of a decision, is not so, and does not undo it.

    Args:
        state: The journey.
        facts: What is known of the case, the decision included.
        outcome: What was decided.
        now: UTC.
    """
    return tuple(_spared(state, "decision", facts, local(now).date(), outcome))


def _spared(state: JourneyState, step: Step, facts: Facts, day: date, outcome: str | None = None) -> list[str]:
    emergency = bool(fact(facts, "route.emergency"))
    here = [need for need in state.forum.requirements if concerns(need, step)]
    spared = [need for need in here if need.effect == "flag" or (need.waived_in_emergency and emergency)]
    flagging = [law for law in state.procedure.law if law.effect == "flag" and concerns(law, step)]
    spared += [law for law in flagging if applies(law, facts, day)]
    if not spared:
        return []
    met = [criterion.rule for criterion in state.criteria]
    return require_each(spared, step, facts, state.procedure, met, day, outcome)


def is_direct(state: JourneyState, now: datetime) -> bool:
    """Whether the case goes straight to its forum's services.

    Args:
        state: The journey.
        now: UTC.
    """
    return state.forum.direct is not None and bool(fact(known(state, local(now).date()), "route.direct"))


def points(state: JourneyState, now: datetime) -> int | None:
    """The score of the case: as it stood when the papers were in, with what a sitting that passed it over adds.

    Args:
        state: The journey.
        now: UTC.
    """
    if state.forum.scoring is None:
        return None
    day = local(state.received_at or now).date()
    return scoring.score(state.referral, known(state, day), state.procedure, day, carried_over=state.carried_over > 0)


def band(state: JourneyState, now: datetime) -> Band | None:
    """What the score leads to; `None` where the forum does not count points.

    Args:
        state: The journey.
        now: UTC.
    """
    rule, number = state.forum.scoring, points(state, now)
    if rule is None or number is None:
        return None
    direct = state.forum.direct.band if state.forum.direct and is_direct(state, now) else None
    return scoring.band(rule, number, direct=direct)


def rank(state: JourneyState) -> int | None:
    """The place that the criteria give a case among others, 1 first; `None` without a criterion that ranks.

    Args:
        state: The journey.
    """
    met = {criterion.rule for criterion in state.criteria}
    return min((c.rank for c in state.forum.criteria if c.rank is not None and c.cites[0] in met), default=None)


def score_flags(state: JourneyState, now: datetime) -> list[str]:
    """What people should check about a score.

    Args:
        state: The journey.
        now: UTC.
    """
    found = band(state, now)
    if found is not None and found.flag_at_zero and points(state, now) == 0:
        return [f"The score is 0 although the threshold is met: check it by hand ({found.cites[0]})"]
    return []
