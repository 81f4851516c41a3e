"""What people read."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sql

from models.process import Notice
from notices.wording import Message
from register.read_models import ACTION, CLOCK, JOURNEY
from runtime.notice_sending import link_of
from runtime.settings import Settings
from tests.notices.support import JOURNEY as THIS
from tests.notices.support import NOW, Carrier, all_of, note, sending, stands
from tests.register.rows import a_clock, a_journey, an_action, insert


@pytest.fixture
def engine(sqlite_engine: sql.Engine) -> sql.Engine:
    return sqlite_engine


def said(
    engine: sql.Engine, subject: str, process_id: str = THIS, post: str = "team_manager", **columns: object
) -> Message:
    note(engine, Notice(post=post, subject=subject), process_id=process_id, **columns)
    return message(engine)


def message(engine: sql.Engine) -> Message:
    sender = sending(engine, Carrier())
    sender.give()
    return sender.message(all_of(engine)[-1])


def test_a_listing_names_the_case_the_panel_and_its_day_and_nothing_else(engine: sql.Engine) -> None:
    note(engine, Notice(post="team_manager", subject="listed"))
    stands(engine, a_journey(THIS, sitting=date(2031, 3, 11)), JOURNEY)
    assert message(engine) == Message(
        title="HARP-1 is listed",
        sentences=(
            "HARP-1 is on the agenda of HARP.",
            "The panel sits on Tuesday 11 March 2031.",
            (
                "Hillingdon sends this to you as Team manager. It says no more than the reference on "
                "purpose: please do not answer with details of a case."
            ),
        ),
    )


def test_a_sentence_about_a_day_that_nobody_knows_is_left_out(engine: sql.Engine) -> None:
    assert not any("sits on" in sentence for sentence in said(engine, "listed").sentences)


def test_an_action_says_by_when(engine: sql.Engine) -> None:
    note(engine, Notice(post="team_manager", subject="clock_warned:action:A1"))
    insert(
        engine,
        CLOCK,
        a_clock(THIS, "action:A1", started=NOW - timedelta(days=9), due=datetime(2031, 3, 5, 17, tzinfo=NOW.tzinfo)),
    )
    found = message(engine)
    assert found.title == "HARP-1: an action is due soon"
    assert found.sentences[:2] == (
        "An action of HARP-1 is due soon: action A1.",
        "It is due on Wednesday 5 March 2031.",
    )


def test_of_a_clock_that_ran_twice_the_run_that_the_notice_is_about_counts(engine: sql.Engine) -> None:
    note(engine, Notice(post="team_manager", subject="escalated:review"))
    for days in (-40, -20, 1):
        insert(
            engine,
            CLOCK,
            a_clock(THIS, "review", started=NOW + timedelta(days=days), due=NOW + timedelta(days=days + 10)),
        )
    assert "It was due on Friday 21 February 2031." in message(engine).sentences


def test_an_action_whose_clock_nobody_kept_is_due_when_the_action_is(engine: sql.Engine) -> None:
    note(engine, Notice(post="team_manager", subject="escalated:action:A1"))
    insert(engine, ACTION, an_action(THIS, "A1", due=date(2031, 3, 2)))
    assert "It was due on Sunday 2 March 2031." in message(engine).sentences


@pytest.mark.parametrize(
    ("process_id", "subject", "title"),
    [
        (
            "sitting/hillingdon/harp/2031-03-11",
            "papers_circulated",
            "HARP, Tuesday 11 March 2031: the papers are out",
        ),
        (
            "unit/hackney/unit-4/2031-03-05",
            "invited_to_unit_meeting",
            "unit-4, Wednesday 5 March 2031: you are invited",
        ),
        ("placement/hillingdon/PL-1", "placement_unlawful", "PL-1: please look at once"),
        (
            "papers/hillingdon/harp/2031-03-11",
            "papers_circulated",
            "HARP, Tuesday 11 March 2031: the papers are out",
        ),
    ],
)
def test_everything_is_called_as_people_call_it(engine: sql.Engine, process_id: str, subject: str, title: str) -> None:
    assert said(engine, subject, process_id, unit="").title == title


@pytest.mark.parametrize(
    ("process_id", "subject", "sentence"),
    [
        (THIS, "decided:agreed_with_amendment", "has decided on HARP-1: agreed with amendment."),
        (THIS, "proposed:high_cost_panel", "HARP-1 also goes to another forum: High Cost Panel."),
        (THIS, "renewal_due:2031-09-01", "is to be renewed by Monday 1 September 2031."),
        ("placement/hillingdon/PL-1", "clock_warned:viability_assessment", "something is due soon: "),
        (THIS, "a_subject_that_nobody_foresaw:x_y", "that you should know of: x y."),
    ],
)
def test_what_a_notice_is_about_is_said_in_the_procedures_words(
    engine: sql.Engine, process_id: str, subject: str, sentence: str
) -> None:
    assert sentence in " ".join(said(engine, subject, process_id).sentences)


def test_a_deadline_of_a_placement_is_called_by_its_title(engine: sql.Engine) -> None:
    found = said(engine, "clock_warned:viability_assessment", "placement/hillingdon/PL-1")
    assert "viability_assessment" not in found.body


def test_a_review_that_comes_up_says_by_when(engine: sql.Engine) -> None:
    note(engine, Notice(post="team_manager", subject="review_coming"))
    stands(engine, a_journey(THIS, review_on=date(2031, 4, 1)), JOURNEY)
    assert "It is to be reviewed by Tuesday 1 April 2031." in message(engine).sentences


def test_the_link_leads_to_the_case() -> None:
    here = Settings(link="https://waymark.example.org/cases/{process}?from=notice")
    assert link_of(here)(THIS) == "https://waymark.example.org/cases/journey%2Fhillingdon%2FHARP-1?from=notice"


def test_in_development_the_link_leads_to_the_temporal_ui_and_in_production_nowhere_by_itself() -> None:
    here = Settings(temporal_ui="http://127.0.0.1:8233")
    assert link_of(here)(THIS) == ("http://127.0.0.1:8233/namespaces/default/workflows/journey%2Fhillingdon%2FHARP-1")
    assert link_of(here.model_copy(update={"environment": "production"}))(THIS) is None


def test_a_link_without_a_place_for_the_case_leads_to_one_page() -> None:
    assert link_of(Settings(link="https://waymark.example.org"))(THIS) == "https://waymark.example.org"
