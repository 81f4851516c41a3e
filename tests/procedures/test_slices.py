"""What a process carries of a procedure: its own forum whole, the names of the rest, and few bytes of it."""

import base64
import time
from typing import get_args

import pytest

from models.deadlines import WatchKind
from models.snapshot import pack, unpack
from procedures.loader import council_folders, law, load_council, read_council
from procedures.slices import MOST_BYTES, MOST_BYTES_OF_A_WATCH, Process, slice_for, slice_for_watch, works_with

COUNCILS = {key: load_council(key) for key in council_folders()}
FORUMS = [(key, forum) for key, council in COUNCILS.items() for forum in council.forums]
QUICKLY = 1.0
"""Seconds; a quarter of one is the aim on a machine that does nothing else."""


@pytest.mark.parametrize("process", get_args(Process))
@pytest.mark.parametrize(("council", "forum"), FORUMS)
def test_what_a_process_carries_is_small(council: str, forum: str, process: Process) -> None:
    packed = pack(slice_for(COUNCILS[council], forum, process))["packed"]
    assert len(base64.b85decode(packed)) <= MOST_BYTES


@pytest.mark.parametrize(("council", "forum"), FORUMS)
def test_the_forum_is_carried_with_all_that_rules_read(council: str, forum: str) -> None:
    whole, part = COUNCILS[council].forums[forum], slice_for(COUNCILS[council], forum)
    here = part.forums[forum]
    assert forum not in part.stubs
    assert [one.key for one in part.law] == [one.key for one in COUNCILS[council].law if one.at != "start_placement"]
    assert (here.schedule is None) == (whole.schedule is None)
    assert [one.sentence for one in here.requirements] == [one.sentence for one in whole.requirements]
    assert [one.when for one in here.criteria] == [one.when for one in whole.criteria]
    assert part.posts.keys() == COUNCILS[council].posts.keys()
    assert unpack(pack(part)) is part


def test_other_forums_are_carried_by_name_and_criteria() -> None:
    part = slice_for(COUNCILS["hillingdon"], "harp")
    assert part.stubs == ("high_cost_panel", "permanency_panel_14_plus", "placement_stability_meeting")
    assert part.forums["high_cost_panel"].options == ()
    assert works_with(COUNCILS["hillingdon"], "harp") == {"harp", "complex_harp"}


def test_a_sitting_carries_no_form_and_a_journey_no_meeting() -> None:
    journey, sitting = (slice_for(COUNCILS["hillingdon"], "harp", one) for one in get_args(Process))
    assert "open_sitting" not in journey.authority
    assert "sign_off" not in sitting.authority
    assert sitting.forums["harp"].documents == ()
    assert {seat.role for seat in journey.forums["harp"].seats} == {"chair", "case"}


def test_a_slice_is_one_object_and_a_forum_that_there_is_not_leaves_the_whole() -> None:
    council = COUNCILS["hillingdon"]
    assert slice_for(council, "harp") is slice_for(council, "HARP")
    assert slice_for(council, "jarp") is council
    part = slice_for(council, "harp")
    assert slice_for(part, "complex_harp") is part


def test_every_procedure_is_read_and_checked_quickly() -> None:
    law([])
    started = time.process_time()
    for folder in council_folders().values():
        read_council(folder)
    assert time.process_time() - started < QUICKLY


@pytest.mark.parametrize(
    ("council", "kind"),
    [(council, kind) for council in COUNCILS for kind in get_args(WatchKind)],
)
def test_what_a_watch_carries_is_small(council: str, kind: WatchKind) -> None:
    packed = pack(slice_for_watch(COUNCILS[council], kind))["packed"]
    assert len(base64.b85decode(packed)) <= MOST_BYTES_OF_A_WATCH


def test_a_watch_carries_its_own_rules_and_the_timetables_that_it_counts_by() -> None:
    part = slice_for_watch(COUNCILS["hackney"], "placement")
    assert part.placement is not None
    assert part.care_episode is None
    assert part.forums["kinship_panel"].schedule is not None
    assert part.forums["kinship_panel"].options == ()
    assert {one.process for one in part.law_deadlines} == {"placement"}
    assert slice_for_watch(COUNCILS["hackney"], "placement") is part
