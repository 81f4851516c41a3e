"""The register says what Temporal says: stories of every council are played, and every process is compared."""

from pathlib import Path

import pytest

from tests.register.stories import faults_of

REHEARSALS = Path(__file__).parents[2] / "rehearsals"
STORIES = (
    "demo/a_whole_journey",
    "central_bedfordshire/placement_a_change_or_an_end_reaches_resources_and_finance_in_one_act_and_mosaic_the_next_day",
    "hackney/adoption_papers_after_the_deadline",
    "hackney/package_progress_at_christmas",
    "hackney/transfer_who_holds_a_disabled_childs_case",
    "hackney/unit_everybody_is_there_or_accounted_for",
    "harrow/placement_concerns_about_a_provider_are_met_about_until_they_are_resolved",
    "hertfordshire/duty_members_skills",
    "hillingdon/a_chair_who_sends_apologies_is_replaced",
    "hillingdon/a_review_after_four_years_finds_its_calendar_renewed",
    "hillingdon/the_eleventh_case_waits_on_the_reserve_list",
    "law/visits_while_a_carer_is_approved_for_a_time",
)
"""Varied ones: journeys, sittings, every kind of watch, reserves, reviews, breaches, years."""


@pytest.mark.parametrize("story", STORIES)
async def test_every_process_stands_in_the_register_as_it_shows_itself(story: str) -> None:
    assert await faults_of(REHEARSALS / f"{story}.toml") == []
