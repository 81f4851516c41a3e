"""What stands on an agenda, a pack index, a decision sheet and minutes: what the procedures ask of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.vocabulary import SittingStage
from papers.agenda import agenda_of
from papers.agenda import introduction as agenda_head
from papers.agenda import sections as agenda_sections
from papers.document import Bullets, Facts, Part, Prose, Remark, Section, Table
from papers.minutes import minutes_of
from papers.minutes import sections as minutes_sections
from papers.pack import introduction as pack_head
from papers.pack import pack_of
from papers.pack import sections as pack_sections
from papers.sheet import sections as sheet_sections
from papers.sheet import sheet_of
from papers.wording import day, finding, moment, money
from register.reading.decisions import Attached, Signed, Taken
from register.reading.sitting_parts import Absence, By, CalledOff, Declared, NewAction, Owner, Person, Service
from tests.papers.meetings import (
    AMIRA,
    CAROL,
    PAT,
    STARTS,
    a_case,
    a_decided_meeting,
    a_decision,
    a_hearing,
    a_line,
    a_meeting,
)


def facts_in(parts: tuple[Part, ...]) -> dict[str, str]:
    return {name: value for part in parts if isinstance(part, Facts) for name, value in part.rows}


def table_in(sections: tuple[Section, ...], caption: str) -> Table:
    tables = [part for section in sections for part in section.parts if isinstance(part, Table)]
    return next(table for table in tables if table.caption == caption)


def section_in(sections: tuple[Section, ...], title: str) -> Section:
    return next(section for section in sections if section.title == title)


def test_an_agenda_takes_cases_in_order_with_their_times_and_what_is_asked_for() -> None:
    second = a_line(2, slot=STARTS.replace(minute=45), emergency=True, late=True)
    found = agenda_sections(agenda_of(a_meeting(a_line(1), second)))
    assert table_in(found, "Cases in the order in which they are taken").rows == (
        ("09:30", "HARP-1", "Accommodation", "children in need", "None"),
        ("09:45", "HARP-2", "Accommodation", "children in need", "Emergency\nLate, by agreement"),
    )
    assert facts_in(section_in(found, "09:30: HARP-1").parts) == {
        "Asked for": "Accommodation\nLegal section: section 20\n£480.00 a week proposed; £0.00 now; difference £480.00",
        "Child": "C-1",
        "Held by": "Team 3, children in need",
        "Criteria": "The team considers that the child should become looked after (HIL-004)",
        "Asked to come": "Allocated worker",
        "Papers": "Access to resource panel form",
    }


def test_an_agenda_says_when_where_who_and_until_when() -> None:
    apologies = (Absence(staff="viv", post="virtual_school_head", substitute="wim"),)
    head = facts_in(agenda_head(agenda_of(a_meeting(apologies=apologies, venue="Room 4"))))
    assert head == {
        "Date": "Tuesday 11 March 2031",
        "Time": "09:30 to 12:00",
        "Place": "Room 4",
        "Chair": "carol",
        "Cases": "1 of 10, 15 minutes a slot",
        "Referrals until": "Friday 7 March 2031, 12:00",
        "Apologies": "viv, Virtual School Head; in their place: wim",
    }


def test_times_on_an_agenda_are_british_summer_time_in_summer() -> None:
    noon = datetime(2031, 7, 1, 11, tzinfo=UTC)
    found = agenda_sections(agenda_of(a_meeting(a_line(slot=noon), starts=noon)))
    assert table_in(found, "Cases in the order in which they are taken").rows[0][0] == "12:00"


def test_an_agenda_names_reserves_what_went_on_and_what_is_missing() -> None:
    waiting = a_line(2, slot=None, reserve=1, state="reserved")
    gone = a_line(3, slot=None, state="carried_over")
    cases = (a_case(1, missing=("Section 20 checklist",)), a_case(2), a_case(3))
    found = agenda_sections(agenda_of(a_meeting(a_line(1), waiting, gone, cases=cases)))
    assert table_in(found, "Cases that are heard when a place becomes free").rows[0][:2] == ("1", "HARP-2")
    assert section_in(found, "Gone on to another meeting").parts == (Bullets(items=("HARP-3",)),)
    assert facts_in(section_in(found, "09:30: HARP-1").parts)["Papers missing"] == "Section 20 checklist"
    assert section_in(found, "Reserve 1: HARP-2").level == 3


def test_an_agenda_has_learning_and_the_seats_with_their_rules() -> None:
    found = agenda_sections(agenda_of(a_meeting()))
    business = table_in(found, "What comes round with every meeting")
    assert business.rows == (("What this meeting teaches the service", "The chair"),)
    seats = table_in(found, "Seats").rows
    assert ("Head of Service independent of the case, by the rota (HIL-048, HIL-051)", "Independent", "2") in seats
    asked = section_in(found, "What the panel asks of each case").parts[0]
    assert asked == Bullets(
        items=(
            "Can the child stay at home, with wider family or with connected persons? (HIL-001)",
            "Is the package proportionate, and value for money? (HIL-002)",
            "Is there drift in case planning or care planning? (HIL-114)",
        )
    )


def test_an_agenda_of_a_council_with_reports_at_every_meeting_names_them() -> None:
    forum = "access_to_resources_panel"
    meeting = a_meeting(council="central_bedfordshire", forum=forum, capacity=None)
    rows = table_in(agenda_sections(agenda_of(meeting)), "What comes round with every meeting").rows
    assert rows[0][0] == "Report on activity in residential, independent and in-house fostering placements (CBC-113)"
    assert len(rows) > 4


def test_an_agenda_that_was_called_off_says_so_first() -> None:
    moved = CalledOff(by=PAT, what="postpone", to=date(2031, 3, 13))
    head = agenda_head(agenda_of(a_meeting(called_off=moved, stage=SittingStage.POSTPONED)))
    assert head[0] == Remark(text="This meeting is postponed to Thursday 13 March 2031.")
    cancelled = agenda_head(agenda_of(a_meeting(called_off=CalledOff(by=PAT, what="cancel"))))
    assert cancelled[0] == Remark(text="This meeting is cancelled. Its cases go on to the next.")


def test_an_open_meeting_shows_who_came_and_which_seats_stayed_empty() -> None:
    present = (Person(staff="carol", post="head_of_service"), Person(staff="dev"))
    meeting = a_meeting(present=present, empty_seats=("Absent: Virtual School Head (HIL-054)",))
    parts = section_in(agenda_sections(agenda_of(meeting)), "Members").parts
    assert parts[1] == Bullets(items=("carol, Head of Service", "dev"))
    assert parts[3] == Bullets(items=("Absent: Virtual School Head (HIL-054)",))


def test_a_case_that_the_register_does_not_know_yet_is_on_the_agenda_all_the_same() -> None:
    found = agenda_sections(agenda_of(a_meeting(cases=())))
    assert table_in(found, "Cases in the order in which they are taken").rows[0][2] == "Not recorded"


def test_a_pack_index_has_each_paper_with_its_version_and_who_signed_which_form() -> None:
    tom = By(staff="tom", post="team_manager", at=AMIRA.at, on_behalf_of="tess")
    case = a_case(
        form_version=2,
        papers=(
            Attached(name="Access to resource panel form", version=1, by=AMIRA),
            Attached(name="Genogram", version=2, by=AMIRA, original=True),
            Attached(name="Section 20 checklist", version=0, by=AMIRA, not_applicable="The court decides."),
        ),
        signatures=(
            Signed(act="sign_off", by=tom, form_version=1),
            Signed(act="endorse", by=tom, form_version=2, confirmed=("timing",)),
        ),
        missing=("Chronology",),
        missing_information=("Costs",),
    )
    meeting = a_meeting(cases=(case,))
    found = pack_sections(pack_of(meeting))
    assert table_in(found, "Papers of HARP-1").rows == (
        ("Referral form", "2", "Wednesday 5 March 2031", "amira"),
        ("Access to resource panel form", "1", "Wednesday 5 March 2031", "amira"),
        ("Genogram (original)", "2", "Wednesday 5 March 2031", "amira"),
        ("Section 20 checklist", "Does not apply: The court decides.", "Wednesday 5 March 2031", "amira"),
    )
    who = "tom, Team manager, on behalf of tess: Wednesday 5 March 2031, 10:00"
    assert table_in(found, "Signatures on HARP-1").rows == (
        ("Signed off", who, "1, amended since", "None"),
        ("Endorsed", who, "2", "Timing"),
    )
    assert Remark(text="Missing: Chronology.") in found[0].parts
    assert Remark(text="Asked for when it was deferred: Costs.") in found[0].parts
    assert Remark(text="Papers are missing for: HARP-1.") in pack_head(pack_of(meeting), meeting)


def test_a_pack_without_a_signature_or_a_case_says_so() -> None:
    found = pack_sections(pack_of(a_meeting(cases=(a_case(signatures=()),))))
    assert Prose(text="Nobody has signed this form.") in found[0].parts
    nothing = pack_sections(pack_of(a_meeting(a_line(state="carried_over", slot=None))))
    assert nothing[0].parts == (Prose(text="No case has a place yet."),)


def test_a_decision_sheet_has_every_section_filled_in() -> None:
    sheet = sheet_of(a_decided_meeting(a_decision(rationale="")), "HARP-1")
    assert sheet is not None
    for section in sheet_sections(sheet):
        assert section.parts, section.title
        said = [part.text for part in section.parts if isinstance(part, Prose)]
        assert all(said), section.title


def test_a_decision_sheet_says_what_who_why_and_what_follows() -> None:
    decision = a_decision(
        decision="approved_with_conditions",
        conditions=("Contact is kept up.",),
        actions=(NewAction(what="Finish it", owner=Owner(post="social_worker", staff="amira"), due=date(2031, 5, 16)),),
        review_on=date(2031, 6, 10),
        starts=date(2031, 3, 12),
        checkpoints={"drift": "No drift."},
        checkpoints_unanswered=("family_options",),
        services=(Service(service="befriending", agency="A charity", hours="2", outcomes=("Less alone",)),),
        learning="Start sooner.",
        flags=("HARP-1: late",),
        by=PAT,
    )
    sheet = sheet_of(a_decided_meeting(decision), "HARP-1")
    assert sheet is not None
    found = sheet_sections(sheet)
    assert facts_in(section_in(found, "Decision").parts) == {
        "Decision": "Approved with conditions",
        "Decided by": "The panel together",
        "Legal section": "section 20",
        "Starts": "Wednesday 12 March 2031",
        "Recorded by": "pat, Panel administrator: Tuesday 11 March 2031, 09:30",
    }
    panel = facts_in(section_in(found, "Panel").parts)
    assert panel["Panel"] == "carol, Head of Service\ndev, Head of Service\nesi, Head of Service"
    assert panel["Quorum"] == "Met: the chair and 2 independent of the case (Head of Service) (HIL-047, HIL-048)"
    assert panel["Independence"] == "Nobody on this panel has a hand or an interest in the case (HIL-048, HIL-051)"
    assert table_in(found, "Actions for HARP-1").rows == (("Finish it", "amira, Social worker", "Friday 16 May 2031"),)
    assert table_in(found, "What was asked, and what the panel found").rows == (
        ("Can the child stay at home, with wider family or with connected persons? (HIL-001)", "Not answered"),
        ("Is there drift in case planning or care planning? (HIL-114)", "No drift."),
    )
    assert table_in(found, "Services that were agreed").rows == (("Befriending", "A charity", "2 hours", "Less alone"),)
    assert section_in(found, "Review").parts == (Prose(text="Tuesday 10 June 2031."),)
    assert section_in(found, "Rules").parts == (Prose(text="HIL-092, HIL-004"),)


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({}, "The panel together"),
        ({"dissent": "One would not.", "decided_by_chair": True}, "The chair, since the members did not agree"),
        ({"dissent": "One would not."}, "Another post, since the members did not agree"),
        ({"decided_by_chair": True}, "The chair"),
    ],
)
def test_a_decision_sheet_says_who_decided(changes: dict[str, Any], who: str) -> None:
    sheet = sheet_of(a_decided_meeting(a_decision(**changes)), "HARP-1")
    assert sheet is not None
    assert sheet.decided_by == who


def test_a_recommendation_shows_what_the_other_post_made_of_it() -> None:
    recommended = Taken(
        number=1, outcome="approved", at=STARTS, by="pat", post="panel_administrator", forum="harp",
        sitting=STARTS.date(), recommends=True,
    )  # fmt: skip
    final = Taken(
        number=2, outcome="declined", at=CAROL.at, by="dora", post="director", forum="harp", rationale="Too soon."
    )
    case = a_case(decisions=(recommended,))
    waits = sheet_of(a_decided_meeting(cases=(case,)), "HARP-1")
    assert waits is not None
    assert (waits.decided_by, waits.afterwards) == (
        "The panel recommends; another post decides",
        ("Waits for the post that decides",),
    )
    done = sheet_of(a_decided_meeting(cases=(a_case(decisions=(recommended, final)),)), "HARP-1")
    assert done is not None
    assert done.afterwards == (
        "Declined: dora, Director of Social Care, Wednesday 12 March 2031, 09:00",
        "Reasons: Too soon.",
    )


def test_a_deferral_names_what_is_missing_and_until_when() -> None:
    deferred = a_decision(
        decision="deferred",
        missing=("Genogram",),
        to_sitting=date(2031, 3, 25),
        refer_to="high_cost_panel",
        recommend=("complex_harp",),
        exit="closed",
        skips={"supervision": "Done."},
        retain_review=True,
    )
    sheet = sheet_of(a_decided_meeting(deferred), "HARP-1")
    assert sheet is not None
    assert sheet.goes_on == (
        "Missing: Genogram",
        "Deferred to the meeting of Tuesday 25 March 2031",
        "Referred to High Cost Panel",
        "Recommended to Complex HARP",
        "Leaves the forum: Closed",
        "Does not follow, supervision: Done.",
    )
    assert sheet.review == "The forum keeps the review."


def test_a_case_that_was_not_decided_has_no_sheet() -> None:
    assert sheet_of(a_meeting(), "HARP-1") is None
    assert sheet_of(a_decided_meeting(), "HARP-9") is None


def test_minutes_say_who_came_who_had_an_interest_and_what_was_decided() -> None:
    interest = Declared(by=By(staff="dev", post="head_of_service", at=STARTS), case="HARP-1")
    declined = a_decision("HARP-2", decision="declined", dissent="One would have.", decided_by_chair=True)
    meeting = a_decided_meeting(
        a_decision(actions=(NewAction(what="Call", owner=Owner(post="team_manager"), due=date(2031, 3, 14)),)),
        declined,
        interests=(interest,),
        learning=("Start sooner.", "Start sooner."),
        chair="carol",
    )
    minutes = minutes_of(meeting)
    assert minutes is not None
    found = minutes_sections(minutes)
    assert table_in(found, "Who was there").rows[:2] == (
        ("carol", "Head of Service", "Chair"),
        ("dev", "Head of Service", "Member or guest"),
    )
    assert table_in(found, "Interests that were declared").rows == (("dev, Head of Service", "HARP-1", "Not recorded"),)
    second = facts_in(section_in(found, "09:30: HARP-2").parts)
    assert (second["Decision"], second["Dissent"]) == ("Declined", "One would have.")
    assert table_in(found, "All actions of this meeting").rows == (
        ("HARP-1", "Call", "Team manager", "Friday 14 March 2031"),
    )
    assert section_in(found, "What the service can learn").parts == (Bullets(items=("Start sooner.",)),)
    assert minutes.next_meeting == date(2031, 3, 18)


def test_minutes_name_what_was_not_reached() -> None:
    meeting = a_meeting(
        a_line(1),
        a_line(2, state="carried_over", slot=None),
        carried={"HARP-2": "No time."},
        opened=PAT,
        stage=SittingStage.IN_SESSION,
    )
    minutes = minutes_of(meeting)
    assert minutes is not None
    assert (minutes.undecided, minutes.gone) == (("HARP-1",), ("HARP-2: No time.",))
    assert section_in(minutes_sections(minutes), "Cases").parts == (Prose(text="No case was decided."),)


def test_there_are_no_minutes_before_a_meeting_opens() -> None:
    assert minutes_of(a_meeting()) is None


def test_whoever_presents_stands_on_the_sheet_where_the_procedure_has_presenters() -> None:
    forum = "access_to_resources_panel"
    hearings = {"HARP-1": a_hearing(presented_by=("sam",), absent=("HARP-1: not presented by the worker (CBC-103)",))}
    meeting = a_decided_meeting(
        council="central_bedfordshire",
        forum=forum,
        hearings=hearings,
        present=(Person(staff="sam", post="social_worker"),),
    )
    sheet = sheet_of(meeting, "HARP-1")
    assert sheet is not None
    assert sheet.presented_by == ("sam, Social worker", "not presented by the worker (CBC-103)")


def test_words_for_days_moments_money_and_findings() -> None:
    assert day(date(2031, 3, 1)) == "Saturday 1 March 2031"
    assert moment(datetime(2031, 7, 1, 11, tzinfo=UTC)) == "Tuesday 1 July 2031, 12:00"
    assert [money(value) for value in ("1234.5", "-3", "x")] == ["£1,234.50", "-£3.00", ""]
    assert [finding(value) for value in (True, False, None, ["a", True], 3)] == [
        "Yes",
        "No",
        "Not answered",
        "a\nYes",
        "3",
    ]
