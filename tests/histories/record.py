"""Records one history of each process in each stage, by playing rehearsals: `python -m tests.histories.record VERSION`.

Every release records its own folder, and the tests replay them all: code that cannot carry on a case that is under way
fails them.
"""

import asyncio
import gzip
import sys
from pathlib import Path

from rehearsal.play import Player
from rehearsal.stage import theatre
from rehearsal.story import read_story

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STORIES = ROOT / "rehearsals"


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
                file = folder / f"{process_id.split('/', maxsplit=1)[0]}-{view.stage}.json.gz"
                if not file.exists():
                    history = await stage.client.get_workflow_handle(process_id).fetch_history()
                    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))


async def main(version: str) -> None:
    """Record until every rehearsal is played.

    Args:
        version: The folder's name.
    """
    folder = HERE / version
    folder.mkdir(exist_ok=True)
    for story_file in sorted(STORIES.glob("*/*.toml")):
        await record(folder, story_file)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
