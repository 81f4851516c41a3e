"""How a process shows itself in the Temporal UI: search attributes and current details. References only."""

from datetime import datetime, time

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from models.views import JourneyView, ProcessView, SittingView
from models.watch import WatchView
from rules.working_days import instant, local
from workflows import search_attributes as keys

Attributes = dict[str, str | bool | datetime | None]
"""The value of each search attribute, by its name."""

TYPED: dict[str, SearchAttributeKey[str] | SearchAttributeKey[bool] | SearchAttributeKey[datetime]] = {
    key.name: key
    for key in (
        keys.COUNCIL,
        keys.FORUM,
        keys.STAGE,
        keys.WAITING_ON,
        keys.PRIORITY,
        keys.CHILD_REF,
        keys.OVERDUE,
        keys.ESCALATED,
        keys.STAGE_SINCE,
        keys.NEXT_DEADLINE,
        keys.SITTING_DATE,
    )
}
EVENTS_SHOWN = 8
DATE_AND_TIME = "%a %d %b %Y %H:%M"


def attributes_of(view: ProcessView) -> Attributes:
    """The search attributes of a process.

    Args:
        view: What it looks like now.
    """
    sitting = view.sitting if isinstance(view, JourneyView | SittingView | WatchView) else None
    return {
        keys.COUNCIL.name: view.council,
        keys.FORUM.name: view.forum,
        keys.STAGE.name: str(getattr(view, "stage", "")),
        keys.WAITING_ON.name: view.waiting_on,
        keys.PRIORITY.name: view.priority,
        keys.CHILD_REF.name: (view.child_ref or None) if isinstance(view, JourneyView | WatchView) else None,
        keys.OVERDUE.name: view.overdue,
        keys.ESCALATED.name: view.escalated,
        keys.STAGE_SINCE.name: view.stage_since,
        keys.NEXT_DEADLINE.name: view.next_deadline,
        keys.SITTING_DATE.name: instant(sitting, time(0)) if sitting else None,
    }


def updates_between(before: Attributes, after: Attributes) -> list[SearchAttributeUpdate]:  # type: ignore[type-arg]  # values of three types
    """What to tell the server: only what changed.

    Args:
        before: What it knows.
        after: What is.
    """
    updates = []
    for name, value in after.items():
        if name in before and before[name] == value:
            continue
        if value is None:
            if name in before:
                updates.append(TYPED[name].value_unset())
        else:
            updates.append(TYPED[name].value_set(value))  # type: ignore[arg-type]  # the name chooses the type
    return updates


def details_of(view: ProcessView) -> str:
    """The current details as Markdown: whose move it is and since when, what is due, what may be done, what happened.

    Args:
        view: What the process looks like now.
    """
    stage = str(getattr(view, "stage", "")).replace("_", " ")
    head = f"**{stage.capitalize()}** since {when(view.stage_since)}"
    lines = [head, ""]
    if view.waiting_on:
        lines.append(f"- Waiting on: **{view.waiting_on.replace('_', ' ')}**")
    if view.next_deadline:
        lines.append(f"- Next deadline: **{when(view.next_deadline)}**{' - OVERDUE' if view.overdue else ''}")
    lines.extend(_place(view))
    marks = [mark for mark, shown in (("escalated", view.escalated), ("overdue", view.overdue)) if shown]
    lines.append(f"- Priority: {view.priority}{' - ' + ', '.join(marks) if marks else ''}")
    lines.extend(f"- Note: {flag}" for flag in view.flags)
    ticking = [clock for clock in view.clocks.values() if clock.ticking]
    if ticking:
        lines += ["", "**Clocks**", ""]
        lines += [f"- {clock.name}: due {when(clock.due)}, {clock.state}" for clock in ticking]
    if view.next_acts:
        lines += ["", f"**Possible now**: {', '.join(view.next_acts)}"]
    lines += ["", "**Last events**", ""]
    lines += [
        f"- {when(event.at)} {event.what.replace('_', ' ')} by {event.post}{': ' + event.note if event.note else ''}"
        f"{' - refused: ' + event.code if event.code else ''}"
        for event in reversed(view.recent[-EVENTS_SHOWN:])
    ]
    return "\n".join(lines)


def _place(view: ProcessView) -> list[str]:
    if isinstance(view, JourneyView) and view.sitting:
        place = f"slot {local(view.slot):%H:%M}" if view.slot else f"reserve {view.reserve}"
        return [f"- Sitting: {view.forum} on {view.sitting:%a %d %b %Y}, {place}"]
    if isinstance(view, SittingView):
        listed = sum(1 for line in view.agenda if line.slot)
        return [f"- Agenda: {listed} of {view.capacity}, cut-off {when(view.cut_off)}"]
    return []


def when(moment: datetime) -> str:
    """A moment as people write it, Europe/London.

    Args:
        moment: UTC.
    """
    return f"{local(moment):{DATE_AND_TIME}}"
