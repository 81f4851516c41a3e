"""Records one history of each process in each stage, by playing rehearsals: `python -m tests.histories.record VERSION`.

Every release records its own folder, and the tests replay them all: code that cannot carry on a case that is under way
fails them.
"""

import asyncio
import gzip
import sys
from pathlib import Path

from models.vocabulary import JourneyAct, SittingStage, Stage
from models.watch import PREFIX
from rehearsal.play import Player
from rehearsal.stage import theatre
from rehearsal.story import read_story
from workflows.watches import KINDS, STARTING_ACTS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STORIES = ROOT / "rehearsals"
SUFFIX = ".json.gz"
PASSING = {Stage.AWAITING_LISTING}
"""Stages that a process leaves by itself within the same moment: no history ends in them."""


async def record(folder: Path, story_file: Path) -> None:
    """Play one story, and after each step keep the history of every process whose stage has none yet.

    Args:
        folder: Where histories are kept.
        story_file: A rehearsal.
    """
    story = read_story(story_file)
    async with theatre(story.rota) as stage:
        player = Player(story, story_file, stage)
        for number in range(1, len(story.step) + 1):
            player.story = story.model_copy(update={"step": story.step[number - 1 : number]})
            results = await player.play()
            if not all(result.ok for result in results):
                return
            for process_id in list(stage.processes):
                view = await stage.view(process_id)
                if view is None:
                    continue
                file = folder / f"{process_id.split('/', maxsplit=1)[0]}-{view.stage}{SUFFIX}"
                if not file.exists():
                    history = await stage.client.get_workflow_handle(process_id).fetch_history()
                    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))


async def main(version: str) -> None:
    """Record until every stage has a history.

    Args:
        version: The folder's name.
    """
    folder = HERE / version
    folder.mkdir(exist_ok=True)
    for story_file in sorted(STORIES.glob("*/*.toml"), reverse=True):
        if begun_in(story_file) & {name.partition("-")[0] for name in missing(folder)}:
            await record(folder, story_file)
        if not missing(folder):
            return
    raise SystemExit(f"No rehearsal comes to rest in: {', '.join(missing(folder))}.")


def begun_in(story_file: Path) -> set[str]:
    """What the ids of the processes of a story begin with, as far as its own acts begin them.

    Args:
        story_file: A rehearsal.
    """
    acts = {step.does for step in read_story(story_file).step}
    begun = {PREFIX[kind] for act, kind in STARTING_ACTS.items() if act in acts}
    return begun | {"journey", "sitting"} if JourneyAct.REFER in acts else begun


def missing(folder: Path) -> list[str]:
    """Stages of which a folder has no history.

    Args:
        folder: Where histories are kept.
    """
    wanted = [f"journey-{stage}" for stage in Stage if stage not in PASSING]
    wanted += [f"sitting-{stage}" for stage in SittingStage]
    wanted += [f"{PREFIX[kind]}-{stage}" for kind, rules in KINDS.items() for stage in rules.moves.stages]
    return [name for name in wanted if not (folder / f"{name}{SUFFIX}").exists()]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
