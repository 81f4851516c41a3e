"""One made-up process as it goes on: what it writes to the log, and how it stands afterwards."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from models.process import Entry
from register.log import Line, line_of

Fields = dict[str, Any]


@dataclass
class Agenda:
    """A sitting as it fills."""

    forum: str
    on: date
    lines: dict[str, Fields] = field(default_factory=dict)


class Story:
    """One process as it goes on.

    Args:
        process: Its id.
        at: When it begins, UTC.
        standing: How it stands then.
    """

    def __init__(self, process: str, at: datetime, standing: Fields) -> None:
        self.process, self.now, self.standing = process, at, standing
        self.agenda: Agenda | None = None
        self._patch: Fields = standing
        self._sequence = 0

    def line(self, what: str, staff: str, post: str, details: Fields | None = None) -> Line:
        """Write a line, with what changed in the standing since the last one."""
        self._sequence += 1
        entry = Entry.model_construct(
            process_id=self.process,
            sequence=self._sequence,
            at=self.now,
            what=what,
            staff=staff,
            post=post,
            procedure_version=self.standing["procedure_version"],
            details=details or {},
        )
        patch, self._patch = self._patch, {}
        return line_of(entry, "", patch or None)

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - plain JSON
        """Set fields of the standing."""
        self.standing = {**self.standing, **fields}
        self._patch = {**self._patch, **fields}

    def change_in(self, field: str, name: str, value: Fields | None) -> None:
        """Set one member of an object of the standing; `None` takes it out."""
        inside = {key: one for key, one in self.standing[field].items() if key != name}
        self.standing = {**self.standing, field: inside if value is None else {**inside, name: value}}
        self._patch = {**self._patch, field: {**self._patch.get(field, {}), name: value}}

    def after(self, *, most: datetime, days: int = 0, hours: int = 0) -> bool:
        """Let time pass; nothing more happens where that is too late."""
        then = self.now + timedelta(days=days, hours=hours)
        if then > most:
            return False
        self.now = then
        return True

    def stage(self, stage: str, waiting_on: str) -> None:
        """Move to a stage."""
        self.change(stage=stage, stage_since=self.now.isoformat(), waiting_on=waiting_on or None)

    def clock(self, name: str, due: datetime, owner: str) -> None:
        """Start a clock."""
        cites = next(iter(self.standing["clocks"].values()))["cites"]
        self._clocks(name, clock_of(name, self.now, due, owner, cites))

    def meet(self, name: str, *, breached: bool = False) -> None:
        """Meet a clock."""
        self._clocks(name, {**self.standing["clocks"][name], "state": "met", "climbed": int(breached)})

    def breach(self, name: str) -> None:
        """Let a clock breach."""
        self._clocks(name, {**self.standing["clocks"][name], "state": "breached"})
        self.change(overdue=True, escalated=True)

    def _clocks(self, name: str, clock: Fields) -> None:
        self.change_in("clocks", name, clock)
        ticking = [one["due"] for one in self.standing["clocks"].values() if one["state"] != "met"]
        self.change(next_deadline=min(ticking, default=None))

    def close(self) -> None:
        """End it: clocks that still tick no longer apply."""
        self.change(stage="closed", open=False, waiting_on=None, stage_since=self.now.isoformat(), overdue=False)
        for name in [name for name, one in self.standing["clocks"].items() if one["state"] != "met"]:
            self.change_in("clocks", name, None)


def clock_of(name: str, started: datetime, due: datetime, owner: str, cites: str) -> Fields:
    """A clock that runs, as a standing has it.

    Args:
        name: Of the clock.
        started: UTC.
        due: UTC.
        owner: A post.
        cites: A rule.
    """
    return {
        "name": name,
        "cites": cites,
        "started": started.isoformat(),
        "due": due.isoformat(),
        "grace": "PT0S",
        "owner": owner,
        "warn_tells": [],
        "state": "running",
        "climbed": 0,
    }
