"""`papers`: the agenda, pack index, decision sheets and minutes of a meeting: made, listed, shown, written, sent."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sql
import typer

from console.deputies import who_acts
from console.errors import BadInput, command
from console.naming import council_named
from console.office import office
from console.options import As, AsJson, OnBehalfOf
from console.paper_asking import (
    asked_for,
    chosen,
    meeting_of,
    none_made,
    not_one,
    nothing_yet,
    read_meeting,
)
from console.rendering import console, moment, print_json, table, words
from console.session import session
from models.identifiers import sitting_id
from models.vocabulary import SittingAct
from papers.due import Due, due_papers
from papers.making import Made, make, papers_of, said_by, system_of
from papers.plain_text import text_of
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.fold import catch_up
from register.papers import Files, Version, files, versions
from runtime.circulating import circulate as send_round

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Agendas, packs, decision sheets and minutes.")

CouncilKey = Annotated[str, typer.Argument(metavar="COUNCIL", help="The council's key, such as hackney")]
ForumKey = Annotated[str, typer.Argument(metavar="FORUM", help="The panel's key, such as jarp")]
On = Annotated[str, typer.Argument(metavar="DATE", help="The date of the meeting, such as 2026-12-01")]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="Only this: agenda, pack_index, decision_sheet or minutes")
]
Case = Annotated[str | None, typer.Option("--case", metavar="REFERENCE", help="Only the decision sheet of this case")]
Number = Annotated[int | None, typer.Option("--version", metavar="N", min=1, help="This version and not the last")]


@app.command("make")
@command
async def make_papers(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    forum: ForumKey,
    on: On,
    *,
    kind: Kind = None,
    case: Case = None,
    staff: As = None,
    as_json: AsJson = False,
) -> None:
    """Make the papers of a meeting from the register; a paper that would say the same again gets no new version.

    Examples:
      starter.py papers make hackney jarp 2026-12-04
      starter.py papers make hillingdon harp 2026-12-01 --kind agenda --as panel-admin-1
      starter.py papers make hillingdon harp 2026-12-01 --case HARP-2041
    """
    asked = asked_for(council, forum, on, kind, case)
    with office() as here:
        by = here.staff.actor(staff) if staff else system_of(asked.sitting.council)
        meeting = meeting_of(here.engine, asked)
        wanted = [one for one in papers_of(meeting) if asked.means(*one)]
        if not wanted:
            raise BadInput(nothing_yet(asked, meeting))
        made = []
        for number, (which, reference) in enumerate(wanted, start=1):
            one = make(here.engine, meeting, which, reference, by, datetime.now(UTC))
            if one is None:
                continue
            made.append(one)
            if not as_json:
                typer.echo(f"{number} of {len(wanted)}: {_told(one)}")
    if as_json:
        print_json([{**_row(one.version), "new": one.new} for one in made])


@app.command("list")
@command
async def list_papers(council: CouncilKey, forum: ForumKey, on: On, *, as_json: AsJson = False) -> None:
    """List every version of every paper of a meeting.

    Examples:
      starter.py papers list hillingdon harp 2026-12-01
    """
    asked = asked_for(council, forum, on)
    with office() as here, here.engine.connect() as connection:
        found = versions(connection, asked.sitting)
        if not found:
            raise BadInput(none_made(asked, connection))
    if as_json:
        print_json([_row(one) for one in found])
        return
    rows = [
        [words(one.kind), one.reference, str(one.version), one.status, moment(one.made_at), one.made_by, _mark(one)]
        for one in found
    ]
    console().print(table(["Paper", "Case", "Version", "State", "Made", "By", "Approved or sent"], rows))


@app.command("show")
@command
async def show_paper(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    forum: ForumKey,
    on: On,
    *,
    kind: Kind = None,
    case: Case = None,
    number: Number = None,
    as_json: AsJson = False,
) -> None:
    """Show a paper as text: the last version, or the one that is named. As JSON, what the register says today too.

    Examples:
      starter.py papers show hillingdon harp 2026-12-01
      starter.py papers show hillingdon harp 2026-12-01 --kind decision_sheet --case HARP-2041
      starter.py papers show hackney jarp 2026-12-04 --kind agenda --version 1 --json
    """
    asked = asked_for(council, forum, on, kind or ("decision_sheet" if case else "agenda"), case)
    with office() as here, here.engine.connect() as connection:
        found = chosen(versions(connection, asked.sitting), asked, number)
        if len(found) != 1:
            raise BadInput(not_one(asked, found, number, connection))
        says = _files(connection, found[0])
        meeting = read_meeting(connection, asked) if as_json else None
    if not as_json:
        typer.echo(text_of(says.html), nl=False)
        return
    now = said_by(meeting, found[0].kind, found[0].reference) if meeting else None
    print_json(
        {
            **_row(found[0]),
            "text": text_of(says.html),
            "today": now.content.model_dump(mode="json") if now else None,
        }
    )


@app.command("write")
@command
async def write_papers(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    forum: ForumKey,
    on: On,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the files go; made where it is missing")],
    pdf: Annotated[bool, typer.Option("--pdf", help="Tagged PDF")] = False,
    html: Annotated[bool, typer.Option("--html", help="HTML")] = False,
    kind: Kind = None,
    case: Case = None,
    number: Number = None,
    as_json: AsJson = False,
) -> None:
    """Write the last version of each paper that was made as files: PDF and HTML, or one of them.

    Examples:
      starter.py papers write hillingdon harp 2026-12-01 --to ~/harp
      starter.py papers write hackney jarp 2026-12-04 --to pack --pdf --kind agenda
    """
    asked = asked_for(council, forum, on, kind, case)
    both = pdf == html
    written: list[Path] = []
    with office() as here, here.engine.connect() as connection:
        found = chosen(versions(connection, asked.sitting), asked, number)
        if not found:
            raise BadInput(none_made(asked, connection))
        for one in found:
            says = _files(connection, one)
            bodies = {"pdf": says.pdf, "html": says.html.encode()}
            wanted = [suffix for suffix, chosen in (("pdf", pdf or both), ("html", html or both)) if chosen]
            written += [_written(to, _file_name(one, suffix), bodies[suffix]) for suffix in wanted]
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        typer.echo(str(path))


@app.command("due")
@command
async def due(
    *,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    as_json: AsJson = False,
) -> None:
    """List which papers have to go out today and this week, and which are late.

    Examples:
      starter.py papers due
      starter.py papers due --council hackney --json
    """
    if council is not None:
        council_named(council)
    now = datetime.now(UTC)
    with office() as here, here.engine.connect() as connection:
        ahead = due_papers(connection, now, load_council, working_calendar, council)
    found = [one for one in ahead if one.ruled and one.when(now) != "later"]
    if as_json:
        print_json([_due_row(one, now) for one in found])
        return
    if not found:
        typer.echo("No papers have to go out this week.")
        return
    rows = [
        [one.when(now), moment(one.due), *map(str, one.sitting), str(one.cases), _agenda(one), ", ".join(one.cites)]
        for one in found
    ]
    headings = ["When", "Until", "Council", "Forum", "Meeting", "Cases", "Agenda", "Rules"]
    console().print(table(headings, rows))


@app.command("circulate")
@command
async def circulate(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    forum: ForumKey,
    on: On,
    *,
    staff: As = None,
    on_behalf_of: OnBehalfOf = None,
    as_json: AsJson = False,
) -> None:
    """Make agenda and pack, and send them round: members are told, and the versions that went out are marked.

    Examples:
      starter.py papers circulate hackney jarp 2026-12-04 --as jarp-coordinator-1
    """
    asked = asked_for(council, forum, on)
    if asked.council.forums[asked.sitting.forum].papers is None:
        raise BadInput(
            f"The procedure of {asked.council.forums[asked.sitting.forum].title} sends no papers round:"
            f" write them with `starter.py papers write {asked.typed} --to FOLDER`."
        )
    process_id = sitting_id(*asked.sitting)
    async with session(acts=True) as way_in:
        engine = way_in.register.engine
        catch_up(engine)
        meeting_of(engine, asked)
        actor = await who_acts(way_in, staff, on_behalf_of, process_id, SittingAct.CIRCULATE_PAPERS)
        made = await send_round(way_in.gateway, engine, asked.sitting, actor)
    if as_json:
        print_json([{**_row(one.version), "new": one.new} for one in made])
        return
    for one in made:
        typer.echo(_told(one))
    typer.echo(f"Circulated: the members of {asked.title} are told.")


def _files(connection: sql.Connection, version: Version) -> Files:
    found = files(connection, version)
    if found is None:
        raise BadInput(f"Version {version.version} of the {words(version.kind)} was erased: make it anew.")
    return found


def _file_name(one: Version, suffix: str) -> str:
    parts = [one.on.isoformat(), one.forum, one.kind, one.reference, f"v{one.version}"]
    return f"{'-'.join(part for part in parts if part)}.{suffix}"


def _written(folder: Path, name: str, body: bytes) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    except OSError as error:
        raise BadInput(f"{folder / name} cannot be written ({error.strerror}): name another folder.") from None
    return folder / name


def _told(one: Made) -> str:
    of = f" of {one.version.reference}" if one.version.reference else ""
    how = "made" if one.new else "says what it said before"
    return f"{words(one.version.kind).capitalize()}{of}, version {one.version.version} ({one.version.status}): {how}."


def _mark(one: Version) -> str:
    if one.approved_at is not None:
        behalf = f" for {one.approved_for}" if one.approved_for else ""
        return f"approved by {one.approved_by}{behalf}, {moment(one.approved_at)}"
    return f"sent {moment(one.circulated_at)}" if one.circulated_at else ""


def _row(one: Version) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude={"substance"})


def _agenda(one: Due) -> str:
    return f"version {one.agenda}" if one.agenda else "not made yet"


def _due_row(one: Due, now: datetime) -> dict[str, Any]:
    return {**one.sitting._asdict(), "when": one.when(now), **one.model_dump(mode="json", exclude={"sitting", "ruled"})}
