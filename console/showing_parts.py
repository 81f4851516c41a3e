"""What is printed of every process alike: its marks, its clocks, what may be done, and its timeline."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from console.rendering import heading, moment, table, words
from models.procedure import Council
from models.process import Event
from models.views import ProcessView
from rules.authority import rule_for, title, titles

ABSENT = "Absent: "
"""How a sitting's flag begins that names an empty seat: it is shown apart."""


def state_of(view: ProcessView) -> list[tuple[str, str]]:
    """Priority, escalations, the next deadline and notes, as names and values.

    Args:
        view: Any process.
    """
    marks = [mark for mark, shown in (("OVERDUE", view.overdue), ("ESCALATED", view.escalated)) if shown]
    waits = [note for note in view.escalations if note.acknowledged_at is None]
    return [
        ("Priority", ", ".join([view.priority, *marks])),
        ("Escalated by", "; ".join(f"{note.staff} on {moment(note.at)}" for note in waits)),
        ("Next deadline", moment(view.next_deadline)),
        ("Note", "; ".join(flag for flag in view.flags if not flag.startswith(ABSENT))),
    ]


def print_rest(out: Console, view: ProcessView, council: Council) -> None:
    """Print the clocks that tick, and what may be done now and by whom.

    Args:
        out: Where to.
        view: Any process.
        council: Its procedure.
    """
    ticking = sorted((clock for clock in view.clocks.values() if clock.ticking), key=lambda clock: clock.due)
    if ticking:
        rows = [(c.name, moment(c.due), words(c.state), title(council, c.owner), c.cites) for c in ticking]
        out.print(table(("Clock", "Due", "State", "Owner", "Rule"), rows, "Clocks"))
    if view.next_acts:
        acts = ((act, _may(act, view, council)) for act in view.next_acts)
        out.print(table(("Possible now", "By"), acts))


def _may(act: str, view: ProcessView, council: Council) -> str:
    """Who may do an act; not said of a process that carries another version of the procedure."""
    known = council.version == view.procedure_version and act in council.authority
    return titles(council, rule_for(council, view.forum, act).posts) if known else ""


def print_lines(out: Console, name: str, lines: Iterable[str]) -> None:
    """Print a heading with lines below it; nothing when there are none.

    Args:
        out: Where to.
        name: The heading.
        lines: What stands below.
    """
    told = list(lines)
    if told:
        out.print(heading(name))
        for line in told:
            out.print(Text(f"  - {line}"))
        out.print()


def _who(event: Event) -> str:
    if event.on_behalf_of is not None:
        return f"{event.staff} on behalf of {event.on_behalf_of} ({words(event.post)})"
    return f"{event.staff} ({words(event.post)})" if event.staff != event.post else event.staff


def print_timeline(out: Console, events: Iterable[Event]) -> None:
    """Print what happened last.

    Args:
        out: Where to.
        events: In their order.
    """
    rows = [
        (
            moment(event.at),
            words(event.what),
            _who(event),
            " ".join(filter(None, (event.note, f"REFUSED: {event.code}" if event.code else ""))),
        )
        for event in events
    ]
    out.print(table(("When", "What", "Who", "Note"), rows, "Timeline"))
