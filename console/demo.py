"""`demo`: a panel week on this machine, from example forms, and one whole journey as a rehearsal.

Every step has a message id of its own that stays the same, so that running the demo again goes on from where it is.
"""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from console.duties import up_to_date
from console.errors import command, sentence_of
from console.inputs import read_form
from console.lists import listed, print_journeys
from console.rehearsals import narrate
from console.rendering import clock_time, console, day, facts, heading, words
from console.serving import running_worker, until_stopped
from console.session import Session, quiet_logs, session
from console.stuck import Filter, saved_views, ui_address
from models.errors import Refused
from models.views import JourneyView
from models.vocabulary import JourneyAct
from procedures.calendars import working_calendar
from procedures.loader import council_folders
from rehearsal.play import play_story
from rehearsal.story import read_story
from runtime.embedded_server import embedded_server
from runtime.gateway import View
from runtime.settings import Settings

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
WHOLE_JOURNEY = ROOT / "rehearsals" / "demo" / "a_whole_journey.toml"
VISIBLE_TRIES = 100
VISIBLE_PAUSE = 0.1
"""Visibility follows the journeys by a moment; the worklist waits for it, but not for ever."""


@dataclass(frozen=True)
class Deed:
    """What one member of staff does to a journey."""

    staff: str
    act: JourneyAct
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One example: a form, who refers it, and how far it is carried."""

    form: str
    staff: str
    deeds: tuple[Deed, ...] = ()


SIGN_OFF = Deed("tm-cin-1", JourneyAct.SIGN_OFF)
ENDORSE = Deed("hos-cin-1", JourneyAct.ENDORSE)
CASES = (
    Case("hillingdon-harp.json", "sw-cin-1", (SIGN_OFF, ENDORSE)),
    Case("hillingdon-complex-harp.json", "sw-cin-2", (SIGN_OFF, ENDORSE)),
    Case("hillingdon-harp-therapy.json", "sw-cin-1", (SIGN_OFF,)),
    Case(
        "hillingdon-harp-assessment.json",
        "sw-cin-2",
        (
            Deed(
                "tm-cin-1",
                JourneyAct.RETURN_FOR_CHANGES,
                {"reasons": "The child's own views are missing; ask, and say what help the assessment would lead to."},
            ),
        ),
    ),
    Case("hillingdon-harp-staying-put.json", "pa-1"),
    Case("hillingdon-harp-without-checklist.json", "sw-cin-1", (SIGN_OFF,)),
    Case(
        "hillingdon-harp-long-term-match.json",
        "sw-lac-1",
        (
            Deed("tm-lac-1", JourneyAct.SIGN_OFF),
            Deed("hos-lac-1", JourneyAct.ESCALATE, {"reasons": "Notice was given on the placement; decide this week."}),
        ),
    ),
)


@command
async def demo() -> None:
    """Start the server and a worker, fill them with example journeys, and play one whole journey as a rehearsal.

    The examples go as far as today's date allows; run again, the demo goes on from where they are and starts nothing
    twice. On a terminal it keeps serving until Ctrl-C.

    Examples:
      starter.py demo
      WAYMARK_STATE_FOLDER=/tmp/waymark starter.py demo        with a state of its own
    """
    settings = quiet_logs().model_copy(update={"staff_directory": EXAMPLES / "staff.toml"})
    out = console()
    out.print(heading("Starting the Temporal server and a worker"))
    async with embedded_server(settings, reuse=True) as server, running_worker(server.applied_to(settings)):
        here = server.applied_to(settings)
        running = "" if server.owned else " (it was running already)"
        out.print(f"  Temporal server  {server.address}{running}\n  Temporal UI      {server.ui or 'none'}")
        out.print(f"  Duties           {await up_to_date(here)}\n")
        async with session(settings=here, acts=True) as way_in:
            listed_on = await _show_cases(out, way_in, has_ui=server.ui is not None)
        await _show_whole_journey(out)
        _show_next(out, here, listed_on)
        if sys.stdout.isatty():
            with until_stopped() as stop:
                out.print("Serving until Ctrl-C.")
                await stop.wait()


async def _show_cases(out: Console, way_in: Session, *, has_ui: bool) -> date | None:
    """Carry every example and show the worklist; the date of the first sitting that one of them is listed for."""
    out.print(heading("Example referrals, as far as today's date allows"))
    views = [view for case in CASES if (view := await _carry(out, way_in, case)) is not None]
    out.print(heading("\nThe worklist (`starter.py journeys`)"))
    await _until_visible(way_in, views)
    print_journeys(out, await listed(way_in.client, Filter()))
    now = datetime.now(UTC)
    calendars = {key: working_calendar(key, now.year - 1) for key in council_folders()}
    out.print(heading("\nStuck cases in the Temporal UI"))
    for name, wanted in saved_views(now, calendars).items():
        out.print(f"  {name}: {len(await listed(way_in.client, wanted))}")
        if has_ui:
            out.print(Text(f"    {ui_address(way_in.settings, wanted.query())}"), soft_wrap=True)
    out.print()
    return next((view.sitting for view in views if view.sitting is not None and view.forum == "harp"), None)


async def _carry(out: Console, way_in: Session, case: Case) -> View | None:
    """Refer one example and do with it what its story says, as far as that is still to be done."""
    form = read_form(EXAMPLES / case.form)
    staff = way_in.staff.actor(case.staff)
    try:
        process_id, started = await way_in.gateway.refer(form, staff, datetime.now(UTC))
    except Refused as refused:
        out.print(Text(f"  {form.referral_ref}: {sentence_of(refused)}"), soft_wrap=True)
        return None
    deeds = [await _do(way_in, process_id, deed) for deed in case.deeds]
    told = ["referred" if started else "already under way", *deeds]
    view = await way_in.gateway.rested(process_id)
    out.print(Text(f"  {form.referral_ref}: {'; '.join(filter(None, told))}: {_stands(view)}"), soft_wrap=True)
    return view


async def _do(way_in: Session, process_id: str, deed: Deed) -> str:
    """Do a deed once; what it came to in words, nothing when it was done before."""
    actor = way_in.staff.actor(deed.staff)
    message_id = f"demo:{process_id}:{deed.act}"
    before = await way_in.gateway.rested(process_id)
    if not before.open:
        return ""
    seen = before.recent[-1].sequence if before.recent else 0
    try:
        if deed.act is JourneyAct.ESCALATE:
            await way_in.gateway.escalate(process_id, actor, deed.details, message_id)
            new = (await way_in.gateway.view(process_id)).recent[-1].sequence > seen
        else:
            answer = await way_in.gateway.act(process_id, deed.act, actor, deed.details, message_id)
            new = answer.sequence > seen
    except Refused as refused:
        return f"{words(deed.act)} {sentence_of(refused)[0].lower()}{sentence_of(refused)[1:].rstrip('.')}"
    return f"{words(deed.act)} by {deed.staff}" if new else ""


def _stands(view: View) -> str:
    if not isinstance(view, JourneyView) or view.stage == "closed":
        return "now closed."
    if view.sitting is not None:
        place = clock_time(view.slot) if view.slot else f"reserve {view.reserve}"
        return f"{words(view.stage)} for {words(view.forum)} on {day(view.sitting)}, {place}."
    return f"{words(view.stage)}, waiting on {words(view.waiting_on)}."


async def _until_visible(way_in: Session, views: Iterable[View]) -> None:
    wanted = {(view.process, str(view.stage), view.escalated) for view in views if view.open}
    for _ in range(VISIBLE_TRIES):
        rows = await listed(way_in.client, Filter())
        if wanted <= {(row["process"], row["stage"], row["escalated"]) for row in rows}:
            return
        await asyncio.sleep(VISIBLE_PAUSE)


async def _show_whole_journey(out: Console) -> None:
    out.print(heading("One whole journey of twelve weeks, rehearsed on a server whose clock can be moved"))
    story = read_story(WHOLE_JOURNEY)
    narrate(out, WHOLE_JOURNEY.relative_to(ROOT), story, await play_story(WHOLE_JOURNEY, story))


def _show_next(out: Console, settings: Settings, listed_on: date | None) -> None:
    out.print(heading("Try next, with .venv/bin/python starter.py"))
    out.print(
        facts(
            [
                ("  show HARP-2042", "what is due, and who may do what"),
                ("  act HARP-2042 endorse --as hos-cin-1", "its own Head of Service endorses it"),
                ("  act HARP-2046 acknowledge_escalation --as tm-lac-1", "somebody takes up the escalation"),
                (f"  sitting hillingdon harp {listed_on or 'next'}", "the agenda, with times and papers"),
                ("  up", f"keeps the server and a worker running on {settings.state_folder}"),
            ]
        )
    )
    out.print()
