"""`calendar`: a feed that calendar programs read."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console.errors import BadInput, command
from console.naming import council_named, one_of
from console.office import Office, office
from console.options import AsJson
from console.planner import require_unit
from console.rendering import print_json
from models.people import Actor
from models.procedure import Council
from planner.feeds import Feeds
from runtime.notice_sending import link_of
from runtime.rota import RotaFile

EVENT = b"BEGIN:VEVENT"
CANCELLED = b"STATUS:CANCELLED"
LONGEST_REMINDER = 60


@command
async def calendar(  # noqa: PLR0913 - one a word of the command
    *,
    forum: Annotated[
        tuple[str, str] | None, typer.Option("--forum", metavar="COUNCIL FORUM", help="A panel's dates and cut-offs")
    ] = None,
    staff: Annotated[
        str | None, typer.Option("--as", metavar="STAFF", help="A person's sittings, actions and deadlines")
    ] = None,
    unit: Annotated[
        tuple[str, str] | None, typer.Option("--unit", metavar="COUNCIL UNIT", help="What is due in a unit's cases")
    ] = None,
    remind: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, max=LONGEST_REMINDER, help="Remind so many days before each deadline"),
    ] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE.ics", help="Where to; else standard output")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a calendar feed (iCalendar) of a panel, a person or a unit.

    Written again, it keeps every entry's identity, counts changes up, and says what was cancelled for a month after its
    day. Where nothing changed it is the same file. It holds references of cases and forums, and nothing about children.

    Examples:
      starter.py calendar --forum hillingdon harp --write harp.ics
      starter.py calendar --as hos-court-1 --remind 2 --write mine.ics
      starter.py calendar --unit hillingdon "children in need" --write unit.ics
    """
    asked = [one for one in (forum, staff, unit) if one is not None]
    if len(asked) != 1:
        raise BadInput("Say whose calendar: one of --forum COUNCIL FORUM, --as STAFF and --unit COUNCIL UNIT.")
    if as_json and write is None:
        raise BadInput("--json says what was written: name a file with --write.")
    with office() as here:
        content = _made(here, forum, staff, unit, remind)
    if write is None:
        sys.stdout.write(content.decode())
        return
    try:
        write.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{write} cannot be written ({error.strerror}): name another place.") from None
    said = {"file": str(write), "entries": content.count(EVENT), "cancelled": content.count(CANCELLED)}
    if as_json:
        print_json(said)
    else:
        gone = f", {said['cancelled']} of them cancelled" if said["cancelled"] else ""
        typer.echo(f"{said['entries']} entries{gone}: written to {write}.")


def _made(
    here: Office, forum: tuple[str, str] | None, staff: str | None, unit: tuple[str, str] | None, remind: int | None
) -> bytes:
    if forum is not None:
        council = council_named(forum[0])
        sits = [key for key, one in council.forums.items() if one.body == "sitting"]
        return _feeds(here, council, remind).of_forum(
            one_of(forum[1], sits, f"panel of {council.title} that sits called")
        )
    if unit is not None:
        council = council_named(unit[0])
        require_unit(here, unit[1], [council])
        return _feeds(here, council, remind).of_unit(unit[1])
    actor = here.staff.actor(staff or "")
    return _feeds(here, council_named(actor.council), remind).of_person(actor, _stands_in_for(here, actor))


def _feeds(here: Office, council: Council, remind: int | None) -> Feeds:
    return Feeds(
        here.engine,
        council,
        datetime.now(UTC),
        rota=RotaFile(here.settings.rota)(council.key),
        remind_days=remind,
        # The address of a development server changes from day to day, and every change would reach every calendar.
        links=link_of(here.settings) if here.settings.link else None,
    )


def _stands_in_for(here: Office, actor: Actor) -> list[tuple[Actor, str | None]]:
    known = here.staff.actors
    covered = here.covers.principals(actor.staff)
    return [(known[one.staff], one.of_process) for one in covered if one.staff in known]
