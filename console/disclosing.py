"""`disclose`, `retention`, `hold` and `erase`: what people do with a child's whole record."""

import re
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sql
import typer
from temporalio.client import Client

from activities.register import open_register
from console.errors import BadInput, ExitStatus, command
from console.naming import council_named, date_named
from console.options import AsJson
from console.rendering import console, day, facts, print_json, table, words
from console.session import quiet_logs
from disclosure.archive import Disclosure
from disclosure.archive import disclose as disclose_child
from disclosure.erasure import Plan, clean_up, erase_child, erased_before, plan
from disclosure.gathering import child_id
from models.errors import Refused
from models.identifiers import REFERENCE, sitting_key
from models.people import Actor
from models.procedure import Council
from papers.content import Meeting
from papers.making import make, papers_of, system_of
from procedures.calendars import working_calendar
from procedures.loader import council_folders
from procedures.records import records_of
from register.fold import catch_up
from register.log import note_event
from register.retention import ADOPTED, DIED, HELD, RELEASED, Kept, kept, kept_of
from rules.retention import require_may
from rules.working_days import local
from runtime.connection import connect
from runtime.erasing import Deletion, delete_histories, processes_at_temporal, require_over
from runtime.settings import Settings
from runtime.staff import read_staff

MOST_LINES = 200
FIRST_LIFE = 1900
"""Deaths and adoption orders go further back than the register does."""
CouncilKey = Annotated[str, typer.Argument(metavar="COUNCIL", help="The council's key")]
Child = Annotated[str, typer.Argument(metavar="CHILD_REF", help="The child's reference, as referrals have it")]
Staff = Annotated[str, typer.Option("--as", metavar="STAFF", help="Who does it: a staff reference of the directory")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, without anything of the case: it stays on record")
]


@command
async def disclose(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    child_ref: Child,
    *,
    staff: Staff,
    reason: Reason,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the archive goes")],
    as_json: AsJson = False,
) -> None:
    """Write everything held about one child as one archive: record.pdf to read, record.json, and the child's papers.

    What is about other children is left out. That it was disclosed is on record before the file is there. Read it
    before you hand it out: what people wrote about others inside a text, no program finds.

    Examples:
      starter.py disclose hillingdon C-50117 --as hos-cin-1 --reason "Request of 3 March 2031" --to disclosures
    """
    procedure, settings = council_named(council), quiet_logs()
    actor = _actor(settings, staff)
    _require_reference(child_ref)
    with closing(_Register(settings)) as register:
        try:
            made = disclose_child(register.engine, procedure, child_ref, actor, _reason(reason), to, _now())
        except OSError as error:
            raise BadInput(f"{to} cannot be written to ({error.strerror}): name another folder.") from None
    if as_json:
        print_json(
            {
                "file": str(made.path),
                "sha256": made.digest,
                "position": made.position,
                "events": made.events,
                "files": list(made.files),
                "blacked_out": made.blacked_out,
                "papers_naming_others": made.papers_naming,
            }
        )
        return
    console().print(f"Written: {made.path} ({made.events} events). On record as event {made.position}.", soft_wrap=True)
    _tell_others(made)


def _tell_others(made: Disclosure) -> None:
    if made.blacked_out:
        many = f"{made.blacked_out} reference{'s' if made.blacked_out > 1 else ''} of other children"
        console().print(f"Blacked out {many}: read the archive before it is handed out.", soft_wrap=True)
    if made.papers_naming:
        name = "paper in it names" if made.papers_naming == 1 else "papers in it name"
        console().print(
            f"{made.papers_naming} {name} another child, and stay as made: black that out by hand.", soft_wrap=True
        )


@command
async def retention(
    *,
    council: Annotated[str | None, typer.Option(metavar="COUNCIL", help="Only of this council")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is kept, and until when")] = False,
    as_json: AsJson = False,
) -> None:
    """List the records whose time is over, and why. Nothing is erased by itself: `erase` does that, by a person.

    Examples:
      starter.py retention --council hillingdon
      starter.py retention --all --json
    """
    councils = [council_named(council).key] if council else list(council_folders())
    today = local(_now()).date()
    with closing(_Register(quiet_logs())) as register:
        catch_up(register.engine)
        with register.engine.connect() as connection:
            found = [
                one for key in councils for one in kept(connection, key, records_of(key), today, past_only=not every)
            ]
    shown = [one for one in found if every or one.verdict.past]
    if as_json:
        print_json([_kept_row(one) for one in shown])
        return
    if not shown:
        console().print("No closed record is kept here." if every else "No record is past its time.")
        return
    rows = [
        (one.council, one.child_ref, day(one.verdict.last_day), one.verdict.because, ", ".join(one.verdict.cites))
        for one in shown[:MOST_LINES]
    ]
    console().print(table(["Council", "Child", "Kept until", "Why", "Rules"], rows))
    if len(shown) > MOST_LINES:
        console().print(f"{len(shown) - MOST_LINES} more: --json lists all of them.")


@command
async def hold(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    child_ref: Child,
    *,
    staff: Staff,
    reason: Reason,
    release: Annotated[bool, typer.Option("--release", help="End the hold")] = False,
    died_on: Annotated[str | None, typer.Option("--died-on", metavar="DATE", help="Record a death instead")] = None,
    adopted_on: Annotated[
        str | None, typer.Option("--adopted-on", metavar="DATE", help="Record an adoption order instead")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a child's record whatever its time says, until the hold is released; or record what its time counts from.

    Examples:
      starter.py hold hillingdon C-50117 --as tm-cin-1 --reason "Claim 17 is pending"
      starter.py hold hillingdon C-50117 --as tm-cin-1 --reason "Claim 17 is settled" --release
      starter.py hold hillingdon C-50117 --as tm-cin-1 --reason "Registrar's letter" --died-on 2031-03-04
    """
    procedure, settings = council_named(council), quiet_logs()
    records, actor = records_of(procedure.key), _actor(settings, staff)
    _require_reference(child_ref)
    if sum((release, died_on is not None, adopted_on is not None)) > 1:
        raise BadInput("Say one thing at a time: --release, --died-on or --adopted-on.")
    what = RELEASED if release else DIED if died_on else ADOPTED if adopted_on else HELD
    given = died_on or adopted_on
    on = date_named(given, FIRST_LIFE).isoformat() if given else None
    require_may(actor, procedure, records, "hold")
    with closing(_Register(settings)) as register:
        catch_up(register.engine)
        with register.engine.connect() as connection:
            if kept_of(connection, procedure.key, child_ref, records, local(_now()).date()) is None:
                raise BadInput(f"The register knows no child {child_ref} of {council}: check the reference.")
        position = note_event(
            register.engine,
            process_id=child_id(procedure.key, child_ref),
            what=what,
            staff=actor.staff,
            post=actor.post,
            at=_now(),
            cites=records.who["hold"].cites,
            procedure_version=procedure.version,
            details={"reason": _reason(reason), **({"on": on} if on else {})},
        )
    if as_json:
        print_json({"child_ref": child_ref, "what": what, "position": position})
        return
    console().print(f"On record: {words(what)} ({child_ref}), event {position}.")


@command
async def erase(  # noqa: PLR0913 - one a word of the command
    council: CouncilKey,
    child_ref: Child,
    *,
    staff: Staff,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it nothing is changed")] = False,
    early: Annotated[bool, typer.Option("--early", help="Though its time is not over: the law says so")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what an erasure would take away; with --yes, take it away. It cannot be undone.

    Everything that was said of the child goes, from the register and from Temporal; that it was erased, by whom and
    why, stays. Open processes stand in the way. Done again, it finishes what was left.

    Examples:
      starter.py erase hillingdon C-50117 --as hos-cin-1 --reason "Retention period is over"
      starter.py erase hillingdon C-50117 --as hos-cin-1 --reason "Retention period is over" --yes
    """
    procedure, settings = council_named(council), quiet_logs()
    actor = _actor(settings, staff)
    _require_reference(child_ref)
    client = await connect(settings)
    there = await processes_at_temporal(client, procedure.key, child_ref)
    with closing(_Register(settings)) as register:
        try:
            wanted = plan(register.engine, procedure, child_ref, actor, _now(), early=early)
        except Refused as refused:
            before = erased_before(register.engine, procedure.key, child_ref)
            if refused.code != "unknown" or not before:
                raise
            require_may(actor, procedure, records_of(procedure.key), "erase")
            done, clean = Deletion((), ()), False
            if yes:
                done, clean = await _finished(client, register.engine, procedure, {*before, *there})
            _tell_finished(done, clean=clean, as_json=as_json)
            raise typer.Exit(ExitStatus.UNREACHABLE if done.left else ExitStatus.DONE) from None
        gone = {*wanted.processes, *wanted.shared, *there}
        await require_over(client, gone)
        if not yes:
            _tell_plan(wanted, None, as_json=as_json)
            return
        erased = erase_child(register.engine, procedure, child_ref, actor, _reason(reason), _now(), early=early)
        done, clean = await _finished(client, register.engine, procedure, gone)
    _tell_plan(erased, done, clean=clean, as_json=as_json)
    if done.left:
        raise typer.Exit(ExitStatus.UNREACHABLE)


class _Register:
    """The register, closed again at the end."""

    def __init__(self, settings: Settings) -> None:
        settings.state_folder.mkdir(parents=True, exist_ok=True)
        self.engine = open_register(settings.register_url)

    def close(self) -> None:
        self.engine.dispose()


async def _finished(
    client: Client, engine: sql.Engine, council: Council, process_ids: set[str]
) -> tuple[Deletion, bool]:
    """What comes after the register's transaction, and may be done again: papers, Temporal, free pages."""
    _make_papers_anew(engine, council, process_ids)
    return await delete_histories(client, process_ids), clean_up(engine)


def _make_papers_anew(engine: sql.Engine, council: Council, process_ids: set[str]) -> None:
    """The papers that others share, without the child."""
    for key in filter(None, map(sitting_key, sorted(process_ids))):
        calendar = working_calendar(council.key, key.on.year - 1)
        with engine.connect() as connection:
            meeting = Meeting.read(connection, key, council, calendar)
        if meeting is None or not meeting.sitting.lines:
            continue
        for kind, reference in papers_of(meeting):
            if not reference:
                make(engine, meeting, kind, reference, system_of(council.key), _now())


def _tell_plan(wanted: Plan, done: Deletion | None, *, clean: bool = True, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "child_ref": wanted.child_ref,
                "erased": done is not None,
                "processes": list(wanted.processes),
                "shared": list(wanted.shared),
                "events": wanted.events,
                "notices": wanted.notices,
                "papers": wanted.papers,
                "calendar": wanted.calendar,
                "because": wanted.verdict.because,
                "temporal_left": [] if done is None else [one for one, _ in done.left],
            }
        )
        return
    out = console()
    counted = Counter(one.split("/")[0] for one in wanted.processes)
    out.print(
        facts(
            [
                ("Child", f"{wanted.child_ref}, {wanted.council}"),
                ("Retention", wanted.verdict.because),
                ("Processes", ", ".join(f"{number} {kind}" for kind, number in sorted(counted.items()))),
                ("Shared with others", ", ".join(wanted.shared)),
                ("Events", f"{wanted.events} lose what they say"),
                ("Notices", str(wanted.notices)),
                ("Papers", f"{wanted.papers} versions; what others share is made anew"),
                ("Calendars", f"{wanted.calendar} entries"),
            ]
        )
    )
    if done is None:
        out.print("Nothing was changed. With --yes it goes, and cannot be brought back.")
        return
    out.print("Erased. That it was is on record.")
    _tell_left(done, clean=clean)


def _tell_finished(done: Deletion, *, clean: bool, as_json: bool) -> None:
    if as_json:
        print_json({"erased": True, "before": True, "temporal_left": [one for one, _ in done.left]})
        return
    console().print("The register's part was erased before.")
    _tell_left(done, clean=clean)


def _tell_left(done: Deletion, *, clean: bool) -> None:
    if not clean:
        typer.echo("Free pages of the database were not overwritten yet: do the same again with --yes.", err=True)
    if done.left:
        names = ", ".join(f"{one} ({why})" for one, why in done.left)
        typer.echo(f"Temporal still has {names}: do the same again later, which finishes it.", err=True)


def _kept_row(one: Kept) -> dict[str, Any]:
    return {
        "council": one.council,
        "child_ref": one.child_ref,
        "covers": list(one.record.covers),
        "past": one.verdict.past,
        "last_day": one.verdict.last_day,
        "because": one.verdict.because,
        "rules": list(one.verdict.cites),
    }


def _actor(settings: Settings, staff: str) -> Actor:
    return read_staff(settings.staff_directory).actor(staff)


def _require_reference(child_ref: str) -> None:
    if not re.fullmatch(REFERENCE, child_ref):
        raise BadInput(f"{child_ref!r} is no child's reference: use letters, digits, `-`, `_`, `.`, such as C-20417.")


def _reason(text: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > MOST_LINES:
        raise BadInput(
            f"The reason has {len(plain)} characters: write 1 to {MOST_LINES}, without anything of the case."
        )
    return plain


def _now() -> datetime:
    return datetime.now(UTC)
