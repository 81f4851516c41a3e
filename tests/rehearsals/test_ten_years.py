"""Ten years of one child in one rehearsal: forty placements and two hundred reviews under two councils."""

import statistics
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from temporalio.client import Client

from rehearsal.play import Player
from rehearsal.stage import theatre
from rehearsal.story import Story, read_story

YEARS, PLACEMENTS, REVIEWS = 10, 40, 200
STARTS = datetime(2031, 1, 6, 9)  # noqa: DTZ001 - wall time, as stories have it
EACH = timedelta(days=YEARS * 365 // PLACEMENTS)
BETWEEN_REVIEWS = timedelta(days=YEARS * 365 // REVIEWS)
MOST_EVENTS = 2_000
AS_FAST = 2.0
"""How much slower the last fifty acts may be than the first fifty, on a machine that does other things too."""

HEAD = """
title = "A child in care for ten years, forty placements, two hundred reviews, two councils"
council = "hillingdon"
starts = 2031-01-06T09:00:00

[cast]
amira = "social_worker"
tom = "team_manager"
noor = { post = "social_worker", council = "harrow" }
"""


def step(at: datetime, who: str, does: str, to: str, said: str) -> str:
    return f'\n[[step]]\nat = {at.isoformat()}\nwho = "{who}"\ndoes = "{does}"\nto = "{to}"\nwith = {{ {said} }}\n'


def placement_of(number: int) -> tuple[str, str]:
    """Which worker places, and the name of the placement: the child moves to another council after five years."""
    return ("amira" if number < PLACEMENTS // 2 else "noor"), f"P{number}"


def events() -> Iterator[tuple[datetime, str]]:
    child = '{ reference = "C-TEN", date_of_birth = 2029-02-28 }'
    for number, who in enumerate(("amira", "noor")):
        at = STARTS + number * YEARS * timedelta(days=365) / 2
        said = f'child = {child}, team = "children in need", looked_after_since = {at.date()}'
        yield at, step(at, who, "open_episode", f"E{number}", said)
    for number in range(PLACEMENTS):
        who, name = placement_of(number)
        at = STARTS + number * EACH + timedelta(hours=1)
        ends = at + EACH - timedelta(days=2)
        contract = (
            f"{{ starts = {at.date()}, ends = {(ends + timedelta(days=100)).date()}, signed = true, sla = true }}"
        )
        said = (
            f'placement_ref = "{name}", child = {child}, type = "U6", started_at = {at.isoformat()},'
            f' provider = {{ reference = "H-{number}", in_house = true }}, contract = {contract}'
        )
        yield at, step(at, who, "start_placement", name, said)
        yield ends, step(ends, who, "end_placement", name, f'ended_at = {ends.isoformat()}, reasons = "moved on"')
    for number in range(REVIEWS):
        at = STARTS + number * BETWEEN_REVIEWS + timedelta(hours=5, minutes=number % 50)
        late = at >= STARTS + YEARS * timedelta(days=365) / 2
        who, episode = ("noor", "E1") if late else ("amira", "E0")
        said = f'kind = "looked_after_review", held_on = {at.date()}'
        yield at, step(at, who, "record_review_date", episode, said)


def whole_story(folder: Path) -> tuple[Path, Story]:
    steps = [text for _, text in sorted(events(), key=lambda event: event[0])]
    file = folder / "ten_years.toml"
    file.write_text(HEAD + "".join(steps), encoding="utf-8")
    return file, read_story(file)


async def most_events_a_run(client: Client, process_id: str) -> int:
    handle = client.get_workflow_handle(process_id)
    history = await handle.fetch_history()
    return len(history.events)


async def test_ten_years_of_a_child_stay_small_and_answer_fast(tmp_path: Path) -> None:
    file, story = whole_story(tmp_path)
    took: list[float] = []
    async with theatre({}) as stage:
        player = Player(story, file, stage)
        for number in range(len(story.step)):
            player.story = story.model_copy(update={"step": story.step[number : number + 1]})
            began = time.perf_counter()
            results = await player.play()
            took.append(time.perf_counter() - began)
            assert [result.found for result in results if not result.ok] == []
        assert len(took) == 2 + 2 * PLACEMENTS + REVIEWS
        sizes = {process: await most_events_a_run(stage.client, process) for process in stage.processes}
        assert len(sizes) == PLACEMENTS + 2
        assert max(sizes.values()) < MOST_EVENTS, sizes
        assert (await stage.now()).date() > date(2040, 12, 1)
    assert statistics.median(took[-50:]) < AS_FAST * statistics.median(took[2:52]) + 1.0
