"""Compares what a story expects with what a process looks like."""

from datetime import date, datetime, time
from typing import Any

from models.clocks import Clock
from models.views import JourneyView, SittingView
from models.watch import WatchView
from rehearsal.story import ClockExpected, Expected, Story, instant_of
from rules.working_days import local, to_the_minute

PLAIN_KEYS = ("stage", "outcome", "forum", "priority", "waiting_on", "overdue", "escalated", "open", "score")
POST_LISTS = ("notified", "not_notified")
View = JourneyView | SittingView | WatchView


def compare(
    expected: Expected, view: View | None, notified: set[str], story: Story
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was expected and what was found, key by key, in plain values.

    Args:
        expected: The expectation.
        view: The process; `None` when there is none.
        notified: Posts that had a notice about it since the step before.
        story: The story, for its forums' other names.
    """
    given = expected.model_fields_set - {"of"}
    wanted = {key: _plain(getattr(expected, key)) for key in type(expected).model_fields if key in given}
    wanted |= {key: [story.post(post) for post in wanted[key]] for key in POST_LISTS if key in wanted}
    expected = expected.model_copy(update={key: wanted[key] for key in POST_LISTS if key in wanted})
    if expected.priority is not None:
        wanted["priority"] = str(expected.priority).removeprefix("priority_")
    if isinstance(expected.waiting_on, str):
        wanted["waiting_on"] = story.post(expected.waiting_on)
    if isinstance(expected.forum, str):
        wanted["forum"] = story.forum_key(expected.forum)
    if expected.proposed is not None:
        wanted["proposed"] = [story.forum_key(forum) for forum in expected.proposed]
    if view is None:
        return wanted, dict.fromkeys(wanted, "there is no such process")
    found = {key: _found(key, expected, view, notified) for key in wanted}
    if "slot" in wanted:
        wanted["slot"] = _slot_wanted(expected.slot)
    if "clocks" in wanted:
        wanted["clocks"] = {name: _clock_wanted(clock) for name, clock in expected.clocks.items()}
    return wanted, found


def _found(key: str, expected: Expected, view: View, notified: set[str]) -> Any:  # noqa: ANN401, PLR0911 - plain values; one return a kind of key
    match key:
        case "sitting":
            return _plain(getattr(view, "sitting", None))
        case "slot" | "reserve" | "actions_open" | "documents_missing" | "proposed" | "criteria" | "authorised":
            return _of_journey(key, view, expected)
        case "clocks":
            return {name: _clock_found(name, clock, view) for name, clock in expected.clocks.items()}
        case "next_acts":
            return [act for act in expected.next_acts if act in view.next_acts]
        case "not_next_acts":
            return [act for act in expected.not_next_acts if act not in view.next_acts]
        case "flags" | "not_flags" | "prompts" | "not_prompts":
            return _of_lines(key, expected, view)
        case "notified":
            return [post for post in expected.notified if post in notified]
        case "not_notified":
            return [post for post in expected.not_notified if post not in notified]
        case _:
            value = getattr(view, key, None)
            return str(value) if isinstance(value, str) else value


def _said(parts: list[str], lines: list[str]) -> list[str]:
    """Of these parts, those that stand in one of the lines."""
    return [part for part in parts if any(part.casefold() in line.casefold() for line in lines)]


def _of_lines(key: str, expected: Expected, view: View) -> list[str]:
    lines = view.flags if key in ("flags", "not_flags") else getattr(view, "prompts", [])
    if key in ("not_flags", "not_prompts"):
        unwanted = getattr(expected, key)
        there = _said(unwanted, lines)
        return [part for part in unwanted if part not in there]
    return _said(getattr(expected, key), lines)


def _of_journey(key: str, view: View, expected: Expected) -> Any:  # noqa: ANN401, PLR0911 - plain values; one return a kind of key
    if isinstance(view, WatchView) and key in ("proposed", "actions_open"):
        return getattr(view, key)
    if not isinstance(view, JourneyView):
        return None
    if key == "slot":
        return f"{local(view.slot):%H:%M:%S}" if view.slot else None
    if key == "criteria":
        return [criterion.rule for criterion in view.criteria]
    if key == "documents_missing":
        papers = view.documents_missing
        return [*papers, *(item for item in view.missing_information if item not in papers)]
    if key == "authorised":
        return {name: view.authorised.get(name) for name in expected.authorised}
    return getattr(view, key)


def _slot_wanted(slot: Any) -> Any:  # noqa: ANN401 - a TOML time or datetime
    if isinstance(slot, datetime):
        slot = local(instant_of(slot)).time()
    return f"{slot:%H:%M:%S}" if isinstance(slot, time) else slot


def _clock_wanted(clock: ClockExpected) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if clock.due is not None:
        wanted["due"] = f"{local(instant_of(clock.due)):%Y-%m-%dT%H:%M}"
    if clock.state is not None:
        wanted["state"] = clock.state
    return wanted


def _clock_named(name: str, view: View) -> Clock | None:
    """A clock by its name, as the timeline writes it too, or by how its name begins where only one does."""
    plain = "_".join(name.casefold().split())
    alike = [clock for key, clock in view.clocks.items() if key.startswith(f"{plain}_")]
    return view.clocks.get(plain) or view.clocks.get(name) or (alike[0] if len(alike) == 1 else None)


def _clock_found(name: str, expected: ClockExpected, view: View) -> dict[str, Any] | str:
    clock = _clock_named(name, view)
    if clock is None:
        return f"no such clock; there are {', '.join(view.clocks) or 'none'}"
    found: dict[str, Any] = {}
    if expected.due is not None:
        found["due"] = f"{local(to_the_minute(clock.due)):%Y-%m-%dT%H:%M}"
    if expected.state is not None:
        found["state"] = str(clock.state)
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 - plain values
    return value.isoformat() if isinstance(value, date | time) else value
