"""The agenda of a meeting: when, who, which cases in which order, and what the panel looks at.

What stands on it: times of slots (HIL-084, HIL-087, HRT-037, CBC-105), the reserve list (HIL-083, HIL-086), emergencies
as items that must be heard (HIL-044, HAC-246, CBC-048), who is asked to come for a case (HIL-049 to HIL-066), papers
attached and missing (HIL-071 to HIL-074, HAC-242), what comes round with every meeting (CBC-113 to CBC-116, CBC-141,
HAC-328), how each case is taken (HAC-255 to HAC-257), and learning (HIL-003).
"""

from datetime import date, datetime

from models.procedure import Council
from papers.content import Content, Meeting, flags_of
from papers.document import Bullets, Facts, Part, Prose, Remark, Section, Table
from papers.wording import (
    NONE,
    NOT_SAID,
    cited,
    criterion_title,
    day,
    forum_title,
    hour,
    kind_title,
    listed,
    moment,
    money,
    person,
    words,
)
from register.reading.decisions import Case
from register.reading.sitting_parts import Line
from rules.authority import title, titles


class Item(Content):
    """One case. `slot` is UTC; texts are in words."""

    number: int
    referral_ref: str
    child_ref: str
    unit: str
    team: str
    part: str
    slot: datetime | None
    reserve: int | None
    kind: str
    asked: tuple[str, ...]
    criteria: tuple[str, ...]
    presented_by: tuple[str, ...]
    invited: tuple[str, ...]
    attached: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


class Expected(Content):
    """A seat, and how many sit on it."""

    title: str
    count: int
    role: str


class Business(Content):
    """Something that comes round with every meeting, and whose it is."""

    title: str
    owner: str


class Agenda(Content):
    """A whole agenda. Instants are UTC."""

    council: str
    forum: str
    on: date
    starts: datetime
    ends: datetime | None
    cut_off: datetime | None
    venue: str | None
    chair: str | None
    chair_expected: tuple[str, ...]
    expected: tuple[Expected, ...]
    present: tuple[str, ...]
    apologies: tuple[str, ...]
    empty_seats: tuple[str, ...]
    capacity: int | None
    slot_minutes: int | None
    called_off: str | None
    items: tuple[Item, ...]
    reserves: tuple[Item, ...]
    gone: tuple[str, ...]
    business: tuple[Business, ...]
    looked_at: tuple[str, ...]
    remember: tuple[str, ...]


def agenda_of(meeting: Meeting) -> Agenda:
    """The agenda of a meeting as it stands.

    Args:
        meeting: From the register.
    """
    sitting, forum, council = meeting.sitting, meeting.forum, meeting.council
    seats = [seat for seat in forum.seats if seat.role in ("chair", "independent", "member", "support")]
    return Agenda(
        council=council.title,
        forum=forum.title,
        on=sitting.on,
        starts=sitting.starts,
        ends=sitting.ends,
        cut_off=sitting.cut_off,
        venue=sitting.venue,
        chair=_chair(meeting),
        chair_expected=tuple(seat.title for seat in seats if seat.role == "chair"),
        expected=tuple(Expected(title=cited(s.title, s.cites), count=s.count, role=s.role) for s in seats),
        present=tuple(person(council, one) for one in sitting.present),
        apologies=apologies_of(meeting),
        empty_seats=sitting.empty_seats,
        capacity=sitting.capacity,
        slot_minutes=forum.capacity.minutes if forum.capacity else None,
        called_off=_called_off(meeting),
        items=tuple(_item(meeting, line) for line in sitting.places),
        reserves=tuple(_item(meeting, line) for line in sitting.reserves),
        gone=tuple(line.referral_ref for line in sitting.gone),
        business=_business(meeting),
        looked_at=tuple(point.prompt for point in forum.checkpoints if not point.when and not point.outcomes),
        remember=tuple(point.prompt for point in forum.prompts if not point.when),
    )


def _chair(meeting: Meeting) -> str | None:
    """Who chairs: with the post once the meeting has been opened, before it by the rota."""
    chair = meeting.sitting.chair
    return person(meeting.council, meeting.person(chair)) if chair else None


def apologies_of(meeting: Meeting) -> tuple[str, ...]:
    """Who sent apologies, and who comes instead.

    Args:
        meeting: From the register.
    """
    council = meeting.council
    said = []
    for one in meeting.sitting.apologies:
        who = f"{one.staff}, {title(council, one.post)}" if one.post else one.staff
        said.append(f"{who}; in their place: {one.substitute}" if one.substitute else who)
    return tuple(said)


def _called_off(meeting: Meeting) -> str | None:
    off = meeting.sitting.called_off
    if off is None:
        return None
    if off.to is not None:
        return f"This meeting is postponed to {day(off.to)}."
    return "This meeting is cancelled. Its cases go on to the next."


def _item(meeting: Meeting, line: Line) -> Item:
    council, case, forum = meeting.council, meeting.cases.get(line.referral_ref), meeting.part_of(line)
    presenters = forum.presenters or meeting.forum.presenters
    return Item(
        number=line.number,
        referral_ref=line.referral_ref,
        child_ref=line.child_ref,
        unit=case.unit if case else "",
        team=case.team if case else "",
        part=forum.title if forum.key != meeting.forum.key else "",
        slot=line.slot,
        reserve=line.reserve,
        kind=kind_title(council, case.kind) if case else NOT_SAID,
        asked=asked_for(case, council) if case else (),
        criteria=tuple(criterion_title(council, rule) for rule in line.criteria),
        presented_by=tuple(cited(titles(council, one.post).capitalize(), one.cites) for one in presenters),
        invited=line.invited,
        attached=_attached(line, case),
        missing=case.missing if case else (),
        flags=flags_of(line),
    )


def _attached(line: Line, case: Case | None) -> tuple[str, ...]:
    names = [one.name for one in case.papers if one.version] if case else []
    left_out = [f"{one.name}: does not apply" for one in case.papers if not one.version] if case else []
    return tuple(dict.fromkeys([*line.documents, *names, *left_out]))


def asked_for(case: Case, council: Council) -> tuple[str, ...]:
    """What a case asks for beside its kind: services, legal section, money. Facts of the form, no narrative.

    Args:
        case: From the register.
        council: The procedure.
    """
    request, costs, once = case.form.get("request", {}), case.form.get("costs"), case.form.get("money")
    said = [f"Services: {', '.join(map(words, request['services']))}"] if request.get("services") else []
    if request.get("matter"):
        said.append(f"Matter: {words(request['matter'])}")
    if request.get("legal_section"):
        said.append(f"Legal section: {request['legal_section']}")
    if costs:
        said.append(
            f"{money(costs['proposed'])} a week proposed; {money(costs['present'])} now;"
            f" difference {money(costs['difference'])}"
        )
    if once:
        heading = f" under {once['heading']}" if once.get("heading") else ""
        said.append(f"{money(once['amount'])} once{heading}")
    if case.form.get("came_from"):
        said.append(f"Comes from {case.form['came_from']}")
    said += [f"Also before: {forum_title(council, key)}" for key in case.form.get("prior") or {}]
    return tuple(said)


def _business(meeting: Meeting) -> tuple[Business, ...]:
    council, forum = meeting.council, meeting.forum
    duties = [
        Business(title=cited(duty.title, duty.cites), owner=title(council, duty.owner))
        for duty in council.duties
        if duty.every == "sitting" and duty.forum in (None, forum.key)
    ]
    learning = Business(title="What this meeting teaches the service", owner="The chair")
    return (*duties, learning)


def introduction(agenda: Agenda) -> tuple[Part, ...]:
    """What stands at the head of an agenda.

    Args:
        agenda: What it says.
    """
    end = f" to {hour(agenda.ends)}" if agenda.ends else ""
    chair = agenda.chair or listed(agenda.chair_expected, NOT_SAID)
    slots = f"{agenda.slot_minutes} minutes a slot" if agenda.slot_minutes else ""
    places = f"{len(agenda.items)} of {agenda.capacity}" if agenda.capacity else str(len(agenda.items))
    rows = (
        ("Date", day(agenda.on)),
        ("Time", f"{hour(agenda.starts)}{end}"),
        ("Place", agenda.venue or "As announced"),
        ("Chair", chair),
        ("Cases", ", ".join(part for part in (places, slots) if part)),
        ("Referrals until", moment(agenda.cut_off)),
        ("Apologies", listed(agenda.apologies)),
    )
    facts = Facts(rows=tuple(row for row in rows if row[1]))
    return (Remark(text=agenda.called_off), facts) if agenda.called_off else (facts,)


def sections(agenda: Agenda) -> tuple[Section, ...]:
    """The sections of an agenda.

    Args:
        agenda: What it says.
    """
    found = [Section(title="Order of cases", parts=(_order(agenda),))]
    if agenda.reserves:
        found.append(Section(title="Reserve list", parts=(_reserve_list(agenda),)))
    if agenda.gone:
        found.append(Section(title="Gone on to another meeting", parts=(Bullets(items=agenda.gone),)))
    if agenda.items or agenda.reserves:
        found.append(Section(title="The cases"))
        found += [_details(item) for item in (*agenda.items, *agenda.reserves)]
    found.append(Section(title="Other business", parts=(_business_table(agenda),)))
    found.append(Section(title="Members", parts=_members(agenda)))
    if agenda.looked_at:
        found.append(Section(title="What the panel asks of each case", parts=(Bullets(items=agenda.looked_at),)))
    if agenda.remember:
        found.append(Section(title="To bear in mind", parts=(Bullets(items=agenda.remember),)))
    return tuple(found)


def _order(agenda: Agenda) -> Part:
    if not agenda.items:
        return Prose(text="No case has a place yet.")
    rows = tuple(
        (hour(item.slot) or NOT_SAID, item.referral_ref, item.kind, item.unit or NOT_SAID, listed(item.flags))
        for item in agenda.items
    )
    return Table(
        caption="Cases in the order in which they are taken",
        headings=("Time", "Case", "Asked for", "Unit", "Note"),
        rows=rows,
        widths=(0.7, 1.6, 2, 1.6, 1.5),
    )


def _reserve_list(agenda: Agenda) -> Part:
    rows = tuple(
        (str(item.reserve), item.referral_ref, item.kind, item.unit or NOT_SAID, listed(item.flags))
        for item in agenda.reserves
    )
    return Table(
        caption="Cases that are heard when a place becomes free",
        headings=("Position", "Case", "Asked for", "Unit", "Note"),
        rows=rows,
        widths=(0.7, 1.6, 2, 1.6, 1.5),
    )


def _details(item: Item) -> Section:
    place = hour(item.slot) if item.slot else f"Reserve {item.reserve}"
    rows = [
        ("Asked for", listed((item.kind, *item.asked))),
        ("Child", item.child_ref or NOT_SAID),
        ("Held by", ", ".join(part for part in (item.team, item.unit) if part) or NOT_SAID),
        ("Goes to", item.part),
        ("Criteria", listed(item.criteria)),
        ("Presented by", listed(item.presented_by, "")),
        ("Asked to come", listed(item.invited, "")),
        ("Papers", listed(item.attached)),
        ("Papers missing", listed(item.missing, "")),
        ("Note", listed(item.flags, "")),
    ]
    shown: tuple[Part, ...] = (Facts(rows=tuple(row for row in rows if row[1])),)
    return Section(title=f"{place}: {item.referral_ref}", level=3, parts=shown)


def _business_table(agenda: Agenda) -> Part:
    return Table(
        caption="What comes round with every meeting",
        headings=("Item", "Whose"),
        rows=tuple((one.title, one.owner) for one in agenda.business),
        widths=(3, 1.2),
        row_headings=False,
    )


def _members(agenda: Agenda) -> tuple[Part, ...]:
    if agenda.present:
        parts: list[Part] = [Prose(text="Present:"), Bullets(items=agenda.present)]
        if agenda.empty_seats:
            parts += [Prose(text="Seats that stayed empty:"), Bullets(items=agenda.empty_seats)]
        return tuple(parts)
    if not agenda.expected:
        return (Prose(text=NONE),)
    rows = tuple((one.title, words(one.role), str(one.count)) for one in agenda.expected)
    return (
        Table(caption="Seats", headings=("Seat", "Part", "People"), rows=rows, widths=(4, 1.3, 0.8)),
        Facts(rows=(("Apologies", listed(agenda.apologies)),)),
    )
