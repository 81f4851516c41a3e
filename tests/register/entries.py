"""Entries as a process hands them over."""

from datetime import UTC, datetime, timedelta

from models.process import Entry

AT = datetime(2031, 3, 6, 9, 30, tzinfo=UTC)
JOURNEY = "journey/hillingdon/R-1"


def entry(sequence: int, process_id: str = JOURNEY, **parts: object) -> Entry:
    """One entry, complete; keywords override its fields."""
    return Entry.model_validate(
        {
            "process_id": process_id,
            "sequence": sequence,
            "at": AT + timedelta(minutes=sequence),
            "what": "refer",
            "staff": "amira",
            "post": "social_worker",
            "cites": ("HIL-001",),
            "procedure_version": "2031.1",
            "details": {"reasons": f"reason {sequence}"},
            **parts,
        }
    )
