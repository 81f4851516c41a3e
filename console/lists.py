"""`journeys`: the worklist, from Temporal's visibility."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from console.errors import command
from console.naming import council_named, one_of
from console.options import AsJson
from console.rendering import console, day, moment, print_json, table, words
from console.session import quiet_logs
from console.stuck import Filter, idle_since
from models.procedure import Council
from models.vocabulary import Stage
from procedures.calendars import working_calendar
from procedures.loader import council_folders, load_council
from rules.working_days import local
from runtime.connection import connect
from workflows import search_attributes as keys

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@command
async def journeys(  # noqa: PLR0913 - one a filter
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only with a deadline that has passed")] = False,
    escalated: Annotated[bool, typer.Option("--escalated", help="Only with an escalation that nobody took up")] = False,
    waiting_on: Annotated[str | None, typer.Option(metavar="POST", help="Only those whose move is this post's")] = None,
    idle_days: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Only where nothing moved for N working days")
    ] = None,
    forum: Annotated[str | None, typer.Option(metavar="FORUM", help="Only for this panel")] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="Only in this stage, such as listed")] = None,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    as_json: AsJson = False,
) -> None:
    """List the journeys that are open, the one that has stood still longest first.

    Examples:
      starter.py journeys --waiting-on head_of_service
      starter.py journeys --overdue --forum harp
      starter.py journeys --idle-days 5 --json
    """
    councils = [council_named(council)] if council else [load_council(key) for key in council_folders()]
    wanted = Filter(
        overdue=overdue,
        escalated=escalated,
        waiting_on=one_of(waiting_on, _posts(councils), "post") if waiting_on else None,
        forum=one_of(forum, _forums(councils), "forum") if forum else None,
        stage=one_of(stage, list(Stage), "stage") if stage else None,
        council=council,
        idle_since=_idle(councils, idle_days) if idle_days is not None else None,
    )
    rows = await listed(await connect(quiet_logs()), wanted)
    if as_json:
        print_json(rows)
    else:
        print_journeys(console(), rows)


def _posts(councils: Iterable[Council]) -> list[str]:
    return list(dict.fromkeys(post for council in councils for post in council.posts))


def _forums(councils: Iterable[Council]) -> list[str]:
    return list(dict.fromkeys(forum for council in councils for forum in council.forums))


def _idle(councils: Iterable[Council], working_days: int) -> dict[str, datetime]:
    now = datetime.now(UTC)
    # So many working days may reach back over a new year, so the table begins well before.
    first_year = now.year - 1 - working_days // 250
    return {c.key: idle_since(now, working_days, working_calendar(c.key, first_year)) for c in councils}


async def listed(client: Client, wanted: Filter) -> list[dict[str, Any]]:
    """The open journeys that a filter lets through, longest in their stage first, in plain values.

    Args:
        client: Connected.
        wanted: Which.
    """
    found = [execution async for execution in client.list_workflows(wanted.query())]
    found.sort(key=lambda execution: (_value(execution, keys.STAGE_SINCE) or LONG_AGO, execution.id))
    return [_row(execution) for execution in found]


def _value(execution: WorkflowExecution, key: SearchAttributeKey[Any]) -> Any:  # noqa: ANN401 - of the key's type
    return execution.typed_search_attributes.get(key)


def _row(execution: WorkflowExecution) -> dict[str, Any]:
    sitting = _value(execution, keys.SITTING_DATE)
    return {
        "process": execution.id,
        "referral_ref": execution.id.rsplit("/", maxsplit=1)[-1],
        "child_ref": _value(execution, keys.CHILD_REF),
        "council": _value(execution, keys.COUNCIL),
        "forum": _value(execution, keys.FORUM),
        "stage": _value(execution, keys.STAGE),
        "stage_since": _iso(_value(execution, keys.STAGE_SINCE)),
        "waiting_on": _value(execution, keys.WAITING_ON),
        "priority": _value(execution, keys.PRIORITY),
        "overdue": bool(_value(execution, keys.OVERDUE)),
        "escalated": bool(_value(execution, keys.ESCALATED)),
        "next_deadline": _iso(_value(execution, keys.NEXT_DEADLINE)),
        "sitting": local(sitting).date().isoformat() if sitting else None,
    }


def _iso(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else None


def print_journeys(out: Console, rows: list[dict[str, Any]]) -> None:
    """Print the worklist.

    Args:
        out: Where to.
        rows: From `listed`.
    """
    if not rows:
        out.print("No open journey fits: `starter.py journeys` without options lists all of them.")
        return
    headings = ("Referral", "Child", "Forum", "Stage", "Since", "Waiting on", "Next deadline", "Sitting", "")
    out.print(table(headings, map(_cells, rows)))
    out.print(f"{len(rows)} open {'journey' if len(rows) == 1 else 'journeys'}.")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    marks = [mark.upper() for mark in ("overdue", "escalated") if row[mark]]
    sitting = datetime.fromisoformat(row["sitting"]).date() if row["sitting"] else None
    return (
        row["referral_ref"],
        row["child_ref"] or "",
        words(row["forum"]),
        words(row["stage"]),
        moment(_moment(row["stage_since"])),
        words(row["waiting_on"]),
        moment(_moment(row["next_deadline"])),
        day(sitting),
        " ".join(marks),
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
