"""`cover` and `reassign`: who does somebody's work while they are away, or once they have left."""

from typing import Annotated, Any

import typer

from console.errors import BadInput, command
from console.naming import council_named, council_of, date_named, processes_named
from console.office import Office, office
from console.options import As, AsJson
from console.rendering import console, day, print_json, table
from models.cover import Cover
from models.people import Actor
from procedures.loader import load_council
from rules.cover import in_force
from rules.working_days import local
from runtime.cover import Arrangement

Whose = Annotated[str | None, typer.Option("--of", metavar="STAFF", help="Whose work it is, where not one's own")]
Deputy = Annotated[str | None, typer.Option("--deputy", metavar="STAFF", help="Who stands in")]
First = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day; today when left out")]
Last = Annotated[str | None, typer.Option("--until", metavar="DATE", help="The last day, included")]


@command
async def cover(  # noqa: PLR0913 - one a word of the command
    *,
    staff: As = None,
    of: Whose = None,
    deputy: Deputy = None,
    from_on: First = None,
    until: Last = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it goes to the register only")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List who stands in for whom")] = False,
    end: Annotated[bool, typer.Option("--end", help="End it from now on")] = False,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="With --list: only of this council")] = None,
    as_json: AsJson = False,
) -> None:
    """Name a deputy for the days on which somebody is away.

    The person does so, or a manager above them. The deputy then finds their work in `starter.py worklist`, and acts
    with `act ... --as DEPUTY --on-behalf-of STAFF`. Both days are included. Four eyes hold for both people.

    Examples:
      starter.py cover --as tm-cin-1 --deputy tm-lac-1 --from 2026-12-21 --until 2027-01-02 --reason leave
      starter.py cover --as hos-cin-1 --of tm-cin-1 --deputy tm-lac-1 --until 2026-12-04
      starter.py cover --list
      starter.py cover --end --as tm-cin-1
    """
    if listed and end:
        raise BadInput("Choose one of --list and --end.")
    if listed:
        _list(of or staff, council, as_json=as_json)
        return
    if staff is None:
        raise BadInput("Say who arranges it with --as STAFF.")
    with office() as here:
        by, whose = here.staff.actor(staff), here.staff.known(of or staff)
        if end:
            ended = here.covers.end(load_council(whose.council), by, whose, deputy)
            _ended(ended, as_json=as_json)
            return
        if deputy is None or until is None:
            raise BadInput("Name the deputy with --deputy STAFF and the last day with --until DATE.")
        first = date_named(from_on) if from_on else local(here.covers.now()).date()
        who = _arrangement(here, by, whose, deputy)
        given = here.covers.give(who, first, date_named(until), reason)
    if as_json:
        print_json(_row(given))
        return
    console().print(
        f"{given.deputy} stands in for {given.staff} from {day(given.from_on)} until {day(given.until)}.",
        soft_wrap=True,
    )


@command
async def reassign(  # noqa: PLR0913 - one a word of the command
    *,
    staff: As = None,
    from_staff: Annotated[str, typer.Option("--from", metavar="STAFF", help="Whose work it was")],
    to: Annotated[str, typer.Option("--to", metavar="STAFF", help="Whose work it becomes")],
    process: Annotated[str | None, typer.Option(metavar="PROCESS", help="Only this case, by its whole id")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes to the register only")],
    as_json: AsJson = False,
) -> None:
    """Hand somebody's work over for good: all of it when they leave, or one case that changes hands.

    What was theirs by name (referrals, actions, sittings) is the new owner's from now on, who acts on it on their
    behalf. The person does so, or a manager above them. It lasts until `cover --end --of STAFF`.

    Examples:
      starter.py reassign --as tm-cin-1 --from sw-cin-2 --to sw-cin-1 --reason "Left the service"
      starter.py reassign --as tm-cin-1 --from sw-cin-1 --to sw-cin-2 --process journey/hillingdon/HARP-2041
          --reason "Moves to the court team"
    """
    if staff is None:
        raise BadInput("Say who arranges it with --as STAFF.")
    with office() as here:
        by, whose = here.staff.actor(staff), here.staff.known(from_staff)
        if process is not None:
            _require_process(process, whose)
        given = here.covers.reassign(_arrangement(here, by, whose, to), reason, process)
    if as_json:
        print_json(_row(given))
        return
    what = f"{given.of_process} of {given.staff}" if given.of_process else f"What {given.staff} had to do"
    console().print(f"{what} is {given.deputy}'s from now on.", soft_wrap=True)


def _arrangement(here: Office, by: Actor, whose: Actor, deputy: str) -> Arrangement:
    return Arrangement(load_council(whose.council), by, whose, here.staff.actor(deputy))


def _require_process(process: str, whose: Actor) -> None:
    if "/" not in process:
        raise BadInput(f"{process} is a reference only: write the whole id, such as {processes_named(process)[0]}.")
    if council_of(process) != whose.council:
        raise BadInput(f"{process} is not a process of {whose.council}: name one of the council of {whose.staff}.")


def _list(staff: str | None, council: str | None, *, as_json: bool) -> None:
    key = council_named(council).key if council else None
    with office() as here:
        found = here.covers.listed(key, here.staff.known(staff).staff if staff else None)
        now = here.covers.now()
    if as_json:
        print_json([_row(one) for one in found])
        return
    if not found:
        console().print("Nobody stands in for anybody: `starter.py cover --help` shows how to name a deputy.")
        return
    rows = [
        (
            one.staff,
            one.deputy,
            day(one.from_on),
            day(one.until) or "for good",
            one.of_process or "everything",
            "now" if in_force(one, now) else "over" if _over(one, here) else "later",
        )
        for one in found
    ]
    console().print(table(("Whose work", "Done by", "From", "Until", "What", "In force"), rows))


def _over(one: Cover, here: Office) -> bool:
    today = local(here.covers.now()).date()
    return one.ended_at is not None or (one.until is not None and one.until < today)


def _ended(ended: list[Cover], *, as_json: bool) -> None:
    if as_json:
        print_json([_row(one) for one in ended])
        return
    for one in ended:
        console().print(f"{one.deputy} does not stand in for {one.staff} any more.", soft_wrap=True)


def _row(one: Cover) -> dict[str, Any]:
    return one.model_dump(mode="json")
