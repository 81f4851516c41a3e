"""`journeys` and `watches`: the worklists, from Temporal's visibility."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from activities.messages import WATCH_WORKFLOWS
from console.errors import BadInput, command
from console.naming import council_named, one_of
from console.options import AsJson
from console.rendering import console, day, moment, print_json, table, words
from console.session import quiet_logs
from console.stuck import EVERY_WATCH, Filter, idle_since
from models.deadlines import WatchKind
from models.identifiers import REFERENCE
from models.procedure import Council
from models.vocabulary import Stage
from models.watch import PREFIX
from procedures.calendars import working_calendar
from procedures.loader import council_folders, load_council
from rules.working_days import local
from runtime.connection import connect
from workflows import search_attributes as keys
from workflows.watches import KINDS

KIND_OF = {workflow: kind for kind, workflow in WATCH_WORKFLOWS.items()}
LONG_AGO = datetime.min.replace(tzinfo=UTC)


Overdue = Annotated[bool, typer.Option("--overdue", help="Only with a deadline that has passed")]
Escalated = Annotated[bool, typer.Option("--escalated", help="Only with an escalation that nobody took up")]
WaitingOn = Annotated[str | None, typer.Option(metavar="POST", help="Only those whose move is this post's")]
IdleDays = Annotated[int | None, typer.Option(metavar="N", min=0, help="Only where nothing moved for N working days")]
InStage = Annotated[str | None, typer.Option(metavar="STAGE", help="Only in this stage")]
OfCouncil = Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")]


@command
async def journeys(  # noqa: PLR0913 - one a filter
    *,
    overdue: Overdue = False,
    escalated: Escalated = False,
    waiting_on: WaitingOn = None,
    idle_days: IdleDays = None,
    forum: Annotated[str | None, typer.Option(metavar="FORUM", help="Only for this panel")] = None,
    stage: InStage = None,
    council: OfCouncil = None,
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


@command
async def watches(  # noqa: PLR0913 - one a filter
    *,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only of this kind: placement, episode, package, transfer, ...")
    ] = None,
    child: Annotated[str | None, typer.Option(metavar="CHILD", help="Only about this child, by reference")] = None,
    overdue: Overdue = False,
    escalated: Escalated = False,
    waiting_on: WaitingOn = None,
    idle_days: IdleDays = None,
    stage: InStage = None,
    council: OfCouncil = None,
    as_json: AsJson = False,
) -> None:
    """List what is watched over beside the journeys, the next deadline first.

    These are placements, care episodes, support packages, transfers, unit meetings and duties.

    Examples:
      starter.py watches --overdue
      starter.py watches --kind placement --waiting-on social_worker
      starter.py watches --child C-50117 --json
    """
    councils = [council_named(council)] if council else [load_council(key) for key in council_folders()]
    if child is not None and not re.match(REFERENCE, child):
        raise BadInput(f"{child!r} is no reference of a child: use letters, digits, `-`, `_` and `.`, such as C-50117.")
    wanted = Filter(
        workflows=(WATCH_WORKFLOWS[_kind(kind)],) if kind else EVERY_WATCH,
        child=child,
        overdue=overdue,
        escalated=escalated,
        waiting_on=one_of(waiting_on, _posts(councils), "post") if waiting_on else None,
        stage=one_of(stage, _stages(), "stage") if stage else None,
        council=council,
        idle_since=_idle(councils, idle_days) if idle_days is not None else None,
    )
    rows = await listed(await connect(quiet_logs()), wanted)
    rows.sort(key=lambda row: (row["next_deadline"] is None, row["next_deadline"] or "", row["process"]))
    if as_json:
        print_json(rows)
    else:
        print_watches(console(), rows)


def _kind(typed: str) -> WatchKind:
    """A kind by its key or by what its ids begin with: `care_episode`, `care-episode`, `episode`."""
    names: dict[str, WatchKind] = {
        **{prefix: kind for kind, prefix in PREFIX.items()},
        **{kind: kind for kind in PREFIX},
    }
    return names[one_of(typed, names, "kind")]


def _stages() -> list[str]:
    return list(dict.fromkeys(str(stage) for kind in KINDS.values() for stage in kind.moves.stages))


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
    """The open processes that a filter lets through, longest in their stage first, in plain values.

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
    kind = KIND_OF.get(execution.workflow_type)
    named = (
        {"kind": kind, "reference": execution.id.split("/", maxsplit=2)[-1]}
        if kind
        else {"referral_ref": execution.id.rsplit("/", maxsplit=1)[-1]}
    )
    return {
        "process": execution.id,
        **named,
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


def print_watches(out: Console, rows: list[dict[str, Any]]) -> None:
    """Print what is watched over.

    Args:
        out: Where to.
        rows: From `listed`.
    """
    if not rows:
        out.print("Nothing that is watched over fits: `starter.py watches` without options lists all of it.")
        return
    headings = ("Kind", "Reference", "Child", "Stage", "Since", "Waiting on", "Next deadline", "")
    cells = (
        (
            words(row["kind"]),
            row["reference"],
            row["child_ref"] or "",
            words(row["stage"]),
            moment(_moment(row["stage_since"])),
            words(row["waiting_on"]),
            moment(_moment(row["next_deadline"])),
            _marks(row),
        )
        for row in rows
    )
    out.print(table(headings, cells))
    out.print(f"{len(rows)} open.")


def _marks(row: dict[str, Any]) -> str:
    return " ".join(mark.upper() for mark in ("overdue", "escalated") if row[mark])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
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
        _marks(row),
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
