"""The cases of a meeting: which there are, and which are to be discussed in depth (HAC-065, HAC-074 to HAC-077)."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from models.data import Cited
from models.errors import RefusalCode, Refused
from models.moving import InDepth, UnitMeetingRules
from models.unit_meeting import AllocatedCase, Invitation, NotNow, OneOnTheAgenda, UnitMeetingState
from rules.watches.kinds import rules_of
from rules.working_days import after_duration, longer_than


def rules(state: UnitMeetingState) -> UnitMeetingRules:
    """The council's file on unit meetings.

    Args:
        state: The meeting.
    """
    return cast("UnitMeetingRules", rules_of(state))


def listed(before: Iterable[AllocatedCase], said: Iterable[OneOnTheAgenda], on: date) -> tuple[AllocatedCase, ...]:
    """The cases of a meeting: those of the meeting before, and what is said now, which goes before.

    Args:
        before: Cases that are on the list already.
        said: Cases as somebody names them.
        on: Local date of the meeting, since when a case of which nothing is known is the unit's.
    """
    found = {one.case: one for one in before}
    for one in said:
        known = found.get(one.case) or AllocatedCase(case=one.case, since=one.since or on)
        changed = {
            "minutes": one.minutes,
            "incident_on": one.incident_on,
            "last_in_depth": one.last_in_depth,
            "since": one.since,
            "newly_allocated": one.newly_allocated or None,
        }
        found[one.case] = known.model_copy(update={name: value for name, value in changed.items() if value is not None})
    return tuple(found.values())


def without(cases: Iterable[AllocatedCase], left: Iterable[NotNow]) -> tuple[AllocatedCase, ...]:
    """The list without cases that the unit no longer holds.

    Args:
        cases: The list.
        left: Cases that have left.
    """
    gone = {one.case for one in left}
    return tuple(one for one in cases if one.case not in gone)


def require_reasons(those: Iterable[NotNow], cite: str, general: str | None = None) -> None:
    """Refuse to leave cases out without a reason for each.

    Args:
        those: The cases.
        cite: The rule.
        general: A reason for all of them.

    Raises:
        Refused: `incomplete`.
    """
    if general is None and any(one.reasons is None for one in those):
        raise Refused(
            RefusalCode.INCOMPLETE,
            "A case is left out, and nothing says why.",
            "Give a reason for each case that is left out.",
            cite,
        )


def in_depth(case: AllocatedCase, on: date, asked: InDepth) -> tuple[Cited, ...]:
    """Why a case is to be discussed in depth; nothing when it need not be.

    Args:
        case: The case.
        on: Local date of the meeting.
        asked: The council's rule.
    """
    found: list[Cited] = []
    if case.newly_allocated:
        found.append(asked.new)
    if case.incident_on is not None and case.incident_on <= on <= after_duration(
        case.incident_on, asked.incident_within
    ):
        found.append(asked.incident)
    last = case.last_in_depth or case.since
    if case.owed or (last is not None and longer_than(last, asked.longer_than, on)):
        found.append(asked.long_ago)
    return tuple(found)


def wants_depth(state: UnitMeetingState, case: AllocatedCase) -> bool:
    """Whether a case is expected to be discussed in depth at this meeting, and neither was nor is excused.

    Args:
        state: The meeting.
        case: One of its cases.
    """
    settled = case.in_depth or case.excused
    return not settled and bool(in_depth(case, state.on, rules(state).in_depth))


def outsiders(state: UnitMeetingState, invited: Iterable[Invitation]) -> list[str]:
    """Posts of people who come for a case; those that the council's file does not name are left out.

    Args:
        state: The meeting.
        invited: Who was asked, or asked, to come.
    """
    known = rules(state).professionals.posts
    return list(dict.fromkeys(one.post for one in invited if one.post is not None and one.post in known))
