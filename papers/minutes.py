"""The minutes of a meeting: who was there, what was heard and decided, what was learnt, who does what by when.

Careful and accurate, since courts, families and others may ask for them (HAC-225, HAC-263); attendance (HIL-052 to
HIL-067), the chair's challenge as it was recorded (CBC-095), decisions (CBC-082), learning (HIL-003); final once the
chair has signed them (CBC-096).
"""

from datetime import date, datetime

from papers.agenda import apologies_of
from papers.content import Content, Meeting
from papers.document import Bullets, Facts, Part, Prose, Section, Table
from papers.sheet import Sheet, decided_cases, points_table, sheet_of
from papers.wording import NONE, NOT_SAID, day, hour, listed, moment, person
from register.reading.sitting_parts import Line
from rules.authority import title
from rules.schedule import sittings_from
from rules.working_days import DAY


class Attended(Content):
    """Somebody who was there, in which post, and whether in the chair."""

    staff: str
    post: str
    chair: bool


class Minutes(Content):
    """Whole minutes. Instants are UTC; narrative is as it was recorded."""

    on: date
    starts: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    venue: str | None
    attended: tuple[Attended, ...]
    apologies: tuple[str, ...]
    empty_seats: tuple[str, ...]
    interests: tuple[tuple[str, str, str], ...]
    decided: tuple[Sheet, ...]
    undecided: tuple[str, ...]
    gone: tuple[str, ...]
    learning: tuple[str, ...]
    flags: tuple[str, ...]
    next_meeting: date | None


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes of a meeting; `None` when it has not been opened.

    Args:
        meeting: From the register.
    """
    sitting, council = meeting.sitting, meeting.council
    if sitting.opened is None:
        return None
    decided = decided_cases(meeting)
    sheets = (sheet_of(meeting, case) for case in decided)
    return Minutes(
        on=sitting.on,
        starts=sitting.starts,
        opened_at=sitting.opened.at,
        closed_at=sitting.closed.at if sitting.closed else None,
        venue=sitting.venue,
        attended=tuple(
            Attended(
                staff=one.staff,
                post=title(council, one.post) if one.post else NOT_SAID,
                chair=one.staff == sitting.chair,
            )
            for one in sitting.present
        ),
        apologies=apologies_of(meeting),
        empty_seats=sitting.empty_seats,
        interests=tuple(
            (person(council, one.by), one.case or NOT_SAID, one.reasons or NOT_SAID) for one in sitting.interests
        ),
        decided=tuple(sheet for sheet in sheets if sheet is not None),
        undecided=tuple(line.referral_ref for line in sitting.places if line.referral_ref not in decided),
        gone=tuple(_gone(meeting, line) for line in sitting.gone),
        learning=tuple(dict.fromkeys(sitting.learning)),
        flags=tuple(flag for flag in sitting.flags if flag not in sitting.empty_seats),
        next_meeting=next(sittings_from(sitting.on + DAY, meeting.forum, meeting.calendar), None),
    )


def _gone(meeting: Meeting, line: Line) -> str:
    """A case that went on, and why where somebody said so."""
    why = meeting.sitting.carried.get(line.referral_ref)
    return f"{line.referral_ref}: {why}" if why else line.referral_ref


def introduction(minutes: Minutes, meeting: Meeting) -> tuple[Part, ...]:
    """What stands at the head of minutes.

    Args:
        minutes: What they say.
        meeting: From the register.
    """
    sitting = meeting.sitting
    rows = (
        ("Meeting", f"{meeting.forum.title}, {day(sitting.on)}"),
        ("Place", sitting.venue or "As announced"),
        ("Opened", moment(minutes.opened_at)),
        ("Closed", moment(minutes.closed_at) or "Not yet"),
        ("Apologies", listed(minutes.apologies)),
        ("Next meeting", day(minutes.next_meeting) or NOT_SAID),
    )
    return (Facts(rows=rows),)


def sections(minutes: Minutes) -> tuple[Section, ...]:
    """The sections of minutes.

    Args:
        minutes: What they say.
    """
    found = [Section(title="Present", parts=_present(minutes)), Section(title="Interests", parts=_interests(minutes))]
    found.append(Section(title="Cases", parts=() if minutes.decided else (Prose(text="No case was decided."),)))
    found += [_case(sheet) for sheet in minutes.decided]
    if minutes.undecided:
        found.append(Section(title="Not decided yet", parts=(Bullets(items=minutes.undecided),)))
    if minutes.gone:
        found.append(Section(title="Gone on to another meeting", parts=(Bullets(items=minutes.gone),)))
    found.append(Section(title="Actions", parts=(_actions(minutes),)))
    found.append(Section(title="What the service can learn", parts=_bullets(minutes.learning)))
    found.append(Section(title="To note", parts=_bullets(minutes.flags)))
    return tuple(found)


def _present(minutes: Minutes) -> tuple[Part, ...]:
    parts: list[Part] = [
        Table(
            caption="Who was there",
            headings=("Who", "Post", "Part"),
            rows=tuple((one.staff, one.post, "Chair" if one.chair else "Member or guest") for one in minutes.attended),
            widths=(1.4, 2, 0.8),
        )
    ]
    if minutes.empty_seats:
        parts += [Prose(text="Seats that stayed empty:"), Bullets(items=minutes.empty_seats)]
    return tuple(parts)


def _interests(minutes: Minutes) -> tuple[Part, ...]:
    if not minutes.interests:
        return (Prose(text=NONE),)
    return (Table(caption="Interests that were declared", headings=("Who", "Case", "Why"), rows=minutes.interests),)


def _case(sheet: Sheet) -> Section:
    rows = (
        ("Child", sheet.child_ref or NOT_SAID),
        ("Asked for", listed((sheet.kind, *sheet.asked))),
        ("Chair", sheet.chair),
        ("Panel", listed(sheet.panel, NOT_SAID)),
        ("Presented by", listed(sheet.presented_by, "")),
        ("Recommendation" if sheet.recommends else "Decision", sheet.outcome),
        ("Decided by", sheet.decided_by),
        ("Legal section", sheet.legal_section or NONE),
        ("Conditions", listed(sheet.conditions, "")),
        ("Dissent", sheet.dissent or ""),
        ("Review", sheet.review),
        ("What follows", listed(sheet.goes_on, "")),
        ("To note", listed(sheet.flags, "")),
    )
    parts: list[Part] = [Facts(rows=tuple(row for row in rows if row[1])), Prose(text=f"Reasons: {sheet.reasons}")]
    if sheet.points:
        parts.append(points_table(sheet.points))
    when = f"{hour(sheet.heard_at)}: " if sheet.heard_at else ""
    return Section(title=f"{when}{sheet.referral_ref}", level=3, parts=tuple(parts))


def _actions(minutes: Minutes) -> Part:
    rows = tuple(
        (sheet.referral_ref, one.what, one.owner, one.due) for sheet in minutes.decided for one in sheet.actions
    )
    if not rows:
        return Prose(text=NONE)
    return Table(
        caption="All actions of this meeting",
        headings=("Case", "What", "Who", "By"),
        rows=rows,
        widths=(1.2, 2.2, 1.3, 1.2),
    )


def _bullets(items: tuple[str, ...]) -> tuple[Part, ...]:
    return (Bullets(items=items),) if items else (Prose(text=NONE),)
