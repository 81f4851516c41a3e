"""`worklist`: what is for somebody, a post or a unit to do now."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from console.errors import BadInput, command
from console.naming import council_named, one_of
from console.office import Office, office
from console.options import AsJson
from console.overview import show_overview
from console.rendering import console, day, heading, moment, print_json, table, words
from models.people import Actor
from models.procedure import Council
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.reading.desks import Desk
from register.reading.worklists import PAGE, Line, Part, Section, Worklist
from register.reading.worklists import worklist as read_worklist
from rules.authority import title
from rules.working_days import local
from runtime.desks import desk_of, desk_of_post, desks_covered

YEARS_BACK = 3
"""How far back working days are counted; what waits longer than that has waited too long anyway."""
For = Annotated[
    str | None, typer.Option("--as", metavar="STAFF", help="Whose worklist: a staff reference of the staff directory")
]


@command
async def worklist(  # noqa: PLR0913 - one a word of the command
    *,
    staff: For = None,
    post: Annotated[str | None, typer.Option(metavar="POST", help="Of a post, also one that nobody holds")] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="With --post: of this unit; else its overview")
    ] = None,
    team: Annotated[str | None, typer.Option(metavar="TEAM", help="A team's overview for its manager")] = None,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Whose post, unit or team it is")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is for somebody to do, the longest waiting first, with what they do for those whom they cover.

    With --unit or --team it is an overview for whoever answers for it: how much waits for which post and person, and
    what is nobody's since somebody left.

    Examples:
      starter.py worklist --as tm-cin-1
      starter.py worklist --post virtual_school_head --council hillingdon
      starter.py worklist --unit "children in need" --council hillingdon
      starter.py worklist --as hos-cin-1 --json
    """
    with office() as here:
        if staff is not None:
            if post is not None or unit is not None or team is not None:
                raise BadInput("Say either whose worklist with --as, or --post, --unit or --team with --council.")
            shown = _of_person(here, here.staff.actor(staff))
        elif post is not None:
            shown = _of_post(here, _council(council), post, unit)
        elif unit is not None or team is not None:
            show_overview(here, _council(council), unit, team, as_json=as_json)
            return
        else:
            raise BadInput("Say whose worklist: --as STAFF, or --post, --unit or --team with --council.")
    if as_json:
        print_json({**shown.model_dump(mode="json"), "empty": shown.empty})
        return
    print_worklist(console(), shown, load_council(shown.council))


def _council(key: str | None) -> Council:
    if key is None:
        raise BadInput("Say of which council with --council COUNCIL.")
    return council_named(key)


def _of_person(here: Office, actor: Actor) -> Worklist:
    now = here.covers.now()
    covers = here.covers.around([actor.staff])
    desk = desk_of(here.staff, actor, covers, now)
    return _made(here, desk, desks_covered(here.staff, actor, covers, now), now)


def _of_post(here: Office, council: Council, post: str, unit: str | None) -> Worklist:
    desk = desk_of_post(here.staff, council, one_of(post, council.posts, "post"), unit)
    return _made(here, desk.model_copy(update={"adopts": False}), [], here.covers.now())


def _made(here: Office, desk: Desk, others: list[Desk], now: datetime) -> Worklist:
    calendar = working_calendar(desk.council, local(now).year - YEARS_BACK)
    with here.engine.connect() as connection:
        return read_worklist(connection, desk, others, now, calendar)


def print_worklist(out: Console, shown: Worklist, council: Council) -> None:
    """Print a worklist, or kindly that there is nothing to do.

    Args:
        out: Where to.
        shown: The worklist.
        council: Its procedure, for titles.
    """
    of_unit = f", {shown.unit}" if shown.unit else ""
    who = f"{shown.staff}: {title(council, shown.post)}" if shown.staff else title(council, shown.post)
    out.print(heading(f"{who}{of_unit}, {council.title}, {moment(shown.at)}"), soft_wrap=True)
    if shown.covering:
        out.print(f"Stands in for {', '.join(shown.covering)}.")
    if shown.empty:
        out.print("Nothing waits here just now. Have a good day.")
        return
    for section in shown.sections:
        _print_section(out, section, council)
    out.print("`starter.py show PROCESS` tells more, `starter.py act PROCESS ACT --as STAFF` does it.")


def _print_section(out: Console, section: Section, council: Council) -> None:
    more = f", the first {PAGE} of them" if section.total > len(section.lines) else ""
    for_somebody = any(line.covering for line in section.lines)
    headings = [
        "Reference",
        "Forum",
        "What",
        "Since",
        "Working days",
        "Due",
        "One can",
        *(["For"] if for_somebody else []),
    ]
    rows = [_cells(line, council, for_somebody=for_somebody) for line in section.lines]
    out.print(table(headings, rows, f"{section.title} ({section.total}{more})"))


def _cells(line: Line, council: Council, *, for_somebody: bool) -> list[str]:
    marks = [mark.upper() for mark in ("overdue", "escalated") if getattr(line, mark)]
    due = moment(line.due) if line.due else day(line.on)
    cells = [
        line.reference if line.kind == "journey" else line.process,
        council.forums[line.forum].title if line.forum in council.forums else words(line.forum),
        _what(line),
        moment(line.since) if line.part not in (Part.CHAIRING, Part.MEETINGS) else "",
        str(line.working_days) if line.working_days and line.part not in (Part.CHAIRING, Part.MEETINGS) else "",
        " ".join(filter(None, (due, *marks))),
        ", ".join((*line.acts, *(["needs other eyes"] if line.needs_other_eyes else []))),
    ]
    return [*cells, line.covering or ""] if for_somebody else cells


def _what(line: Line) -> str:
    if line.part in (Part.SIGN_OFF, Part.ENDORSEMENT, Part.DECISION):
        return f"child {line.child_ref}" if line.child_ref else ""
    return words(line.what)
