"""`show`: one process as it stands, and what may be done next."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from console.errors import BadInput, command
from console.naming import process_named, processes_named
from console.options import AsJson
from console.pages import print_forum
from console.rendering import clock_time, console, day, facts, heading, moment, print_json, table, words
from console.session import session
from models.identifiers import sitting_key
from models.journey import Action
from models.procedure import Council
from models.process import Event
from models.views import AgendaLine, JourneyView, ProcessView, SittingView
from procedures.loader import load_council
from rules.authority import rule_for, title, titles

ABSENT = "Absent: "


@command
async def show(
    process: Annotated[
        str,
        typer.Argument(metavar="PROCESS", help="A referral reference, or a whole process id of a journey or sitting"),
    ],
    *,
    procedure: Annotated[
        bool, typer.Option("--procedure", help="Show the procedure that the journey carries instead")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a process: its stage, whose move it is, what is due, what may be done now, and what happened.

    Examples:
      starter.py show HARP-2041
      starter.py show sitting/hillingdon/harp/2026-12-01
      starter.py show HARP-2041 --procedure              the rules that it started under
    """
    processes_named(process)
    if procedure and sitting_key(process):
        raise BadInput(f"{process} is a sitting: name a journey to see the procedure that it carries.")
    async with session() as way_in:
        process_id = await process_named(process, way_in.client)
        view = await way_in.gateway.view(process_id)
        start = await way_in.gateway.start_of(process_id) if procedure else None
    if start is not None:
        if as_json:
            print_json(start.procedure.model_dump(mode="json"))
        else:
            print_forum(console(), start.procedure, start.procedure.forums[view.forum])
        return
    if as_json:
        print_json(view.model_dump(mode="json"))
    elif isinstance(view, SittingView):
        print_sitting(console(), view, load_council(view.council))
    else:
        print_journey(console(), view, load_council(view.council))


def print_journey(out: Console, view: JourneyView, council: Council) -> None:
    """Print a journey.

    Args:
        out: Where to.
        view: The journey.
        council: Its procedure, for titles.
    """
    forum = council.forums[view.forum].title if view.forum in council.forums else view.forum
    out.print(heading(f"{view.referral_ref}: child {view.child_ref}, {forum}, {council.title}"))
    place = f"{day(view.sitting)}, {_place(view)}" if view.sitting else ""
    out.print(
        facts(
            [
                ("Process", view.process),
                ("Stage", f"{words(view.stage)}, since {moment(view.stage_since)}"),
                ("Whose move", title(council, view.waiting_on) if view.waiting_on else "nobody's: it is closed"),
                ("Sitting", place),
                ("Outcome", words(view.outcome)),
                *_state(view),
                ("Criteria", ", ".join(criterion.rule for criterion in view.criteria)),
                ("Mismatch", f"the criteria point to {view.recommended_forum}" if view.mismatch else ""),
                ("Check", "; ".join(view.data_quality)),
                ("Papers missing", ", ".join(view.documents_missing)),
                ("Information missing", ", ".join(view.missing_information)),
                ("Review on", day(view.review_on)),
                ("Proposed to", ", ".join(view.proposed)),
                ("Procedure", view.procedure_version),
            ]
        )
    )
    if view.actions:
        out.print(table(("Action", "What", "Owner", "Due", "State"), map(_action_row, view.actions), "Actions"))
    _print_rest(out, view, council)
    _print_lines(out, "Look at", view.prompts)
    _print_timeline(out, view.recent)


def print_sitting(out: Console, view: SittingView, council: Council) -> None:
    """Print a sitting: agenda with times and papers, reserve list, who is invited, and which seats are empty.

    Args:
        out: Where to.
        view: The sitting.
        council: Its procedure, for titles.
    """
    forum = council.forums[view.forum].title if view.forum in council.forums else view.forum
    out.print(heading(f"{forum}, {day(view.sitting)}, {clock_time(view.starts)}, {council.title}"))
    listed = [line for line in view.agenda if line.slot is not None]
    waiting = [line for line in view.agenda if line.reserve is not None]
    gone = [line.referral_ref for line in view.agenda if line.slot is None and line.reserve is None]
    out.print(
        facts(
            [
                ("Process", view.process),
                ("Stage", f"{words(view.stage)}, since {moment(view.stage_since)}"),
                ("Whose move", title(council, view.waiting_on) if view.waiting_on else "nobody's: it is over"),
                ("Chair", view.chair or "not named: any entitled person who is independent of the cases"),
                ("Cut-off", moment(view.cut_off)),
                ("Places", f"{len(listed)} of {view.capacity or 'any number'} taken, {len(waiting)} in reserve"),
                ("Moved to", day(view.moved_to)),
                *_state(view),
                ("Present", ", ".join(view.present)),
                ("Apologies", ", ".join(view.apologies)),
                ("Carried over", ", ".join(gone)),
                ("Learning", "; ".join(view.learning)),
            ]
        )
    )
    out.print(table(("Time", "Case", "Child", "State", "Papers", "Invited"), map(_agenda_row, listed), "Agenda"))
    if waiting:
        rows = [(str(line.reserve), line.referral_ref, line.child_ref, ", ".join(line.documents)) for line in waiting]
        out.print(table(("Place", "Case", "Child", "Papers"), rows, "Reserve list"))
    empty = [flag.removeprefix(ABSENT) for flag in view.flags if flag.startswith(ABSENT)]
    _print_lines(out, "Empty seats", empty) if empty else _print_lines(out, "Seats", view.seats)
    _print_rest(out, view, council)
    _print_timeline(out, view.recent)


def _agenda_row(line: AgendaLine) -> tuple[str, ...]:
    marks = [mark for mark in ("emergency", "late", "extra", "carried_over") if getattr(line, mark)]
    state = ", ".join([words(line.state), *map(words, marks), *([words(line.outcome)] if line.outcome else [])])
    invited = "; ".join(line.invited)
    return clock_time(line.slot), line.referral_ref, line.child_ref, state, "; ".join(line.documents), invited


def _action_row(action: Action) -> tuple[str, ...]:
    owner = words(action.owner.post) or str(action.owner.staff)
    return action.reference, action.what, owner, day(action.due), words(action.state)


def _place(view: JourneyView) -> str:
    return f"slot {clock_time(view.slot)}" if view.slot else f"reserve {view.reserve}"


def _state(view: ProcessView) -> list[tuple[str, str]]:
    marks = [mark for mark, shown in (("OVERDUE", view.overdue), ("ESCALATED", view.escalated)) if shown]
    waits = [note for note in view.escalations if note.acknowledged_at is None]
    return [
        ("Priority", ", ".join([view.priority, *marks])),
        ("Escalated by", "; ".join(f"{note.staff} on {moment(note.at)}" for note in waits)),
        ("Next deadline", moment(view.next_deadline)),
        ("Note", "; ".join(flag for flag in view.flags if not flag.startswith(ABSENT))),
    ]


def _print_rest(out: Console, view: ProcessView, council: Council) -> None:
    ticking = [clock for clock in view.clocks.values() if clock.ticking]
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


def _print_lines(out: Console, name: str, lines: Iterable[str]) -> None:
    told = list(lines)
    if told:
        out.print(heading(name))
        for line in told:
            out.print(Text(f"  - {line}"))
        out.print()


def _print_timeline(out: Console, events: Iterable[Event]) -> None:
    rows = [
        (
            moment(event.at),
            words(event.what),
            f"{event.staff} ({words(event.post)})" if event.staff != event.post else event.staff,
            " ".join(filter(None, (event.note, f"REFUSED: {event.code}" if event.code else ""))),
        )
        for event in events
    ]
    out.print(table(("When", "What", "Who", "Note"), rows, "Timeline"))
