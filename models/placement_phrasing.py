"""How people write what an act on a placement says: days or instants, a child by reference, fields at the top."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, Field, StringConstraints

from models.phrasing import Text
from models.referral import Day, Word

FIRST_YEAR, LAST_YEAR = 1900, 2199


def moment_said(value: object) -> object:
    """A day or an instant from its text, so that a day does not become midnight."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    return datetime.fromisoformat(text) if len(text) > len("2031-03-06") else date.fromisoformat(text)


def within_reason(value: date) -> date:
    """A day of this or the neighbouring centuries: what lies beyond is a slip of the keyboard."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        msg = "the year is a slip of the keyboard"
        raise ValueError(msg)
    return value


Moment = Annotated[datetime | Day, BeforeValidator(moment_said), AfterValidator(within_reason)]
"""An instant, or a day of which no more is known."""
Plain = bool | int | float | str | None
FACT = re.compile(r"\w[\w \-]{0,63}")
OF_A_CHECK = frozenset({"on", "result", "by", "review_on"})


def plainly_named(facts: dict[str, Plain]) -> dict[str, Plain]:
    """Facts that an act has no field for, by plain names: a path with dots would go round what is asked of the act."""
    if not all(FACT.fullmatch(name) for name in facts):
        msg = "names are plain words without dots; use the act's own fields (contract, provider, approval, consents)"
        raise ValueError(msg)
    return facts


def not_of_the_check(facts: dict[str, Plain]) -> dict[str, Plain]:
    """Facts of a check beside its own parts."""
    if OF_A_CHECK.intersection(facts):
        msg = f"{', '.join(sorted(OF_A_CHECK))} are fields of the check itself; say them there"
        raise ValueError(msg)
    return facts


Facts = Annotated[dict[str, Plain], AfterValidator(plainly_named)]
"""What a council's own file asks besides: plain values under plain names."""


COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SO_LONG = re.compile(rf"\s*(\d+|{'|'.join(COUNTS)})[ _-]*(?:calendar )?(day|week|month)s?\b.*", re.IGNORECASE)


def notice_said(value: object) -> object:
    """A notice period as a duration: so many days, or `28 days`, `four weeks`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"P{value}D"
    said = SO_LONG.fullmatch(value) if isinstance(value, str) else None
    if said is None:
        return value
    many = said[1].casefold()
    return f"P{COUNTS.index(many) + 1 if many in COUNTS else many}{said[2][0].upper()}"


Notice = Annotated[str, BeforeValidator(notice_said), StringConstraints(pattern=r"^P\d+[DWM]$")]
"""A notice period."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+\-]{0,63}")
"""What is kept of a fact of a check as it was written: a reference, a code or a day, never narrative."""


def checked(value: Any, shape: type[BaseModel]) -> Any:  # noqa: ANN401 - whatever came
    """What a check says beside its fields, put into its facts; of narrative only that something was said.

    Args:
        value: The check as it came.
        shape: Its fields and their other names.
    """
    if not isinstance(value, dict):
        return value
    known = set()
    for name, field in shape.model_fields.items():
        others = field.validation_alias.choices if isinstance(field.validation_alias, AliasChoices) else ()
        known |= {next((str(one) for one in (*others, name) if one in value), name)}
    more = {name: _plainly(said) for name, said in value.items() if name not in known}
    if not more:
        return value
    kept = {name: said for name, said in value.items() if name in known}
    return {**kept, "facts": {**more, **value.get("facts", {})}}


def _plainly(said: object) -> object:
    if isinstance(said, date):
        return said.isoformat()
    if said is None or isinstance(said, bool | int | float):
        return said
    return said if isinstance(said, str) and PLAIN.fullmatch(said) else bool(said)


def child_said(value: Any) -> Any:  # noqa: ANN401 - whatever came
    """A child of whom no more than the reference was said, or whose fields have other names."""
    if isinstance(value, str):
        return {"reference": value}
    if not isinstance(value, dict):
        return value
    names = {"child_ref": "reference", "dob": "date_of_birth", "uasc": "unaccompanied_asylum_seeking"}
    return {names.get(key, key): said for key, said in value.items()}


MaybeSaid = Annotated[
    Text | None,
    Field(validation_alias=AliasChoices("reasons", "reason", "summary", "note", "notes", "assessment", "text")),
]
"""Narrative of an act, which goes to the register only."""
OTHER_GRADES = {
    "ri": "requires_improvement",
    "requires_improvement_to_be_good": "requires_improvement",
    "require_improvement": "requires_improvement",
    **dict.fromkeys(
        ("not_rated", "not_yet_rated", "ungraded", "not_graded", "not_yet_graded", "not_inspected"), "unrated"
    ),
}
Grade = Annotated[Word, AfterValidator(lambda said: OTHER_GRADES.get(said, said))]
"""What the inspectorate found of a home: outstanding, good, requires_improvement, inadequate, or unrated."""


def contract_said(value: object) -> object:
    """A contract of which no more was said than its reference, or that it is signed."""
    if isinstance(value, bool):
        return {"signed": value}
    return {"reference": value} if isinstance(value, str) else value


def yes_said(value: object) -> object:
    """Something of which no more was said than that it is so, or when."""
    if isinstance(value, bool):
        return {"approved": value}
    return {"at": value} if isinstance(value, str | date) else value


def persons_said(value: object) -> object:
    """One person, or several; of a reference alone no answer is known, and of a yes alone not whose it is."""
    if isinstance(value, bool):
        return ({"person": "unnamed", "consent": value},)
    several = value if isinstance(value, list | tuple) else (value,)
    return tuple({"person": one} if isinstance(one, str) else one for one in several)


INTO: dict[str, tuple[str, str]] = {
    "contract_ends": ("contract", "ends"),
    "contract_end": ("contract", "ends"),
    "contract_starts": ("contract", "starts"),
    "contract_signed": ("contract", "signed"),
    "service_level_agreement": ("contract", "service_level_agreement"),
    "sla": ("contract", "service_level_agreement"),
    "weekly_cost": ("contract", "weekly_cost"),
    "notice_period": ("contract", "notice_period"),
    "notice": ("contract", "notice_period"),
    "therapies": ("contract", "extras"),
    "therapy": ("contract", "extras"),
    "added_therapy": ("contract", "extras"),
    "added_therapies": ("contract", "extras"),
    "additional_therapy": ("contract", "extras"),
    "additional_therapies": ("contract", "extras"),
    "extras": ("contract", "extras"),
    "added_support": ("contract", "extras"),
    "additional_support": ("contract", "extras"),
    "block_contract": ("contract", "block"),
    "provider_grade": ("provider", "grade"),
    "grade": ("provider", "grade"),
    "registration": ("provider", "registration"),
    "commissioned_by_us": ("provider", "commissioned_by_us"),
    "in_house": ("provider", "in_house"),
    "approval_ends": ("approval", "ends"),
    "approval_kind": ("approval", "kind"),
    "renew_by": ("approval", "renew_by"),
    "date_of_birth": ("child", "date_of_birth"),
    "dob": ("child", "date_of_birth"),
}
"""Fields that people write at the top, and where they belong."""
ANSWERS = {
    "would_refuse": "refuse",
    "would_not_support": "refuse",
    "would_seek_police_protection": "police_protection",
    "would_seek_legal_advice": "legal_advice",
}
"""The three answers of HIL-097, each as a yes or no of its own."""


def laid_out(value: Any) -> Any:  # noqa: ANN401 - whatever came
    """What people write at the top of an act, put where it belongs.

    Args:
        value: The act as it came.
    """
    if not isinstance(value, dict):
        return value
    said: dict[str, Any] = {**value, **value.get("consents", {})}
    said.pop("consents", None)
    if "child_ref" in said:
        said["child"] = said.pop("child_ref")
    for key, (part, name) in INTO.items():
        if key in said:
            there = child_said(said.get(part, {})) if part == "child" else said.get(part, {})
            if isinstance(there, str):
                there = {"reference": there}
            said[part] = {**there, name: said.pop(key)}
    found = [word for key, word in ANSWERS.items() if said.pop(key, False)]
    if (supports := said.pop("would_support_return", None)) is not None:
        found.append("support" if supports else "refuse")
    if found:
        said["if_parent_asked"] = found
    return said


NO = ("unsuitable", "not_suitable", "negative", "not_viable", "unviable", "no", "not_recommended", "declined", "failed")
YES = ("suitable", "positive", "viable", "yes", "recommended", "approved", "passed")


def verdict_said(value: object) -> object:
    """Whether carers are suitable, in a word."""
    word = "_".join(value.casefold().split()) if isinstance(value, str) else value
    if word in NO:
        return False
    return True if word in YES else value


def reference_said(value: object) -> object:
    """Somebody of whom more was said than the reference, or several: only the first reference is kept."""
    if isinstance(value, list | tuple) and value:
        return reference_said(value[0])
    return value.get("reference", value) if isinstance(value, dict) else value


def kind_said(value: object) -> object:
    """An approval of which no more was said than its kind."""
    return {"kind": value} if isinstance(value, str) else value


def key_said(value: object) -> object:
    """What is checked, as people write it: `Director's consent` is `directors_consent`."""
    return re.sub(r"['\u2019]", "", value).replace("/", " ") if isinstance(value, str) else value


NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def and_besides(value: Any, shape: type[BaseModel]) -> Any:  # noqa: ANN401 - whatever came
    """What people write that the act has no field for: kept among its facts, and shown as not understood.

    Only plain names are kept so; anything else is left for the model to refuse.

    Args:
        value: The act, laid out.
        shape: Its fields and their other names.
    """
    if not isinstance(value, dict):
        return value
    named = {name: said for name, said in value.items() if isinstance(name, str) and NAME.fullmatch(name)}
    kept = checked(named, shape)
    found = sorted(set(named) - set(kept))
    if not found:
        return value
    return {**{name: said for name, said in value.items() if name not in named}, **kept, "not_understood": found}
