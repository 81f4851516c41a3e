"""How people write what an act says: the words, labels and lists that are understood in each other's place."""

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints

from models.people import Owner
from models.vocabulary import Outcome


def _joined(value: object) -> object:
    """Several texts as one, without blanks around it: a text of blanks says nothing, and is refused as empty."""
    text = "; ".join(str(part) for part in value) if isinstance(value, list | tuple) else value
    return text.strip() if isinstance(text, str) else text


def _owner(value: object) -> object:
    return {"staff": value} if isinstance(value, str) else value


def _label(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def measure_said(value: object) -> object:
    """A measure as people say it: `immediate accommodation`, `legal planning meeting`."""
    said = value.casefold() if isinstance(value, str) else ""
    words = {"secure": "secure_accommodation", "accommodat": "accommodation", "advice": "legal_advice"}
    words |= {"proceeding": "legal_proceedings", "planning": "legal_proceedings", "package": "support_package"}
    words |= {"protection": "emergency_protection_order", "epo": "emergency_protection_order"}
    return next((measure for word, measure in words.items() if word in said), value)


def keys_that_are_true(value: object) -> object:
    """The keys of what is said to be so, where each key has its yes or no."""
    return tuple(key for key, said in value.items() if said) if isinstance(value, dict) else value


DECISION_WORDS = {
    "approve": Outcome.APPROVED,
    "approve_with_conditions": Outcome.APPROVED_WITH_CONDITIONS,
    "decline": Outcome.DECLINED,
    "defer": Outcome.DEFERRED,
    "refer_on": Outcome.REFERRED_ON,
    "ratify": Outcome.RATIFIED,
    "not_ratify": Outcome.NOT_RATIFIED,
    "advise": Outcome.ADVISED,
    "note": Outcome.NOTED,
}
"""The verbs of a decision; the outcome itself (`approved`) is understood too."""


def decision_said(value: object) -> object:
    """An outcome by the verb of its decision."""
    return DECISION_WORDS.get(value, value) if isinstance(value, str) else value


def _finding(value: object) -> object:
    """What was found, as text unless it is yes or no or a list: a number or a day is text too."""
    if isinstance(value, bool | list | tuple | str):
        return value
    return str(value)


def service_said(value: object) -> object:
    """A service of which no more than the name was said."""
    return {"service": value} if isinstance(value, str) else value


Text = Annotated[
    str, BeforeValidator(_joined), StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)
]
Texts = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
]
Label = Annotated[str, BeforeValidator(_label), StringConstraints(min_length=1, max_length=200)]
Why = Annotated[Text, Field(validation_alias=AliasChoices("reasons", "reason", "circumstances"))]
MaybeWhy = Annotated[Text | None, Field(validation_alias=AliasChoices("reasons", "reason"))]
Owned = Annotated[Owner, BeforeValidator(_owner)]
CaseLabel = Annotated[Label, Field(description="The referral reference of the case")]
Finding = Annotated[
    bool
    | Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
    | tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...],
    BeforeValidator(_finding),
]
"""What a panel found at one of its checkpoints: text, yes or no, or a list."""
Findings = Annotated[dict[str, Finding], Field(validation_alias=AliasChoices("checkpoints", "findings"))]
