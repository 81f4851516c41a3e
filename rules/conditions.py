"""Answers a council's conditions about a referral."""

from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from models.conditions import Condition, Conditions
from models.procedure import Setting
from models.referral import Referral
from rules.working_days import longer_than

Settings = dict[str, Setting]


def fact(referral: Referral, path: str) -> Any:  # noqa: ANN401 - a form's field may be of any type
    """The value of a form's field by its dotted path; `None` when any part of the way is not filled in.

    Args:
        referral: The intake form.
        path: For example `circumstances.legal_status`.

    Raises:
        AttributeError: The form has no such field: a fault of the procedure file, found when it is loaded.
    """
    value: Any = referral
    for part in path.split("."):
        if value is None:
            return None
        value = getattr(value, part)
    return value


def path_exists(path: str) -> bool:
    """Whether the intake form has a field at a dotted path.

    Args:
        path: For example `child.date_of_birth`.
    """
    shape: Any = Referral
    for part in path.split("."):
        if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
            return False
        if part in shape.model_fields:
            kind = shape.model_fields[part].annotation
            options = [k for k in getattr(kind, "__args__", ()) if isinstance(k, type)]
            shape = next((k for k in options if issubclass(k, BaseModel)), kind)
        elif isinstance(getattr(shape, part, None), property):
            shape = None
        else:
            return False
    return True


def holds(condition: Condition, referral: Referral, today: date, settings: Settings) -> bool:
    """Whether one condition holds.

    Args:
        condition: What is asked.
        referral: The intake form.
        today: Local date.
        settings: The council's own amounts.
    """
    value = fact(referral, condition.path)
    if condition.present is not None:
        return bool(value) is condition.present
    if value is None:
        return False
    answers = (
        condition.equals is None or _word(value) == _word(condition.equals),
        not condition.one_of or _word(value) in {_word(word) for word in condition.one_of},
        condition.longer_than is None or longer_than(value, condition.longer_than, today),
        condition.years_reached is None or value + relativedelta(years=condition.years_reached) <= today,
        condition.above_setting is None or value > _amount(condition.above_setting, settings),
        condition.not_above_setting is None or value <= _amount(condition.not_above_setting, settings),
        condition.not_zero is None or (value != 0) is condition.not_zero,
    )
    return all(answers)


def all_hold(conditions: Conditions, referral: Referral, today: date, settings: Settings) -> bool:
    """Whether every condition holds; no conditions always do.

    Args:
        conditions: What is asked.
        referral: The intake form.
        today: Local date.
        settings: The council's own amounts.
    """
    return all(holds(condition, referral, today, settings) for condition in conditions)


def _word(value: object) -> object:
    """A value as words are compared: `Section 20` is `section 20`."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _amount(key: str, settings: Settings) -> Decimal:
    return settings[key].value
