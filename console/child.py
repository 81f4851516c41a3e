"""`child`: one child's whole picture, across all processes: what runs, what is due, whose move it is, what happened."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from temporalio.client import Client

from console.errors import BadInput, command
from console.naming import council_named
from console.options import AsJson
from console.rendering import console, day, heading, moment, print_json, table, words
from console.session import session
from models.errors import Refused
from models.identifiers import REFERENCE
from models.process import Entry, Event
from models.views import JourneyView, ProcessView, SittingView
from models.watch import WatchView, watch_kind
from procedures.loader import council_folders
from runtime.gateway import Gateway, NoAnswer

MOST_LINES = 40
"""How much of the timeline is printed; `--json` has all of it."""
AT_ONCE = 10
"""How many processes are asked for at the same time: a child may have had hundreds."""
LONG_AHEAD = datetime.max.replace(tzinfo=UTC)


@command
async def child(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The child's reference, as referrals have it")],
    *,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    as_json: AsJson = False,
) -> None:
    """Show all that runs for one child: processes, whose move it is, open clocks by date, and what happened.

    Examples:
      starter.py child C-20417
      starter.py child C-20417 --council hackney --json
    """
    if not re.fullmatch(REFERENCE, reference):
        raise BadInput(f"{reference!r} is no child's reference: use letters, digits, `-`, `_`, `.`, such as C-20417.")
    if council is not None and council not in council_folders():
        council_named(council)
    async with session() as way_in:
        found = await processes_of(way_in.client, reference, council)
        views = await _all_seen(way_in.gateway, found)
        entries = {one: way_in.register.events(one) for one in found}
    whole = picture(reference, council, views, entries)
    if as_json:
        print_json(whole)
    else:
        print_child(console(), whole)


async def processes_of(client: Client, reference: str, council: str | None) -> list[str]:
    """Every process of one child that the server knows, open or over, by its search attribute.

    Args:
        client: Connected.
        reference: The child's reference.
        council: Only of this council.
    """
    query = f"ChildRef = '{reference}'" + (f" AND Council = '{council}'" if council is not None else "")
    return sorted({execution.id async for execution in client.list_workflows(query)})


async def _all_seen(gateway: Gateway, found: Iterable[str]) -> list[ProcessView]:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def look(process_id: str) -> ProcessView | None:
        async with at_once:
            return await _seen(gateway, process_id)

    views = await asyncio.gather(*(look(one) for one in found))
    return [view for view in views if view is not None]


async def _seen(gateway: Gateway, process_id: str) -> ProcessView | None:
    """A process as it stands; `None` where it cannot be shown: what the register has of it stays in the timeline."""
    try:
        return await gateway.view(process_id)
    except (Refused, NoAnswer):
        return None


def picture(
    reference: str, council: str | None, views: Iterable[ProcessView], entries: Mapping[str, Iterable[Entry]]
) -> dict[str, Any]:
    """A child's whole picture, in plain values: references, codes and times, never narrative.

    Args:
        reference: The child's reference.
        council: The council that was asked for.
        views: Its processes as they stand.
        entries: What the register has of each.
    """
    shown = sorted(views, key=lambda view: (not view.open, view.next_deadline or LONG_AHEAD, view.process))
    moves: dict[str, list[str]] = {}
    for view in shown:
        if view.waiting_on:
            moves.setdefault(view.waiting_on, []).append(view.process)
    clocks = [_clock(view, name) for view in shown for name, clock in view.clocks.items() if clock.ticking]
    return {
        "child_ref": reference,
        "council": council,
        "processes": [_process(view) for view in shown],
        "moves": [{"post": post, "processes": processes} for post, processes in moves.items()],
        "clocks": sorted(clocks, key=lambda clock: (clock["due"], clock["name"], clock["process"])),
        "timeline": _timeline({view.process: view for view in shown}, entries),
        "not_shown": sorted(set(entries) - {view.process for view in shown}),
    }


def kind_of(process_id: str) -> str:
    """What a process is: `journey`, or the kind of what it watches over.

    Args:
        process_id: The process.
    """
    return watch_kind(process_id) or process_id.split("/", maxsplit=1)[0]


def _process(view: ProcessView) -> dict[str, Any]:
    outcome = view.outcome if isinstance(view, JourneyView | WatchView) else None
    came_from = view.came_from if isinstance(view, JourneyView | WatchView) else None
    sitting = view.sitting if isinstance(view, JourneyView | SittingView | WatchView) else None
    return {
        "process": view.process,
        "kind": kind_of(view.process),
        "council": view.council,
        "forum": view.forum or None,
        "stage": str(getattr(view, "stage", "")),
        "stage_since": _iso(view.stage_since),
        "open": view.open,
        "outcome": str(outcome) if outcome else None,
        "waiting_on": view.waiting_on,
        "priority": str(view.priority),
        "overdue": view.overdue,
        "escalated": view.escalated,
        "next_deadline": _iso(view.next_deadline),
        "sitting": sitting.isoformat() if sitting else None,
        "came_from": came_from,
        "proposed": _proposed(view),
        "flags": view.flags,
    }


def _proposed(view: ProcessView) -> list[dict[str, Any]]:
    """Referrals that were proposed and that nobody has answered."""
    if not isinstance(view, WatchView):
        return []
    return [{"forum": one.forum, "to": one.to, "at": _iso(one.at)} for one in view.proposals if one.answer is None]


def _clock(view: ProcessView, name: str) -> dict[str, Any]:
    clock = view.clocks[name]
    said = {"name": name, "state": str(clock.state), "owner": clock.owner, "cites": clock.cites}
    return {"due": _iso(clock.due), **said, "process": view.process}


def _timeline(views: Mapping[str, ProcessView], entries: Mapping[str, Iterable[Entry]]) -> list[dict[str, Any]]:
    """Everything that happened, oldest first: the register's entries, with what the latest events say beside them."""
    lines: list[tuple[datetime, str, int, dict[str, Any]]] = []
    for process in sorted({*views, *entries}):
        recent = {event.sequence: event for event in views[process].recent} if process in views else {}
        written: list[Entry | Event] = [entry for entry in entries.get(process, ()) if entry.sequence not in recent]
        for event in (*written, *recent.values()):
            line = {
                "at": _iso(event.at),
                "process": process,
                "what": event.what,
                "staff": event.staff,
                "post": event.post,
                "on_behalf_of": event.on_behalf_of,
                "accepted": event.accepted,
                "code": event.code,
                "note": getattr(event, "note", None),
            }
            lines.append((event.at, process, event.sequence, line))
    return [line for *_, line in sorted(lines, key=lambda one: one[:3])]


def _iso(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else None


def _moment(value: str | None) -> str:
    return moment(datetime.fromisoformat(value)) if value else ""


def print_child(out: Console, whole: Mapping[str, Any]) -> None:
    """Print a child's whole picture.

    Args:
        out: Where to.
        whole: From `picture`.
    """
    reference, processes = whole["child_ref"], whole["processes"]
    if not processes and not whole["timeline"]:
        where = f" at {whole['council']}" if whole["council"] else ""
        out.print(f"Nothing is known of {reference}{where}: a referral or a care episode for that child begins it.")
        return
    running = sum(row["open"] for row in processes)
    out.print(heading(f"Child {reference}: {running} open, {len(processes) - running} closed"))
    headings = ("Process", "What", "Stage", "Since", "Whose move", "Next deadline", "Sitting", "")
    out.print(table(headings, map(_process_row, processes)))
    if whole["clocks"]:
        rows = map(_clock_row, whole["clocks"])
        out.print(table(("Due", "Clock", "State", "Owner", "Process", "Rule"), rows, "Open clocks"))
    _print_lines(out, whole)
    lines = whole["timeline"]
    left_out = f" (the last {MOST_LINES} of {len(lines)}; --json has all)" if len(lines) > MOST_LINES else ""
    rows = map(_timeline_row, lines[-MOST_LINES:])
    out.print(table(("When", "Process", "What", "Who", "Note"), rows, f"Timeline{left_out}"))


def _print_lines(out: Console, whole: Mapping[str, Any]) -> None:
    lines = [
        f"{words(one['forum'])} is proposed to the {words(one['to'])}: {row['process']}"
        for row in whole["processes"]
        for one in row["proposed"]
    ]
    lines += [f"{flag}: {row['process']}" for row in whole["processes"] if row["open"] for flag in row["flags"]]
    lines += [f"{process} cannot be shown: look at it in the Temporal UI" for process in whole["not_shown"]]
    if lines:
        out.print(heading("Look at"))
        for line in lines:
            out.print(f"  - {line}")
        out.print()


def _process_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    what = " ".join(filter(None, (words(row["kind"]), f"({words(row['forum'])})" if row["forum"] else "")))
    stage = words(row["stage"]) + (f", {words(row['outcome'])}" if row["outcome"] else "")
    marks = " ".join(mark.upper() for mark in ("overdue", "escalated") if row[mark])
    sitting = datetime.fromisoformat(row["sitting"]).date() if row["sitting"] else None
    since, due = _moment(row["stage_since"]), _moment(row["next_deadline"])
    return row["process"], what, stage, since, words(row["waiting_on"]), due, day(sitting), marks


def _clock_row(clock: Mapping[str, Any]) -> tuple[str, ...]:
    state, owner = words(clock["state"]), words(clock["owner"])
    return _moment(clock["due"]), words(clock["name"]), state, owner, clock["process"], clock["cites"]


def _timeline_row(line: Mapping[str, Any]) -> tuple[str, ...]:
    who = line["staff"] if line["staff"] == line["post"] else f"{line['staff']} ({words(line['post'])})"
    if line["on_behalf_of"]:
        who = f"{line['staff']} on behalf of {line['on_behalf_of']} ({words(line['post'])})"
    note = " ".join(filter(None, (line["note"], f"REFUSED: {line['code']}" if line["code"] else "")))
    return _moment(line["at"]), line["process"], words(line["what"]), who, note
