"""How a process stands, as plain data: what the register keeps of it beside what happened, and how it changes.

A standing is the view of a process as JSON says it, without what is gone in a moment (the last events, prompts, what
may be done next). Lists whose elements have a name become objects, so that a change of one line is a change of one
line. What is `None` is left out, so that `None` in a patch can say that something is gone (RFC 7386).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from models.views import ProcessView

Standing = dict[str, Any]
"""Plain JSON: texts, numbers, truth values, lists and objects. No `None` in any object, however deep."""

PASSING: Final[dict[str, Any]] = {
    **dict.fromkeys(("recent", "next_acts", "prompts", "settled"), True),
    "clocks": {"__all__": {"climbed", "next_rung"}},
}
"""What a view shows of the moment: it is found anew from the rest, or stands in the events.

How far a breach has climbed is on record with each post that was told; the last rung, where nobody is left to tell,
changes nothing else.
"""
WHOLE: Final = "process"
"""A patch that names the process holds the whole standing, and whatever was known before is forgotten.

The name of a process never changes, so a patch that only says what changed never has it."""


def _by_number(lines: list[Any]) -> Standing:
    return {str(number): line for number, line in enumerate(lines, start=1)}


def _by_reference(lines: list[Any]) -> Standing:
    return {line["reference"]: line for line in lines}


def _by_referral(lines: list[Any]) -> Standing:
    return {line["referral_ref"]: {**line, "number": number} for number, line in enumerate(lines, start=1)}


NAMED: Final[tuple[tuple[str, Callable[[list[Any]], Standing]], ...]] = (
    ("actions", _by_reference),
    ("agenda", _by_referral),
    ("decisions", _by_number),
)
"""Lists that become objects: actions by reference, agenda lines by referral with their number, decisions from "1"."""


def standing_of(view: ProcessView) -> Standing:
    """How a process stands.

    Args:
        view: What it looks like now.
    """
    found: Standing = view.model_dump(mode="json", exclude_none=True, exclude=PASSING)
    for key, named in NAMED:
        if key in found:
            found[key] = named(found[key])
    if "facts" in found:  # of any shape, so that nothing was left out of it
        found["facts"] = _without_none(found["facts"])
    return found


def _without_none(value: Mapping[str, Any]) -> Standing:
    return {key: _without_none(one) if isinstance(one, dict) else one for key, one in value.items() if one is not None}


def patch_between(before: Standing, after: Standing) -> Standing:
    """What changed: a JSON merge patch. It is empty when nothing did.

    Args:
        before: The standing that was recorded last; empty when none was, and then the whole is sent.
        after: The standing now.
    """
    if before.get(WHOLE) != after.get(WHOLE):
        return after
    return _difference(before, after)


def _difference(before: Standing, after: Standing) -> Standing:
    patch: Standing = {key: None for key in before if key not in after}
    for key, now in after.items():
        was = before.get(key)
        if was == now:
            continue
        patch[key] = _difference(was, now) if isinstance(was, dict) and isinstance(now, dict) else now
    return patch


def merged(before: Standing, patch: Standing) -> Standing:
    """The standing after a change. What was given stays as it was.

    Args:
        before: The standing before it.
        patch: From `patch_between`.
    """
    if WHOLE in patch:
        return patch
    return _merged(before, patch)


def _merged(before: Standing, patch: Standing) -> Standing:
    after = dict(before)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            was = after.get(key)
            after[key] = _merged(was if isinstance(was, dict) else {}, value)
        else:
            after[key] = value
    return after
