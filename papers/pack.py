"""The pack index: which papers of which case, in which version, and who signed the form when.

What goes to members before a meeting (HRT-044, CBC-077, HAC-243, HAC-374): one store of a panel's papers (CBC-080).
A paper that is missing, or does not apply, is named with that.
"""

from collections.abc import Mapping
from datetime import datetime

from models.vocabulary import JourneyAct
from papers.content import Content, Meeting, flags_of
from papers.document import Facts, Part, Prose, Remark, Section, Table
from papers.wording import NOT_SAID, day, hour, kind_title, listed, moment, signed, words
from register.reading.decisions import Case, Signed
from register.reading.sitting_parts import Line
from rules.working_days import local

SIGNED: Mapping[str, str] = {
    JourneyAct.SIGN_OFF: "Signed off",
    JourneyAct.ENDORSE: "Endorsed",
    JourneyAct.AGREE_LATE: "Agreed as late",
    JourneyAct.AGREE_EXTRA: "Agreed beyond the limit",
    JourneyAct.AUTHORISE_EMERGENCY: "Emergency authorised or agreed",
}
"""Acts as a pack names them."""


class Paper(Content):
    """One paper of a case, in words."""

    name: str
    version: str
    came: str
    by: str


class Signature(Content):
    """One signature, in words."""

    what: str
    by: str
    on_version: str
    vouched: tuple[str, ...]


class Entry(Content):
    """The papers of one case."""

    referral_ref: str
    child_ref: str
    place: str
    kind: str
    flags: tuple[str, ...]
    papers: tuple[Paper, ...]
    signatures: tuple[Signature, ...]
    missing: tuple[str, ...]
    wanted: tuple[str, ...]


class PackIndex(Content):
    """The index of a whole pack."""

    entries: tuple[Entry, ...]


def pack_of(meeting: Meeting) -> PackIndex:
    """The index of what goes round before a meeting.

    Args:
        meeting: From the register.
    """
    lines = (*meeting.sitting.places, *meeting.sitting.reserves)
    return PackIndex(entries=tuple(_entry(meeting, line) for line in lines))


def _entry(meeting: Meeting, line: Line) -> Entry:
    case = meeting.cases.get(line.referral_ref)
    return Entry(
        referral_ref=line.referral_ref,
        child_ref=line.child_ref,
        place=hour(line.slot) if line.slot else f"Reserve {line.reserve}",
        kind=kind_title(meeting.council, case.kind) if case else NOT_SAID,
        flags=flags_of(line),
        papers=_papers(case) if case else (),
        signatures=tuple(_signature(meeting, case, one) for one in case.signatures) if case else (),
        missing=case.missing if case else (),
        wanted=case.missing_information if case else (),
    )


def _papers(case: Case) -> tuple[Paper, ...]:
    form = case.form_at
    whole = Paper(
        name="Referral form",
        version=str(case.form_version) if form else NOT_SAID,
        came=_day(form.at if form else None),
        by=form.staff if form else NOT_SAID,
    )
    others = (
        Paper(
            name=one.name + (" (original)" if one.original else ""),
            version=str(one.version) if one.version else f"Does not apply: {one.not_applicable}",
            came=_day(one.by.at if one.by else None),
            by=one.by.staff if one.by else NOT_SAID,
        )
        for one in case.papers
    )
    return (whole, *others)


def _day(at: datetime | None) -> str:
    return day(local(at).date()) if at else NOT_SAID


def _signature(meeting: Meeting, case: Case, one: Signed) -> Signature:
    last = one.form_version == case.form_version
    vouches = (
        {point.key: point.text for step in meeting.council.forums[case.forum].chain for point in step.attests}
        if case.forum in meeting.council.forums
        else {}
    )
    return Signature(
        what=SIGNED.get(one.act, words(one.act)),
        by=signed(meeting.council, one.by),
        on_version=str(one.form_version) if last else f"{one.form_version}, amended since",
        vouched=tuple(vouches.get(key, words(key)) for key in one.confirmed),
    )


def introduction(pack: PackIndex, meeting: Meeting) -> tuple[Part, ...]:
    """What stands at the head of a pack.

    Args:
        pack: What it says.
        meeting: From the register.
    """
    sitting = meeting.sitting
    rows = (
        ("Meeting", f"{meeting.forum.title}, {moment(sitting.starts)}"),
        ("Place", sitting.venue or "As announced"),
        ("Cases", str(len(pack.entries))),
    )
    lacking = [one.referral_ref for one in pack.entries if one.missing]
    facts = Facts(rows=rows)
    return (facts, Remark(text=f"Papers are missing for: {', '.join(lacking)}.")) if lacking else (facts,)


def sections(pack: PackIndex) -> tuple[Section, ...]:
    """The sections of a pack's index.

    Args:
        pack: What it says.
    """
    return tuple(_section(entry) for entry in pack.entries) or (
        Section(title="Cases", parts=(Prose(text="No case has a place yet."),)),
    )


def _section(entry: Entry) -> Section:
    facts = (("Child", entry.child_ref or NOT_SAID), ("Asked for", entry.kind), ("Note", listed(entry.flags, "")))
    parts: list[Part] = [Facts(rows=tuple(row for row in facts if row[1]))]
    if entry.missing:
        parts.append(Remark(text=f"Missing: {'; '.join(entry.missing)}."))
    if entry.wanted:
        parts.append(Remark(text=f"Asked for when it was deferred: {'; '.join(entry.wanted)}."))
    if entry.papers:
        parts.append(
            Table(
                caption=f"Papers of {entry.referral_ref}",
                headings=("Paper", "Version", "Came on", "From"),
                rows=tuple((one.name, one.version, one.came, one.by) for one in entry.papers),
                widths=(2.6, 1.1, 1.5, 1),
            )
        )
    if entry.signatures:
        parts.append(
            Table(
                caption=f"Signatures on {entry.referral_ref}",
                headings=("What", "By whom and when", "Form", "Vouched for"),
                rows=tuple((one.what, one.by, one.on_version, listed(one.vouched)) for one in entry.signatures),
                widths=(1.1, 2.5, 0.8, 1.8),
            )
        )
    else:
        parts.append(Prose(text="Nobody has signed this form."))
    return Section(title=f"{entry.place}: {entry.referral_ref}", parts=tuple(parts))
