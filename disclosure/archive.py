"""A disclosure: everything held about one child, as one archive that is on record before anybody has it."""

import hashlib
import io
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from disclosure.document import document_of
from disclosure.gathering import Held, Row, black_out_others, child_id, gather
from models.people import Actor
from models.procedure import Council
from papers.typesetting import pdf_of
from procedures.records import records_of
from register.fold import catch_up
from register.log import note_event
from rules.retention import require_may
from rules.working_days import local

FORMAT = "waymark-disclosure-1"
DISCLOSED = "disclosed"
OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Disclosure:
    """What was handed out.

    Attributes:
        path: The archive.
        digest: SHA-256 of its bytes.
        position: The event that says so.
        events: How many events are in it.
        files: What it holds.
        blacked_out: How many references of other children were taken out of texts.
        papers_naming: How many papers in it name another child; they are as they were made.
    """

    path: Path
    digest: str
    position: int
    events: int
    files: tuple[str, ...]
    blacked_out: int = 0
    papers_naming: int = 0


def disclose(  # noqa: PLR0913 - what a disclosure is made of
    engine: sql.Engine, council: Council, child_ref: str, actor: Actor, reason: str, folder: Path, now: datetime
) -> Disclosure:
    """Write everything held about a child as one archive; the log has it before the file is there.

    Args:
        engine: The register's.
        council: The council's procedure.
        child_ref: The child's reference.
        actor: Who discloses.
        reason: Why; it goes to the log.
        folder: Where the archive goes.
        now: UTC.

    Raises:
        Refused: `not_authorised`, or `unknown` reference.
        OSError: The folder cannot be written to; nothing was disclosed.
    """
    records = records_of(council.key)
    require_may(actor, council, records, "disclose")
    catch_up(engine)
    with engine.connect() as connection:
        held = gather(connection, council.key, child_ref)
        black_out_others(connection, held)
    files = contents_of(held, council, now)
    whole = archived(files, now)
    digest = hashlib.sha256(whole).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"disclosure-{council.key}-{child_ref}-{local(now):%Y-%m-%d}-{digest[:8]}.zip"
    waiting = path.with_suffix(".part")
    try:
        with open(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as file:  # noqa: PTH123 - with its mode
            file.write(whole)
        position = note_event(
            engine,
            process_id=child_id(council.key, child_ref),
            what=DISCLOSED,
            staff=actor.staff,
            post=actor.post,
            on_behalf_of=actor.on_behalf_of,
            at=now,
            cites=records.who["disclose"].cites,
            procedure_version=council.version,
            details={"reason": reason, "archive": digest, "events": len(held.events), "until": held.position},
        )
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    named = (len(held.blacked_out), held.papers_naming)
    return Disclosure(path, digest, position, len(held.events), tuple(files), *named)


def contents_of(held: Held, council: Council, now: datetime) -> dict[str, bytes]:
    """The files of an archive, by name.

    Args:
        held: What is held.
        council: Its procedure, for titles.
        now: UTC.
    """
    files = {
        "record.pdf": pdf_of(document_of(held, council, now)),
        "record.json": json.dumps(as_json(held, now), indent=2, ensure_ascii=False, default=_plain).encode(),
    }
    for row in held.papers:
        if not row["shared"]:
            name = f"papers/{row['kind']}-{row['on']}-{row['reference']}-version-{row['version']}"
            files[f"{name}.html"] = row["html"].encode()
            files[f"{name}.pdf"] = bytes(row["pdf"])
    return files


def as_json(held: Held, now: datetime) -> dict[str, Any]:
    """A disclosure as plain values; instants in UTC, money in pence.

    Args:
        held: What is held.
        now: UTC.
    """
    return {
        "format": FORMAT,
        "council": held.council,
        "child_ref": held.child_ref,
        "made_at": now.isoformat(),
        "until_position": held.position,
        "child": held.child,
        "processes": held.processes,
        "events": held.events,
        **held.tables,
        "agenda_lines": held.agenda,
        "notices": held.notices,
        "papers": [_without_files(row) for row in held.papers],
        "calendar": held.calendar,
        "shared_with_others": sorted(held.shared),
    }


def _without_files(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in ("html", "pdf")}


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def archived(files: dict[str, bytes], now: datetime) -> bytes:
    """Files as one zip archive; the same files at the same time give the same bytes.

    Args:
        files: By name.
        now: UTC.
    """
    whole = io.BytesIO()
    moment = local(now)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name, stamp), body, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
