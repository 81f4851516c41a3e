"""A sixth council, invented and written only in TOML by following docs/procedures.md: it has no faults, and it runs."""

from pathlib import Path

import pytest

from procedures.loader import read_council
from procedures.slices import slice_for
from rehearsal.play import all_went_well, play_and_trace
from rehearsal.story import read_story

FOLDER = Path(__file__).parent / "sixth_council"
STORIES = sorted(FOLDER.glob("*.toml"))


def test_the_invented_council_has_no_faults() -> None:
    council = read_council(FOLDER / "seaburgh")
    assert sorted(council.forums) == ["family_support_panel", "homes_desk"]
    assert council.forums["family_support_panel"].schedule is not None
    assert council.forums["family_support_panel"].schedule.weekday == "wednesday"


def test_what_it_asks_for_is_carried_by_its_journeys() -> None:
    council = slice_for(read_council(FOLDER / "seaburgh"), "family panel")
    assert council.settings.keys() == {"costly_week"}
    assert council.lists.keys() == {"harbour_wards"}
    assert council.stubs == ("homes_desk",)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
async def test_its_story_goes_as_it_says(path: Path) -> None:
    story = read_story(path, FOLDER)
    results, exercised = await play_and_trace(path, story)
    assert all_went_well(results), "\n".join(f"{one.told}: {one.expected} {one.found}" for one in results if not one.ok)
    assert set(story.rules) <= exercised
