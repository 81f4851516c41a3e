"""Stories may use other names of posts and forums, and look at flags, prompts and what is authorised."""

from pathlib import Path

import pytest

from rehearsal.expectations import compare
from rehearsal.story import Expected, Story
from rules.journeys.views import view
from tests.builders import THURSDAY, journey

STORY = Story.model_validate(
    {
        "title": "A story",
        "council": "hertfordshire",
        "starts": "2031-03-06T09:00:00",
        "cast": {
            "amira": "allocated_worker",
            "ada": "head_of_assessment",
            "eve": {"post": "team_manager", "unit": "x"},
        },
        "step": [],
    }
)


@pytest.fixture(autouse=True)
def _from_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])


def test_posts_go_by_other_names() -> None:
    members = [STORY.member(name) for name in STORY.cast]
    assert [(one.post, one.unit) for one in members] == [
        ("social_worker", None),
        ("head_of_service", "assessment"),
        ("team_manager", "x"),
    ]


def test_forums_go_by_other_names_and_a_part_sits_with_its_panel() -> None:
    assert STORY.forum_key("part_2") == "practice_and_resources_panel_part_2"
    assert STORY.panel("part_2") == STORY.panel("practice_and_resources_panel") == "practice_and_resources_panel"
    assert (STORY.forum_key("nowhere"), STORY.panel("nowhere")) == ("nowhere", "nowhere")


def test_what_is_expected_may_use_other_names() -> None:
    expected = Expected(of="J1", waiting_on="allocated_worker", forum="part_1", proposed=["adoption"], notified=["iro"])
    wanted, found = compare(expected, None, set(), STORY)
    assert wanted == {
        "waiting_on": "social_worker",
        "forum": "practice_and_resources_panel_part_1",
        "proposed": ["adoption_panel"],
        "notified": ["independent_reviewing_officer"],
    }
    assert set(found.values()) == {"there is no such process"}


def test_flags_prompts_and_authorisations_are_looked_at_in_part() -> None:
    seen = view(journey(), THURSDAY).model_copy(
        update={"flags": ["Absent: Chair (X-1)"], "prompts": ["Look here (X-2)"], "authorised": {"resource": "pending"}}
    )
    expected = Expected(
        of="J1", flags=["x-1"], prompts=["X-2"], not_prompts=["X-3"], authorised={"resource": "pending", "other": "no"}
    )
    wanted, found = compare(expected, seen, set(), STORY)
    assert found.pop("authorised") == {"resource": "pending", "other": None}
    wanted.pop("authorised")
    assert wanted == found
    _, found = compare(Expected(of="J1", flags=["X-9"], not_prompts=["X-2"]), seen, set(), STORY)
    assert found == {"flags": [], "not_prompts": []}


def test_what_a_deferral_waits_for_counts_among_the_missing_documents() -> None:
    seen = view(journey(), THURSDAY).model_copy(
        update={"documents_missing": ["Genogram"], "missing_information": ["Genogram", "Kinship assessment"]}
    )
    _, found = compare(Expected(of="J1", documents_missing=[]), seen, set(), STORY)
    assert found == {"documents_missing": ["Genogram", "Kinship assessment"]}
