"""`duties`: the recurring duties of councils, and the schedules that bring them round."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer
from temporalio.client import Client

from console.errors import command
from console.naming import council_named
from console.options import AsJson
from console.rendering import console, day, print_json, table
from console.session import quiet_logs
from models.errors import ProcedureFault
from models.procedure import Council
from procedures.calendars import working_calendar
from procedures.loader import council_folders, load_council
from rules.duties.recurring import AT, occurrences
from rules.working_days import DAY, local
from runtime.connection import connect
from runtime.duty_schedules import Change, apply, changes, wanted_schedules
from runtime.settings import Settings

SAYS = {"keep": "as it should be", "create": "to create", "update": "to update", "delete": "to delete"}
DONE = {"keep": "as it should be", "create": "created", "update": "updated", "delete": "deleted"}
LOOKS_AHEAD = timedelta(days=3 * 366)


@command
async def duties(
    *,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    bring: Annotated[
        bool, typer.Option("--apply", help="Create, update and delete schedules, so that they are as the files say")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the duties that come round by themselves, and whether their schedules are as the files say.

    `make up` and `make demo` bring them up to date. Elsewhere do so with --apply after each release, and after each new
    year. It may be done at any time and as often as one likes.

    Examples:
      starter.py duties
      starter.py duties --council hackney --apply
    """
    client = await connect(settings := quiet_logs())
    councils = [council_named(council)] if council else [load_council(key) for key in council_folders()]
    found = await brought(client, councils, settings.task_queue, bring=bring)
    here = local(datetime.now(UTC))
    first = here.date() if here.time() < AT else here.date() + DAY
    rows = [_row(change, first, bring=bring) for change in found]
    if as_json:
        print_json(rows)
        return
    if not rows:
        typer.echo("No duty comes round by itself here.")
        return
    shown = [[row["id"], row["title"], row["owner"], row["rules"], day(row["next"]), row["schedule"]] for row in rows]
    console().print(table(["Schedule", "Duty", "Owner", "Rules", "Next", "State"], shown))


async def brought(client: Client, councils: Iterable[Council], task_queue: str, *, bring: bool) -> list[Change]:
    """The schedules of councils, and what was or would be done about each.

    Args:
        client: Connected.
        councils: Whole procedures.
        task_queue: Where occurrences run.
        bring: Whether to do it.
    """
    known = list(councils)
    today = local(datetime.now(UTC)).date()
    wanted = [
        one
        for council in known
        for one in wanted_schedules(council, working_calendar(council.key, today.year - 1), task_queue, today)
    ]
    found = await changes(client, wanted, [council.key for council in known])
    for change in found if bring else ():
        await apply(client, change)
    return found


async def up_to_date(settings: Settings) -> str:
    """Bring the schedules of every council up to date, and say so in a line. One whose files are at fault waits.

    Args:
        settings: Pointed at a server that runs.
    """
    councils = []
    for key in council_folders():
        with suppress(ProcedureFault):
            councils.append(load_council(key))
    found = await brought(await connect(settings), councils, settings.task_queue, bring=True)
    kept = [change for change in found if change.what != "delete"]
    return f"{len(kept)} come round by themselves (`starter.py duties`)"


def _row(change: Change, first: date, *, bring: bool) -> dict[str, Any]:
    says = (DONE if bring else SAYS)[change.what]
    if change.wanted is None:
        return {"id": change.id, "title": "", "owner": "", "rules": "", "next": None, "schedule": says}
    duty = change.wanted.duty
    return {
        "id": change.id,
        "title": duty.title,
        "owner": duty.owner,
        "rules": ", ".join(duty.cites),
        "next": next(occurrences(duty, first, first + LOOKS_AHEAD), None),
        "schedule": f"{says}, paused" if change.paused else says,
    }
