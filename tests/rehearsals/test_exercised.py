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


def test_a_refusal_and_a_view_are_traced() -> None:
    trace = Trace()
    trace.act("sign_off", "HIL-078")
    trace.act("hear", None)
    trace.view(None)
    assert trace.acts == {"sign_off", "hear"}
    assert trace.cited == {"HIL-078"}
