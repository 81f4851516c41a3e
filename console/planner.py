"""`planner`: what lies ahead, week by week, and what is late."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from console.errors import BadInput, command
from console.naming import council_named, date_named, one_of
from console.office import Office, office
from console.options import AsJson
from console.rendering import clock_time, console, day, heading, print_json, table, words
from models.procedure import Council
from planner.pages import page
from planner.shapes import Entry, Kind, Meeting, Page, Wanted, Week
from procedures.loader import council_folders, load_council
from register.reading.planning import units_of
from rules.authority import title
from rules.posts import post_named
from rules.working_days import local
from runtime.notice_sending import link_of
from runtime.rota import RotaFile

PLURALS = {
    Kind.SITTING: ("sitting", "sittings"),
    Kind.REVIEW: ("review", "reviews"),
    Kind.RENEWAL: ("renewal", "renewals"),
    Kind.CONTRACT_END: ("contract end", "contract ends"),
    Kind.ACTION: ("action", "actions"),
    Kind.DEADLINE: ("deadline", "deadlines"),
    Kind.DUTY: ("duty", "duties"),
}


@command
async def planner(  # noqa: PLR0913 - one a filter
    *,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    forum: Annotated[str | None, typer.Option(metavar="FORUM", help="Only of this forum, such as harp")] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Only of this unit, and panel dates")] = None,
    team: Annotated[str | None, typer.Option(metavar="TEAM", help="Only of this team, and panel dates")] = None,
    kind: Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only of this kind; may be repeated")] = None,
    post: Annotated[str | None, typer.Option(metavar="POST", help="Only what this post has to do")] = None,
    weeks: Annotated[int, typer.Option(metavar="N", min=1, max=104, help="How many weeks, the first included")] = 8,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="From this day on; else today")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=2_000, help="How many entries a page has")] = 100,
    after: Annotated[str | None, typer.Option(metavar="PLACE", help="The next page: what the last one says")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what lies ahead: panel dates, reviews, renewals, contract ends, actions, deadlines and recurring duties.

    What is late comes first. Then week by week, Monday to Sunday. Panel dates are there before anybody books them.
    Kinds: sitting, review, renewal, contract_end, action, deadline, duty.

    Examples:
      starter.py planner
      starter.py planner --council hillingdon --forum harp --weeks 12
      starter.py planner --unit "children in need" --kind action --kind review
      starter.py planner --council hackney --post team_manager --from 2027-01-04 --json
    """
    councils = [council_named(council)] if council else [load_council(key) for key in council_folders()]
    now = datetime.now(UTC)
    kinds = tuple(Kind(one_of(each, list(Kind), "kind")) for each in kind or ())
    wanted = Wanted(
        forum=None if forum is None else one_of(forum, _forums(councils), "forum"),
        unit=unit,
        team=team,
        post=None if post is None else _post(councils, post),
        kinds=kinds or tuple(Kind),
        first=local(now).date() if first is None else date_named(first),
        weeks=weeks,
        after=after,
        limit=limit,
    )
    with office() as here:
        rota = RotaFile(here.settings.rota)
        with here.engine.connect() as connection:
            if unit is not None:
                require_unit(here, unit, councils)
            found = page(connection, councils, wanted, now, rotas=rota)
        link = link_of(here.settings)
    if as_json:
        print_json(_linked(found, link).model_dump(mode="json"))
    else:
        print_page(console(), found, councils)


def _forums(councils: Sequence[Council]) -> list[str]:
    return list(dict.fromkeys(key for council in councils for key in council.forums))


def _post(councils: Sequence[Council], typed: str) -> str:
    known = list(dict.fromkeys(key for council in councils for key in council.posts))
    meant = next((named for council in councils if (named := post_named(council, typed)[0]) in known), typed)
    return one_of(meant, known, "post")


def require_unit(here: Office, unit: str, councils: Sequence[Council]) -> None:
    """Refuse a unit that neither the staff directory nor the register knows: it would only show nothing.

    Args:
        here: The register and the directory.
        unit: As typed.
        councils: Whose.

    Raises:
        BadInput: Nobody knows it.
    """
    keys = {council.key for council in councils}
    known = {one.unit.strip().casefold() for one in here.staff.actors.values() if one.unit and one.council in keys}
    with here.engine.connect() as connection:
        known |= {found for key in keys for found in units_of(connection, key)}
    if unit.strip().casefold() not in known:
        raise BadInput(f"There is no unit {unit}: use one of {', '.join(sorted(known)) or 'none, no unit is known'}.")


def _linked(found: Page, link: Callable[[str], str | None]) -> Page:
    """With whole addresses, where it is known where people look a case up."""

    def linked(entries: Sequence[Entry]) -> tuple[Entry, ...]:
        return tuple(one.model_copy(update={"link": link(one.process) or one.link}) for one in entries)

    weeks = tuple(week.model_copy(update={"entries": linked(week.entries)}) for week in found.weeks)
    return found.model_copy(update={"late": linked(found.late), "weeks": weeks})


def print_page(out: Console, found: Page, councils: Sequence[Council]) -> None:
    """Print a page of the planner.

    Args:
        out: Where to.
        found: The page.
        councils: Whose.
    """
    known = {council.key: council for council in councils}
    if found.late_counts:
        out.print(heading(f"Late: {_counts(found.late_counts)}"))
    if found.late:
        out.print(_table(found.late, known))
    for week in found.weeks:
        _print_week(out, week, known)
    if not found.late_counts and not any(week.counts or week.entries for week in found.weeks):
        out.print(f"Nothing is late, and nothing lies ahead until {day(found.last)}.")
    if found.following:
        out.print(f"There is more: add --after '{found.following}', or ask for less.")


def _print_week(out: Console, week: Week, known: dict[str, Council]) -> None:
    if not week.counts and not week.entries:
        return
    span = f"{day(week.monday)} to {day(week.sunday)}"
    out.print(heading(f"Week {week.number} of {week.year}, {span}: {_counts(week.counts) or 'nothing that stands'}"))
    if week.entries:
        out.print(_table(week.entries, known))


def _counts(counts: dict[Kind, int]) -> str:
    return ", ".join(f"{many} {PLURALS[kind][many != 1]}" for kind, many in counts.items())


def _table(entries: Sequence[Entry], known: dict[str, Council]) -> object:
    several = len(known) > 1
    headings = ["Day", "Time", *(["Council"] if several else []), "What", "Case", "Forum", "Unit", "Owner", ""]
    return table(headings, [_row(one, known[one.council], several=several) for one in entries])


def _row(one: Entry, council: Council, *, several: bool) -> list[str]:
    forum = council.forums[one.forum].title if one.forum in council.forums else ""
    sitting = one.meeting is not None
    owner = one.staff or (title(council, one.owner) if one.owner else "")
    return [
        f"{one.on:%a %d %b}" if one.state != "late" else day(one.on),
        clock_time(one.at),
        *([council.title] if several else []),
        "Sitting" if sitting else one.title,
        "" if one.kind in (Kind.SITTING, Kind.DUTY) else one.reference,
        forum,
        one.unit,
        owner,
        _full(one.meeting) if one.meeting is not None else _remark(one),
    ]


def _full(meeting: Meeting) -> str:
    if not meeting.stands:
        return f"{words(meeting.stage)}{f' to {day(meeting.moved_to)}' if meeting.moved_to else ''}"
    taken = f"{meeting.listed} of {meeting.capacity or 'any number'}"
    reserve = f", {meeting.reserved} in reserve" if meeting.reserved else ""
    chair = f", chair {meeting.chair}" if meeting.chair else ""
    return f"{taken}{reserve}{chair}"


def _remark(one: Entry) -> str:
    said = [
        f"warned {day(one.warns)}" if one.state == "warned" and one.warns else "",
        f"list by {day(one.list_by)}" if one.list_by else "",
        ", ".join(one.cites),
    ]
    return "; ".join(part for part in said if part)
