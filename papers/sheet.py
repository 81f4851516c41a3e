"""The decision sheet of one case: what was decided, by whom, why, under which section, and what follows from it.

What stands on it: exactly what is approved, under which section (HAC-257), with its reasons (HAC-258); the panel that
was independent of the case (HIL-048, HIL-051); dissent and who then decided (HIL-105, HIL-106); actions with owner and
day (HIL-090); what the panel found at its checkpoints (HIL-001, HIL-002, HIL-114, HAC-256); the chair's approval
(HAC-260, HAC-266). No section is left out because it is empty (HAC-265).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.membership import Quorum
from models.procedure import Council
from models.vocabulary import APPROVALS, CaseState
from papers.agenda import asked_for
from papers.content import Content, Meeting, flags_of
from papers.document import Bullets, Facts, Part, Prose, Section, Table
from papers.wording import (
    NONE,
    NOT_SAID,
    cited,
    criterion_title,
    day,
    finding,
    forum_title,
    hour,
    kind_title,
    listed,
    moment,
    outcome_title,
    owner,
    person,
    words,
)
from register.reading.decisions import Case, Taken
from register.reading.sitting_parts import Decided, Hearing, Line
from rules.authority import title


class ToDo(Content):
    """An action, in words."""

    what: str
    owner: str
    due: str


class Point(Content):
    """Something that the panel looked at, and what it found."""

    asked: str
    found: str


class Sheet(Content):
    """A whole decision sheet. Texts are in words, narrative is as it was recorded."""

    referral_ref: str
    child_ref: str
    held_by: str
    part: str
    kind: str
    asked: tuple[str, ...]
    criteria: tuple[str, ...]
    heard_at: datetime | None
    chair: str
    panel: tuple[str, ...]
    presented_by: tuple[str, ...]
    nobody_presents: bool
    quorum: str
    independence: str
    interests: tuple[str, ...]
    outcome: str
    recommends: bool
    decided_by: str
    recorded: str
    legal_section: str | None
    period: tuple[tuple[str, str], ...]
    reasons: str
    dissent: str | None
    conditions: tuple[str, ...]
    services: tuple[tuple[str, str, str, str], ...]
    actions: tuple[ToDo, ...]
    points: tuple[Point, ...]
    review: str
    goes_on: tuple[str, ...]
    learning: str | None
    flags: tuple[str, ...]
    afterwards: tuple[str, ...]
    rules: tuple[str, ...]


def sheet_of(meeting: Meeting, referral_ref: str) -> Sheet | None:
    """The decision sheet of a case; `None` when the meeting has not decided it.

    Args:
        meeting: From the register.
        referral_ref: The referral reference.
    """
    sitting, council = meeting.sitting, meeting.council
    line = next((one for one in sitting.lines if one.referral_ref == referral_ref), None)
    decided = sitting.decisions.get(referral_ref)
    if line is None or decided is None:
        return None
    case, hearing, forum = meeting.cases.get(referral_ref), sitting.hearings.get(referral_ref), meeting.part_of(line)
    taken = _taken(case, meeting)
    quorum = meeting.forum.quorum
    independence = meeting.forum.independence
    return Sheet(
        referral_ref=referral_ref,
        child_ref=line.child_ref,
        held_by=", ".join(part for part in (case.team, case.unit) if part) if case else "",
        part=forum.title,
        kind=kind_title(council, case.kind) if case else NOT_SAID,
        asked=asked_for(case, council) if case else (),
        criteria=tuple(criterion_title(council, rule) for rule in line.criteria),
        heard_at=hearing.at if hearing else None,
        chair=person(council, meeting.person(hearing.chair)) if hearing and hearing.chair else NOT_SAID,
        panel=_people(meeting, hearing.panel) if hearing else (),
        presented_by=_presented(meeting, hearing),
        nobody_presents=not (forum.presenters or meeting.forum.presenters),
        quorum=quorum_in_words(council, quorum) if quorum else "The procedure sets none",
        independence=cited(_INDEPENDENT[independence.of], independence.cites) if independence else NOT_SAID,
        interests=tuple(f"{person(council, one.by)}" for one in sitting.interests if one.case in (None, referral_ref)),
        outcome=outcome_title(forum, decided.decision),
        recommends=taken is not None and taken.recommends,
        decided_by=_decided_by(decided, taken),
        recorded=f"{person(council, decided.by)}: {moment(decided.by.at)}",
        legal_section=decided.legal_section or _resting_on(decided, taken),
        period=_period(decided),
        reasons=decided.rationale,
        dissent=decided.dissent,
        conditions=decided.conditions,
        services=tuple(_service(one.model_dump(mode="python")) for one in decided.services),
        actions=tuple(
            ToDo(what=one.what, owner=owner(council, one.owner), due=day(one.due)) for one in decided.actions
        ),
        points=points_of(meeting, line, decided),
        review=_review(decided),
        goes_on=_goes_on(decided, council),
        learning=decided.learning,
        flags=(*flags_of(line), *decided.flags),
        afterwards=_afterwards(case, taken, meeting),
        rules=_rules(decided, meeting, line),
    )


_INDEPENDENT: Mapping[str, str] = {
    "all": "Nobody on this panel has a hand or an interest in the case",
    "declared": "Nobody on this panel declared an interest in the case",
}


def quorum_in_words(council: Council, quorum: Quorum) -> str:
    """With how many a forum may decide.

    Args:
        council: The procedure.
        quorum: The forum's rule.
    """
    said = []
    if quorum.independent:
        posts = title(council, quorum.post) if quorum.post else "member"
        said.append(f"the chair and {quorum.independent} independent of the case ({posts})")
    if quorum.seats:
        said.append(f"{quorum.seats} seats filled, the chair's included")
    if quorum.each_of:
        said.append(f"one of each: {', '.join(title(council, post) for post in quorum.each_of)}")
    whole = "; ".join(said) or "the chair"
    return cited(f"Met: {whole}", quorum.cites)


def _people(meeting: Meeting, staff: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(person(meeting.council, meeting.person(one)) for one in staff)


def _presented(meeting: Meeting, hearing: Hearing | None) -> tuple[str, ...]:
    if hearing is None:
        return ()
    absent = (flag.removeprefix(f"{hearing.case}: ") for flag in hearing.absent)
    return (*_people(meeting, hearing.presented_by), *absent)


def _taken(case: Case | None, meeting: Meeting) -> Taken | None:
    """The decision of this meeting as the journey has it."""
    on = meeting.sitting.on
    return next((one for one in reversed(case.decisions) if one.sitting == on), None) if case else None


def _resting_on(decided: Decided, taken: Taken | None) -> str | None:
    """The section that an approval rests on where the panel named none: that of the form. A refusal rests on none."""
    return taken.legal_section if taken is not None and decided.decision in APPROVALS else None


def _decided_by(decided: Decided, taken: Taken | None) -> str:
    if taken is not None and taken.recommends:
        return "The panel recommends; another post decides"
    if decided.decided_by_chair:
        return "The chair, since the members did not agree" if decided.dissent else "The chair"
    return "Another post, since the members did not agree" if decided.dissent else "The panel together"


def _period(decided: Decided) -> tuple[tuple[str, str], ...]:
    said = (
        ("Starts", day(decided.starts)),
        ("Ends", day(decided.ends)),
        ("Renew by", day(decided.renew_by)),
        ("Budget code", decided.budget_code or ""),
        ("Placement", decided.placement_ref or ""),
    )
    return tuple(row for row in said if row[1])


def _service(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    often = ", ".join(
        f"{name} {one[name]}" if name == "tier" else f"{one[name]} {name}"
        for name in ("hours", "weeks", "tier")
        if one[name]
    )
    when = " to ".join(day(one[name]) for name in ("starts", "due") if one[name])
    aims = "\n".join(one["outcomes"])
    return words(one["service"]), one["agency"] or "-", "\n".join(p for p in (often, when) if p) or "-", aims or "-"


def points_of(meeting: Meeting, line: Line, decided: Decided) -> tuple[Point, ...]:
    """What the panel looked at, and what it found; what was asked and not answered is named too.

    Args:
        meeting: From the register.
        line: The case on the agenda.
        decided: The decision as it was recorded.
    """
    part = meeting.part_of(line)
    asked = {point.key: point.prompt for point in (*meeting.forum.checkpoints, *part.checkpoints)}
    keys = dict.fromkeys([*decided.checkpoints, *decided.checkpoints_unanswered])
    order = [key for key in asked if key in keys] + [key for key in keys if key not in asked]
    return tuple(Point(asked=asked.get(key, words(key)), found=finding(decided.checkpoints.get(key))) for key in order)


def _review(decided: Decided) -> str:
    kept = " The forum keeps the review." if decided.retain_review else ""
    return f"{day(decided.review_on)}.{kept}" if decided.review_on else (kept.strip() or NONE)


def _goes_on(decided: Decided, council: Council) -> tuple[str, ...]:
    said = [f"Missing: {item}" for item in decided.missing]
    if decided.to_sitting:
        said.append(f"Deferred to the meeting of {day(decided.to_sitting)}")
    if decided.refer_to:
        said.append(f"Referred to {forum_title(council, decided.refer_to)}")
    said += [f"Recommended to {forum_title(council, key)}" for key in decided.recommend]
    if decided.exit:
        said.append(f"Leaves the forum: {words(decided.exit)}")
    said += [f"Does not follow, {words(key).lower()}: {why}" for key, why in decided.skips.items()]
    return tuple(said)


def _afterwards(case: Case | None, taken: Taken | None, meeting: Meeting) -> tuple[str, ...]:
    """What another post decided on the panel's recommendation."""
    if case is None or taken is None or not taken.recommends:
        return ()
    later = [one for one in case.decisions if one.number > taken.number and one.sitting is None]
    if not later:
        return ("Waits for the post that decides",)
    final = later[0]
    who = f"{final.by}, {title(meeting.council, final.post)}"
    why = (f"Reasons: {final.rationale}",) if final.rationale else ()
    return (f"{outcome_title(meeting.forum, final.outcome)}: {who}, {moment(final.at)}", *why)


def _rules(decided: Decided, meeting: Meeting, line: Line) -> tuple[str, ...]:
    option = next((one for one in meeting.part_of(line).options if one.outcome == decided.decision), None)
    return tuple(dict.fromkeys([*(option.cites if option else ()), *decided.cites, *line.criteria]))


def introduction(sheet: Sheet, meeting: Meeting) -> tuple[Part, ...]:
    """What stands at the head of a decision sheet.

    Args:
        sheet: What it says.
        meeting: From the register.
    """
    rows = (
        ("Meeting", f"{meeting.forum.title}, {day(meeting.sitting.on)}"),
        ("Part of the meeting", sheet.part if sheet.part != meeting.forum.title else ""),
        ("Case", sheet.referral_ref),
        ("Child", sheet.child_ref or NOT_SAID),
        ("Held by", sheet.held_by or NOT_SAID),
        ("Asked for", listed((sheet.kind, *sheet.asked))),
        ("Criteria", listed(sheet.criteria)),
    )
    return (Facts(rows=tuple(row for row in rows if row[1])),)


def sections(sheet: Sheet) -> tuple[Section, ...]:
    """The sections of a decision sheet.

    Args:
        sheet: What it says.
    """
    decision = (
        ("Recommendation" if sheet.recommends else "Decision", sheet.outcome or NOT_SAID),
        ("Decided by", sheet.decided_by),
        ("Legal section", sheet.legal_section or NONE),
        *sheet.period,
        ("Recorded by", sheet.recorded),
    )
    panel = (
        ("Heard at", hour(sheet.heard_at) or NOT_SAID),
        ("Chair", sheet.chair),
        ("Panel", listed(sheet.panel, NOT_SAID)),
        ("Presented by", listed(sheet.presented_by, "" if sheet.nobody_presents else NOT_SAID)),
        ("Quorum", sheet.quorum),
        ("Independence", sheet.independence),
        ("Interests declared", listed(sheet.interests)),
    )
    found = [
        Section(title="Decision", parts=(Facts(rows=decision),)),
        Section(title="Reasons", parts=(Prose(text=sheet.reasons or NOT_SAID),)),
        Section(title="Conditions", parts=_bullets(sheet.conditions)),
        Section(title="Dissent", parts=(Prose(text=sheet.dissent or NONE),)),
        Section(title="Panel", parts=(Facts(rows=tuple(row for row in panel if row[1])),)),
        Section(title="What the panel looked at", parts=(points_table(sheet.points),)),
        Section(title="Actions", parts=(actions_table(sheet.actions, sheet.referral_ref),)),
        Section(title="Services", parts=(_services(sheet),)) if sheet.services else None,
        Section(title="Review", parts=(Prose(text=sheet.review),)),
        Section(title="What follows", parts=_bullets(sheet.goes_on)),
        Section(title="After the panel", parts=_bullets(sheet.afterwards)) if sheet.afterwards else None,
        Section(title="What the service can learn", parts=(Prose(text=sheet.learning or NONE),)),
        Section(title="To note", parts=_bullets(sheet.flags)),
        Section(title="Rules", parts=(Prose(text=", ".join(sheet.rules) or NONE),)),
    ]
    return tuple(section for section in found if section is not None)


def _bullets(items: tuple[str, ...]) -> tuple[Part, ...]:
    return (Bullets(items=items),) if items else (Prose(text=NONE),)


def points_table(points: tuple[Point, ...]) -> Part:
    """What a panel looked at, as a table.

    Args:
        points: Any number.
    """
    if not points:
        return Prose(text=NONE)
    return Table(
        caption="What was asked, and what the panel found",
        headings=("Asked", "Found"),
        rows=tuple((one.asked, one.found) for one in points),
        widths=(1, 1.2),
    )


def actions_table(actions: tuple[ToDo, ...], referral_ref: str) -> Part:
    """Actions, as a table.

    Args:
        actions: Any number.
        referral_ref: Of the case.
    """
    if not actions:
        return Prose(text=NONE)
    return Table(
        caption=f"Actions for {referral_ref}",
        headings=("What", "Who", "By"),
        rows=tuple((one.what, one.owner, one.due) for one in actions),
        widths=(2.4, 1.3, 1.2),
    )


def _services(sheet: Sheet) -> Part:
    return Table(
        caption="Services that were agreed",
        headings=("Service", "From", "How much and when", "To achieve"),
        rows=sheet.services,
        widths=(1.3, 1, 1.4, 1.6),
    )


def decided_cases(meeting: Meeting) -> tuple[str, ...]:
    """The cases that a meeting has decided, in the order of its agenda.

    Args:
        meeting: From the register.
    """
    gone = {line.referral_ref for line in meeting.sitting.lines if line.state == CaseState.CARRIED_OVER}
    decided = meeting.sitting.decisions
    return tuple(line.referral_ref for line in meeting.sitting.lines if line.referral_ref in decided.keys() - gone)
