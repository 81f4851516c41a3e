"""Plays stories on the real stage, and compares what the register says with what Temporal says, process by process.

`python -m tests.register.stories rehearsals/*/*.toml` does so for any number of them.
"""

import asyncio
import sys
from pathlib import Path

import sqlalchemy as sql

from register.fold import catch_up, rebuild
from register.read_models import READ_MODELS
from register.tables import EVENT
from rehearsal.play import Player, all_went_well
from rehearsal.stage import theatre
from rehearsal.story import read_story
from runtime.comparing import compare_process


async def faults_of(path: Path) -> list[str]:
    """Play a story, catch up, and say where the register and Temporal differ.

    Args:
        path: The story's file.
    """
    story = read_story(path)
    rota = {story.panel(forum): chairs for forum, chairs in story.rota.items()}
    async with theatre(rota, story.folder) as stage:
        results = await Player(story, path, stage).play()
        faults = [] if all_went_well(results) else [f"{path} did not go as it says"]
        engine = stage.register.engine
        catch_up(engine, 5)
        for process_id in processes_in(engine):
            faults += [one.sentence for one in await compare_process(stage.client, engine, process_id)]
        before = said_by(engine)
        rebuild(engine)
        return faults if said_by(engine) == before else [*faults, f"{path}: rebuilt, the read models differ"]


def processes_in(engine: sql.Engine) -> list[str]:
    """Every process of which an event that was not refused at the door is on the log."""
    query = sql.select(EVENT.c.process_id).where(EVENT.c.sequence > 0).distinct().order_by(EVENT.c.process_id)
    with engine.connect() as connection:
        return list(connection.scalars(query))


def said_by(engine: sql.Engine) -> list[list[tuple[object, ...]]]:
    """Everything that the read models say."""
    with engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(sql.select(table).order_by(*table.primary_key))]
            for table in READ_MODELS
        ]


async def main(paths: list[str]) -> int:
    """Compare each story; the number of those that differ."""
    differ = 0
    for path in paths:
        faults = await faults_of(Path(path))
        differ += bool(faults)
        sys.stdout.write("".join(f"{path}: {fault}\n" for fault in faults))
    sys.stdout.write(f"{len(paths)} stories, {differ} differ\n")
    return differ


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])) > 0)
