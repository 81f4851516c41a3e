"""What the read models say of some cases, and that they say it however the log is cut into pieces."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.register import Register
from models.views import SittingView
from register.database import writing
from register.fold import catch_up, fold_next, folded_until, rebuild, refold_processes
from register.log import erase, note_event
from register.read_models import (
    AGENDA_LINE,
    FOLDED,
    JOURNEY,
    PLACEMENT,
    PROCESS,
    READ_MODELS,
    SITTING,
)
from register.tables import EVENT
from rules.standing import WHOLE, standing_of
from tests.builders import PAST_NOON, THIRD_PANEL, THURSDAY
from tests.conftest import opened
from tests.register.cases import PLACEMENT as PLACED
from tests.register.cases import R_1, R_2, R_3, some_cases, write
from tests.register.cases import SITTING as MEETING

Rows = dict[str, list[dict[str, Any]]]


def rows_of(engine: sql.Engine) -> Rows:
    """Everything that the read models say."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(sql.select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in READ_MODELS
        }


def only(engine: sql.Engine, table: sql.Table, process_id: str) -> dict[str, Any]:
    """The one row of a process in a read model."""
    query = sql.select(table).where(table.c.process_id == process_id)
    with engine.connect() as connection:
        return dict(connection.execute(query).mappings().one())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sql.Engine]:
    """A register with the log of some cases, folded once."""
    with opened(f"sqlite:///{tmp_path_factory.mktemp('fold')}/register.db") as engine:
        write(engine, some_cases().batches)
        catch_up(engine)
        yield engine


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_however_the_log_is_cut_the_read_models_are_the_same(written: sql.Engine, cuts: list[int]) -> None:
    whole = rows_of(written)
    with writing(written) as connection:
        for table in (*reversed(READ_MODELS), FOLDED):
            connection.execute(sql.delete(table))
    for limit in cuts:
        fold_next(written, limit)
    catch_up(written)
    assert rows_of(written) == whole


def test_folding_everything_anew_changes_nothing(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    folded = catch_up(engine, 7)
    before = rows_of(engine)
    assert rebuild(engine) == folded == sum(len(entries) for entries, _ in some_cases().batches) + 2
    assert rows_of(engine) == before
    assert catch_up(engine) == 0


def test_two_that_catch_up_at_once_fold_each_event_once(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    with ThreadPoolExecutor(3) as threads:
        folded = sum(threads.map(lambda _: catch_up(engine, 3), range(3)))
    with engine.connect() as connection:
        assert folded == connection.scalar(sql.select(sql.func.count()).select_from(EVENT))
    together = rows_of(engine)
    rebuild(engine)
    assert together == rows_of(engine)


def test_every_process_stands_as_its_view_says(written: sql.Engine) -> None:
    views = some_cases().views
    for process_id, view in views.items():
        row = only(written, PROCESS, process_id)
        assert row["standing"] == standing_of(view)
        assert (row["waiting_on"], row["overdue"], row["open"]) == (view.waiting_on, view.overdue, view.open)
        assert (row["next_deadline"], row["stage_since"]) == (view.next_deadline, view.stage_since)
        assert row["sequence"] >= view.recent[-1].sequence
    assert {row["process_id"] for row in rows_of(written)["process"]} == set(views)


def test_a_journey_counts_what_happened_to_it(written: sql.Engine) -> None:
    journey = only(written, JOURNEY, R_1)
    assert (journey["returned"], journey["deferred"], journey["carried_over"]) == (1, 1, 0)
    assert (journey["referred_by"], journey["referred_at"]) == ("amira", THURSDAY)
    assert (journey["request_kind"], journey["late"], journey["emergency"]) == ("accommodation", False, False)
    assert only(written, JOURNEY, R_2)["returned"] == 0


def test_the_unit_is_the_one_of_the_form_as_it_stands_in_small_letters(written: sql.Engine) -> None:
    rows = rows_of(written)
    assert {row["unit"] for row in rows["action"]} == {"children in need"}
    assert {row["unit"] for row in rows["clock"] if row["process_id"] == R_3} == {"children in need"}
    assert only(written, PROCESS, R_1)["team"] == "Team 3"


def test_money_is_in_pence_and_says_what_was_decided_of_it(written: sql.Engine) -> None:
    costs = {(row["process_id"], row["kind"]): row for row in rows_of(written)["cost"]}
    assert costs[R_1, "proposed"]["weekly_pence"] == 50_050
    assert costs[R_1, "proposed"]["decided"] == "approved"
    assert costs[R_2, "proposed"]["weekly_pence"] == 48_000
    assert costs[R_2, "proposed"]["decided"] is None
    assert costs[PLACED, "contract"]["weekly_pence"] == 320_000


def test_decisions_and_their_actions_are_lines_of_their_own(written: sql.Engine) -> None:
    rows = rows_of(written)
    decisions = [row for row in rows["decision"] if row["process_id"] == R_1]
    assert [(row["number"], row["outcome"]) for row in decisions] == [(1, "deferred"), (2, "approved")]
    assert decisions[1]["sitting"] == THIRD_PANEL
    states = {row["reference"]: (row["state"], row["ended_at"] is None) for row in rows["action"]}
    assert states == {"A1": ("completed", False), "A2": ("open", True)}


def test_a_meeting_has_an_agenda_and_a_revision_that_calendars_count_by(written: sql.Engine) -> None:
    view = some_cases().views[MEETING]
    assert isinstance(view, SittingView)
    meeting = only(written, SITTING, MEETING)
    assert (meeting["stage"], meeting["starts"], meeting["chair"]) == (view.stage, view.starts, view.chair)
    assert meeting["revision"] >= 3, "planned, closed for submissions, in session, closed"
    assert only(written, AGENDA_LINE, MEETING)["outcome"] == "deferred"


def test_clocks_are_kept_with_when_they_broke_and_when_they_ended(written: sql.Engine) -> None:
    clocks = {(row["process_id"], row["name"], row["started"]): row for row in rows_of(written)["clock"]}
    broken = [row for row in clocks.values() if row["breached_at"] is not None]
    assert broken
    assert all(row["breached_at"] >= row["due"] for row in broken)
    done = [row for row in clocks.values() if row["state"] in ("met", "stopped")]
    assert all(row["ended_at"] is not None for row in done)
    cut_offs = [row for row in clocks.values() if (row["process_id"], row["name"]) == (R_3, "cut_off")]
    assert [row["state"] for row in cut_offs][:-1] == ["stopped"] * (len(cut_offs) - 1), "each ran in turn"


def test_a_placement_has_its_contract_and_its_child(written: sql.Engine) -> None:
    placement = only(written, PLACEMENT, PLACED)
    assert (placement["provider"], placement["contract_ends_on"]) == ("HOME-7", date(2031, 7, 1))
    assert (placement["weekly_pence"], placement["legal_status"]) == (320_000, "c2")


def test_a_child_adds_up_what_its_processes_say(written: sql.Engine) -> None:
    children = {(row["council"], row["child_ref"]): row for row in rows_of(written)["child"]}
    first = children["hillingdon", "C-1"]
    assert (first["date_of_birth"], first["open_processes"], first["looked_after"]) == (date(2019, 5, 14), 1, False)
    assert children["hillingdon", "C-3"]["looked_after"]
    assert children["central_bedfordshire", "C-1"]["date_of_birth"] == date(2019, 5, 14)


def test_what_was_erased_is_gone_from_the_read_models_and_all_else_stays(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    catch_up(engine)
    before = rows_of(engine)
    _erase(engine, R_3)
    refold_processes(engine, [R_3])
    after = rows_of(engine)
    assert only(engine, PROCESS, R_3)["standing"] == {}
    assert not only(engine, PROCESS, R_3)["open"]
    assert only(engine, JOURNEY, R_3)["request_kind"] == ""
    assert ("hillingdon", "C-3") not in {(row["council"], row["child_ref"]) for row in after["child"]}
    for table in ("process", "journey", "cost", "clock"):
        others = [row for row in before[table] if row["process_id"] != R_3]
        assert [row for row in after[table] if row["process_id"] != R_3] == others
    rebuild(engine)
    assert rows_of(engine) == after


def _erase(engine: sql.Engine, process_id: str) -> None:
    by = note_event(
        engine, process_id="child/hillingdon/C-3", what="erased", staff="dpo", post="records_manager", at=PAST_NOON
    )
    with writing(engine) as connection:
        query = sql.select(EVENT.c.position).where(EVENT.c.process_id == process_id)
        erase(connection, list(connection.scalars(query)), by, PAST_NOON)
    catch_up(engine)


def test_what_somebody_reckoned_before_an_erasure_is_not_written_after_it(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    catch_up(engine)
    with engine.connect() as connection:
        before = folded_until(connection)
    refold_processes(engine, [R_1])
    with engine.connect() as connection:
        after = folded_until(connection)
    assert (after.position, after.generation) == (before.position, before.generation + 1)


def test_a_part_of_a_meeting_that_was_erased_leaves_what_is_left(engine: sql.Engine) -> None:
    write(engine, some_cases().batches)
    catch_up(engine)
    _erase(engine, MEETING)
    refold_processes(engine, [MEETING])
    assert only(engine, PROCESS, MEETING)["stage"] == "unknown"
    assert MEETING not in {row["process_id"] for row in rows_of(engine)["sitting"]}


def test_a_log_of_before_there_were_standings_gives_what_its_events_say(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        write(engine, some_cases().batches, standings=False)
        catch_up(engine)
        journey, process = only(engine, JOURNEY, R_1), only(engine, PROCESS, R_1)
        assert (journey["returned"], journey["deferred"], journey["request_kind"]) == (1, 1, "accommodation")
        assert (process["stage"], process["unit"], process["open"]) == ("unknown", "children in need", True)
        assert not only(engine, PROCESS, R_2)["open"]
        assert rows_of(engine)["decision"] == []


def test_a_process_that_sends_the_whole_again_is_as_it_says_then(engine: sql.Engine) -> None:
    batches = some_cases().batches
    write(engine, batches)
    catch_up(engine)
    standing = {**some_cases().kept[R_3]}
    del standing["clocks"], standing["next_deadline"]
    again = [one for entries, _ in batches for one in entries if one.process_id == R_3][-1]
    write(engine, [([again.model_copy(update={"sequence": again.sequence + 1})], standing)])
    catch_up(engine)
    assert only(engine, PROCESS, R_3)["standing"] == standing
    assert only(engine, PROCESS, R_3)["next_deadline"] is None
    assert not [row for row in rows_of(engine)["clock"] if row["process_id"] == R_3 and row["ended_at"] is None]


@pytest.mark.parametrize("limit", [1, 5, 200])
def test_an_act_that_was_done_again_counts_once_and_at_its_last_time(engine: sql.Engine, limit: int) -> None:
    register, batches = Register(engine), some_cases().batches
    returned = next(number for number, (said, _) in enumerate(batches) if said[-1].what == "return_for_changes")
    for said, patch in batches[: returned + 1]:
        register.write(said, patch)
    catch_up(engine, limit)
    said, patch = batches[returned]
    later = THURSDAY + timedelta(seconds=30)
    register.write([one.model_copy(update={"at": later, "staff": "tessa"}) for one in said], patch)
    for said, patch in batches[returned + 1 :]:
        register.write(said, patch)
    catch_up(engine, limit)
    assert only(engine, JOURNEY, R_1)["returned"] == 1
    assert only(engine, PROCESS, R_1)["standing"] == standing_of(some_cases().views[R_1])
    step_by_step = rows_of(engine)
    rebuild(engine)
    assert rows_of(engine) == step_by_step


def test_a_referral_that_was_done_again_is_of_whoever_did_it_then(engine: sql.Engine) -> None:
    register, (said, patch) = Register(engine), some_cases().batches[0]
    register.write(said, patch)
    catch_up(engine)
    later = THURSDAY + timedelta(seconds=30)
    register.write([one.model_copy(update={"at": later, "staff": "anna"}) for one in said], patch)
    catch_up(engine)
    journey = only(engine, JOURNEY, R_1)
    assert (journey["referred_by"], journey["referred_at"]) == ("anna", later)
    assert only(engine, PROCESS, R_1)["opened_at"] == later


def test_a_name_that_no_column_takes_holds_up_nothing(engine: sql.Engine) -> None:
    said, patch = some_cases().batches[0]
    form = {**said[0].details, "team": {"name": "Te\0am", "unit": "\u00df" * 80}}
    write(engine, [([said[0].model_copy(update={"details": form}), *said[1:]], patch)])
    assert catch_up(engine) == 1
    row = only(engine, PROCESS, R_1)
    assert (row["team"], row["unit"]) == ("Team", "s" * 80)


def test_an_event_that_nobody_can_make_sense_of_holds_up_no_other_process(tmp_path: Path) -> None:
    batches = some_cases().batches
    said, _ = batches[0]
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        write(
            engine, [(said, {WHOLE: R_1, "clocks": {"cut_off": {"started": "in spring", "due": "soon"}}}), batches[1]]
        )
        write(engine, [one for one in batches if one[0][0].process_id != R_1])
        catch_up(engine)
        found = {row["process_id"] for row in rows_of(engine)["process"]}
        assert {R_2, R_3, MEETING} <= found
