"""What must be so at a step of a case, whoever asks for it: a forum, a matter or the law."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from models.errors import Refused
from models.intake import Requirement
from models.procedure import Council
from rules.conditions import Facts, all_hold, fact

Step = Literal["refer", "sign_off", "endorse", "emergency", "decision", "start_placement"]


def require_each(  # noqa: PLR0913 - one question, asked from many places
    needs: Iterable[Requirement],
    step: Step,
    facts: Facts,
    council: Council,
    criteria: Iterable[str],
    today: date,
    outcome: str | None = None,
) -> list[str]:
    """Refuse a step for which some of these requirements are not met.

    Args:
        needs: Requirements of a forum, or of a matter.
        step: The step.
        facts: What is known of the case.
        council: The procedure.
        criteria: Rule ids of the criteria that the case meets.
        today: Local date.
        outcome: At the decision: what is decided.

    Returns:
        What people should see although the step passes, one sentence each.

    Raises:
        Refused: The code, sentence and remedy that the requirement gives.
    """
    met, flags = set(criteria), []
    for need in needs:
        if not (_asked(need, step, facts, council, met, today, outcome) and is_broken(need, facts, council, today)):
            continue
        if need.waived_in_emergency and fact(facts, "route.emergency"):
            flags.append(f"Waived in an emergency: {need.sentence} ({need.cites[0]})")
        elif need.effect == "flag":
            flags.append(f"{need.sentence} ({need.cites[0]})")
        else:
            raise Refused(need.code, need.sentence, need.remedy, need.cites[0])
    return flags


def _asked(  # noqa: PLR0913 - one private place
    need: Requirement, step: Step, facts: Facts, council: Council, met: set[str], today: date, outcome: str | None
) -> bool:
    if not concerns(need, step):
        return False
    if need.criteria and not met.intersection(need.criteria):
        return False
    if step == "decision" and need.outcomes and outcome not in need.outcomes:
        return False
    if need.unless and all_hold(need.unless, facts, today, council):
        return False
    return all_hold(need.when, facts, today, council)


def concerns(need: Requirement, step: Step) -> bool:
    """Whether something is asked at a step at all.

    Args:
        need: What is asked.
        step: The step.
    """
    return step == need.at if isinstance(need.at, str) else step in need.at


def is_broken(need: Requirement, facts: Facts, council: Council, today: date) -> bool:
    """Whether something that is asked of a case is not so.

    Args:
        need: What is asked.
        facts: What is known of the case.
        council: The procedure.
        today: Local date.
    """
    if need.forbids:
        return True
    if need.must:
        return not all_hold(need.must, facts, today, council)
    return not any(is_filled(fact(facts, path)) for path in (need.field, *need.fields) if path)


def is_filled(value: Any) -> bool:  # noqa: ANN401 - any field of a form
    """Whether a field says something: `false` and nought do, an empty text or list does not.

    Args:
        value: The field's value.
    """
    return value is not None and (isinstance(value, bool | int | Decimal) or bool(value))
