"""Apologies and cover, copies of decision sheets and minutes, and presenters who take part (HRT-055 to HRT-057)."""

from models.errors import RefusalCode
from models.procedure import Council, Duty
from models.sitting import SittingState
from models.vocabulary import ClockState
from rules.sittings.views import view
from tests.builders import CAROL, DEV, ESI, PANEL, PAT, TOM, Office, at, person, refused, sitting
from tests.rules.boards import DAY, ROOM, council_with, listed, opened

COVER = {"notice_hours": 48, "cites": "X-1"}
IN_TIME = at("2031-03-09 09:30")
LATE = at("2031-03-09 09:31")
NADIA = person("nadia", "head_of_service")


def planned(council: Council) -> tuple[Office, SittingState]:
    office, _ = listed(council)
    return office, office.sitting_on(PANEL, IN_TIME)


def test_apologies_two_days_before_are_in_time_and_somebody_looks_for_cover() -> None:
    office, there = planned(council_with(cover=COVER))
    office.act(there, "send_apologies", DEV, IN_TIME)
    assert there.flags == []
    clock = there.clocks["cover:dev"]
    assert (clock.owner, clock.due, clock.state) == ("panel_administrator", there.starts, ClockState.RUNNING)


def test_later_apologies_are_noted_and_never_refused() -> None:
    office, there = planned(council_with(cover=COVER))
    office.act(there, "send_apologies", DEV, LATE)
    assert there.flags == ["Apologies of dev less than 48 hours before (X-1)"]
    office.act(there, "send_apologies", DEV, LATE, reasons="Still ill.")
    assert len(there.flags) == len(there.apologies) == 1


def test_whoever_runs_the_sitting_finds_the_substitute() -> None:
    office, there = planned(council_with(cover=COVER))
    office.act(there, "send_apologies", DEV, IN_TIME)
    assert refused(there, "send_apologies", CAROL, LATE, absent="dev", substitute="nadia").code == "not_authorised"
    assert refused(there, "send_apologies", PAT, LATE, absent="esi", substitute="nadia").code == RefusalCode.UNKNOWN
    office.act(there, "send_apologies", PAT, LATE, absent="dev", substitute="nadia")
    (sent,) = there.apologies
    assert (sent.staff, sent.post, sent.at, sent.substitute) == ("dev", "head_of_service", IN_TIME, "nadia")
    assert there.clocks["cover:dev"].state is ClockState.MET
    office.act(there, "send_apologies", DEV, LATE, reasons="Thanks.")
    assert there.apologies[0].substitute == "nadia"


def test_who_names_a_substitute_needs_no_cover() -> None:
    office, there = planned(council_with(cover=COVER))
    office.act(there, "send_apologies", ESI, IN_TIME, substitute="nadia")
    assert "cover:esi" not in there.clocks


def test_nobody_looks_for_cover_once_the_sitting_has_begun() -> None:
    office, there = planned(council_with(cover=COVER))
    office.act(there, "send_apologies", NADIA, IN_TIME)
    opened(office)
    assert there.clocks["cover:nadia"].state is ClockState.STOPPED
    late = sitting(council=council_with(cover=COVER))
    office.act(late, "send_apologies", NADIA, late.starts)
    assert "cover:nadia" not in late.clocks


def test_a_council_without_that_rule_only_records_apologies() -> None:
    office, there = planned(council_with())
    office.act(there, "send_apologies", DEV, LATE)
    assert (there.flags, list(there.clocks)) == ([], [name for name in there.clocks if "cover" not in name])


def test_an_approved_sheet_goes_to_members_and_to_whom_the_forum_names() -> None:
    office, _ = listed(council_with(sheet_copies={"posts": ["team_manager"], "cites": "X-2"}))
    there = opened(office)
    office.act(there, "hear", PAT, DAY, case="R-1")
    office.act(there, "record_decision", PAT, DAY, case="R-1", decision="note", rationale="Seen.")
    office.act(there, "approve_decision", CAROL, DAY, case="R-1")
    (entry,) = [entry for entry in office.entries if entry.what == "approve_decision"]
    told = {notice.post for notice in entry.notices if notice.subject == "decision_sheet"}
    assert {"head_of_service", "virtual_school_head", "team_manager"} <= told
    assert entry.cites == ("X-2",)


def test_what_recurs_with_every_sitting_is_shown_on_it() -> None:
    duties = [
        {"key": key, "title": key, "every": every, "forum": forum, "owner": "team_manager", "cites": "X-4"}
        for key, every, forum in (("report", "sitting", "harp"), ("yearly", "P1Y", None), ("theirs", "sitting", "x"))
    ]
    council = council_with().model_copy(update={"duties": tuple(Duty.model_validate(duty) for duty in duties)})
    assert view(sitting(council=council), DAY).prompts == ["report: Team manager (X-4)"]


def test_a_presenter_may_take_part_in_the_decision() -> None:
    here = {"post": ["team_manager"], "takes_part": True, "cites": "X-3"}
    office, _ = listed(council_with(presenters=[here]))
    there = opened(office, room=(*ROOM, TOM))
    office.act(there, "hear", PAT, DAY, case="R-1")
    assert [one.staff for one in there.cases[0].panel][-1] == "tom"
    (entry,) = [entry for entry in office.entries if entry.what == "hear"]
    assert entry.details["presented_by"] == ["tom"]
