"""`show`: one process as it stands, and what may be done next."""

from typing import Annotated

import typer
from rich.console import Console

from console.errors import BadInput, command
from console.naming import procedure_of, process_named, processes_named
from console.options import AsJson
from console.pages import print_forum
from console.rendering import clock_time, console, day, facts, heading, moment, print_json, table, words
from console.session import session
from console.shapes import JOURNEY, kind_of
from console.showing_parts import ABSENT, print_lines, print_rest, print_timeline, state_of
from console.watch_showing import print_watch
from models.journey import Action
from models.procedure import Council
from models.views import AgendaLine, JourneyView, SittingView
from models.watch import WatchView
from rules.authority import title


@command
async def show(
    process: Annotated[
        str,
        typer.Argument(metavar="PROCESS", help="A reference such as HARP-2041, or a whole process id"),
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
      starter.py show placement/hillingdon/PL-7          a placement; so with episode/, package/, transfer/, unit/
      starter.py show HARP-2041 --procedure              the rules that it started under
    """
    processes_named(process)
    if procedure:
        _require_journey(process)
    async with session() as way_in:
        process_id = await process_named(process, way_in.client)
        if procedure:
            _require_journey(process_id)
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
        print_sitting(console(), view, procedure_of(process_id))
    elif isinstance(view, WatchView):
        print_watch(console(), view, procedure_of(process_id))
    else:
        print_journey(console(), view, procedure_of(process_id))


def _require_journey(process: str) -> None:
    kind = kind_of(process)
    if kind != JOURNEY:
        raise BadInput(f"{process} is a {words(kind)}: name a journey to see the procedure that it carries.")


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
                *state_of(view),
                ("Criteria", ", ".join(criterion.rule for criterion in view.criteria)),
                ("Mismatch", f"the criteria point to {view.recommended_forum}" if view.mismatch else ""),
                ("Check", "; ".join(view.data_quality)),
                ("Papers missing", ", ".join(view.documents_missing)),
                ("Information missing", ", ".join(view.missing_information)),
                ("Review on", day(view.review_on)),
                ("Proposed to", ", ".join(view.proposed)),
                ("Came from", view.came_from or ""),
                ("Began", ", ".join(view.begun)),
                ("Procedure", view.procedure_version),
            ]
        )
    )
    if view.actions:
        out.print(table(("Action", "What", "Owner", "Due", "State"), map(_action_row, view.actions), "Actions"))
    print_rest(out, view, council)
    print_lines(out, "Look at", view.prompts)
    print_timeline(out, view.recent)


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
                *state_of(view),
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
    print_lines(out, "Empty seats", empty) if empty else print_lines(out, "Seats", view.seats)
    print_rest(out, view, council)
    print_timeline(out, view.recent)


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
