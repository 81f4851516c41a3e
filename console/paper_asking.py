"""Finds the meeting and the papers that somebody means, and says in a sentence why there is none of that."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sql

from console.errors import BadInput
from console.naming import council_named, date_named, one_of
from console.rendering import day, words
from models.identifiers import SittingKey
from models.procedure import Council
from papers.content import Meeting
from procedures.calendars import working_calendar
from register.papers import PaperKey, PaperKind, Version
from rules.schedule import panel_key


@dataclass(frozen=True)
class Asked:
    """Which papers somebody means.

    Attributes:
        council: Its procedure.
        sitting: Which meeting.
        kind: Only these papers; `None` for all.
        case: Only the decision sheet of this case.
    """

    council: Council
    sitting: SittingKey
    kind: PaperKind | None = None
    case: str | None = None

    @property
    def title(self) -> str:
        """The meeting, in words."""
        return f"{self.council.forums[self.sitting.forum].title} on {day(self.sitting.on)}"

    @property
    def typed(self) -> str:
        """The meeting as it is typed."""
        return " ".join(map(str, self.sitting))

    def means(self, kind: PaperKind, reference: str) -> bool:
        """Whether a paper is among those that are meant.

        Args:
            kind: Of the paper.
            reference: Of the case, for a decision sheet.
        """
        return self.kind in (None, kind) and self.case in (None, reference)


def asked_for(council: str, forum: str, on: str, kind: str | None = None, case: str | None = None) -> Asked:
    """Which papers somebody means, as typed.

    Args:
        council: The council's key.
        forum: The key of a panel, or of a part of its meeting.
        on: A date.
        kind: The kind of paper.
        case: A referral reference.

    Raises:
        BadInput: One of them is not known.
    """
    procedure = council_named(council)
    sits = [key for key, one in procedure.forums.items() if one.body == "sitting"]
    key = panel_key(procedure, one_of(forum, sits, f"panel of {procedure.title} that sits called"))
    which = PaperKind(one_of(kind, [str(one) for one in PaperKind], "paper called")) if kind else None
    if case is not None and which not in (None, PaperKind.DECISION_SHEET):
        raise BadInput("Only decision sheets are of one case: leave out --case, or say --kind decision_sheet.")
    return Asked(procedure, SittingKey(council, key, date_named(on)), which, case)


def read_meeting(connection: sql.Connection, asked: Asked) -> Meeting | None:
    """A meeting; `None` where the register has none.

    Args:
        connection: To the register, caught up.
        asked: Which.
    """
    calendar = working_calendar(asked.sitting.council, asked.sitting.on.year - 1)
    return Meeting.read(connection, asked.sitting, asked.council, calendar)


def meeting_of(engine: sql.Engine, asked: Asked) -> Meeting:
    """A meeting.

    Args:
        engine: The register's, caught up.
        asked: Which.

    Raises:
        BadInput: The register has none.
    """
    with engine.connect() as connection:
        found = read_meeting(connection, asked)
    if found is None:
        raise BadInput(no_meeting(asked))
    return found


def no_meeting(asked: Asked) -> str:
    """That the register has no such meeting.

    Args:
        asked: Which.
    """
    return (
        f"The register has no meeting of {asked.title}: nothing was booked for it."
        f" `starter.py sitting {asked.sitting.council} {asked.sitting.forum} next` shows the next one."
    )


def nothing_yet(asked: Asked, meeting: Meeting) -> str:
    """Why a paper cannot be made yet.

    Args:
        asked: Which papers.
        meeting: From the register.
    """
    if asked.case is not None and asked.case not in {line.referral_ref for line in meeting.sitting.lines}:
        on = ", ".join(line.referral_ref for line in meeting.sitting.lines) or "no case"
        return f"{asked.case} is not on the agenda of {asked.title}: name one of {on}."
    if asked.kind is PaperKind.MINUTES:
        return f"{asked.title} has not been opened: its minutes are made from then on."
    if asked.case is not None:
        return f"{asked.title} has not decided {asked.case}: its sheet is made once a decision is recorded."
    return f"{asked.title} has decided nothing yet: decision sheets are made once a decision is recorded."


def none_made(asked: Asked, connection: sql.Connection) -> str:
    """That a paper has not been made, or that there is no such meeting.

    Args:
        asked: Which papers.
        connection: To the register.
    """
    if read_meeting(connection, asked) is None:
        return no_meeting(asked)
    which = f"version of the {words(asked.kind)}" if asked.kind else "paper"
    return f"No {which} of {asked.title} has been made: use `starter.py papers make {asked.typed}`."


def not_one(asked: Asked, found: list[Version], number: int | None, connection: sql.Connection) -> str:
    """Why not exactly one paper is meant.

    Args:
        asked: Which papers.
        found: Those that may be meant.
        number: The version that was asked for.
        connection: To the register.
    """
    if found:
        return f"Say of which case with --case: {', '.join(one.reference for one in found)}."
    if number is not None:
        return f"There is no version {number} of that: `starter.py papers list {asked.typed}` lists them."
    return none_made(asked, connection)


def chosen(found: Iterable[Version], asked: Asked, number: int | None) -> list[Version]:
    """The last version of each paper that is meant, or the one of that number.

    Args:
        found: Versions, the oldest first.
        asked: Which papers.
        number: `None` for the last.
    """
    last: dict[PaperKey, Version] = {}
    for one in found:
        if asked.means(one.kind, one.reference) and number in (None, one.version):
            last[PaperKey(asked.sitting, one.kind, one.reference)] = one
    return list(last.values())
