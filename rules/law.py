"""What the law forbids or demands, above every council: no post can pass it, and no emergency."""

from datetime import date

from models.intake import Law
from models.procedure import Council
from rules.conditions import Facts, as_day, fact
from rules.requirements import Step, concerns, require_each


def applies(law: Law, facts: Facts, today: date) -> bool:
    """Whether a law is in force for a case: by the day that it is judged on, where that is known, else today.

    Args:
        law: The law.
        facts: What is known of the case.
        today: Local date.
    """
    named = fact(facts, law.judged_on) if law.judged_on else None
    day = as_day(named) if named is not None else today
    return law.in_force_from <= day and (law.in_force_until is None or day <= law.in_force_until)


def require_lawful(step: Step, facts: Facts, council: Council, today: date, outcome: str | None = None) -> list[str]:
    """Refuse a step that the law does not allow.

    Declining, deferring, returning and withdrawing are always lawful: they are asked of nobody here.

    Args:
        step: The step.
        facts: What is known of the case.
        council: The procedure, which carries the law as it stood.
        today: Local date.
        outcome: At the decision: what is decided.

    Returns:
        What people should see although the step passes, one sentence each.

    Raises:
        Refused: The code, sentence and remedy that go with the law.
    """
    here = [law for law in council.law if concerns(law, step) and applies(law, facts, today)]
    return require_each(here, step, facts, council, (), today, outcome)
