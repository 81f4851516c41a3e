"""A story exercises the rules of what it comes by, and of nothing else."""

from pathlib import Path

import pytest

from rehearsal.exercised import Trace
from rehearsal.play import all_went_well, play_and_trace
from rehearsal.story import read_story

REPOSITORY = Path(__file__).parents[2]
REFERRED_ONLY = """
title = "A story that ends with its referral"
council = "hillingdon"
starts = 2031-03-06T09:00:00

[cast]
amira = "social_worker"
tom = "team_manager"

[[step]]
who = "amira"
does = "refer"
to = "J1"
with = { form = "examples/hillingdon-harp.json", forum = "harp" }

[[step]]
who = "amira"
does = "sign_off"
to = "J1"
refused = "not_authorised"
"""


async def test_a_story_that_ends_with_its_referral_comes_by_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    file = tmp_path / "story.toml"
    file.write_text(REFERRED_ONLY, encoding="utf-8")
    results, exercised = await play_and_trace(file, read_story(file))
    assert all_went_well(results)
    assert {"HIL-004", "HIL-071", "HIL-075", "HIL-078"} <= exercised, "criteria, papers, who refers, who signs"
    assert "HIL-069" not in exercised, "the other panel's timetable"
    assert not {"HIL-048", "HIL-105"} & exercised, "quorum and disagreement"
    assert not {"HIL-040", "HIL-074"} & exercised, "emergencies and withdrawals"


PLACED = """
title = "A placement that starts in the evening"
council = "hillingdon"
starts = 2031-03-07T18:00:00

[cast]
amira = "social_worker"

[[step]]
who = "amira"
does = "start_placement"
to = "P1"
with.child = { reference = "C-1", date_of_birth = 2026-05-01 }
with.type = "connected_person"
with.carer = "CP-7"
with.regulation_24 = true
with.emergency = true

[[step]]
who = "amira"
does = "renew_contract"
to = "P1"
refused = "not_authorised"
"""


async def test_of_what_is_watched_over_each_part_counts_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(PLACED, encoding="utf-8")
    results, exercised = await play_and_trace(file, read_story(file))
    assert all_went_well(results)
    assert {"HIL-102", "HIL-099", "LAW-017"} <= exercised, "clocks that ran: assessment, consent, placement plan"
    assert "HIL-101" in exercised, "who was told"
    assert "HIL-056" in exercised, "who may renew, since somebody tried"
    assert not {"HIL-044", "HIL-038"} & exercised, "what lapses, and who may end it"
    assert "LAW-011" not in exercised, "the regulations of another time, though the clock has the same name"
    assert not {"HIL-108", "HIL-110", "HIL-037"} & exercised, "duties and settings of forums that it never came near"


def test_a_refusal_and_a_view_are_traced() -> None:
    trace = Trace()
    trace.act("sign_off", "HIL-078")
    trace.act("hear", None)
    trace.view(None)
    assert trace.acts == {"sign_off", "hear"}
    assert trace.cited == {"HIL-078"}
