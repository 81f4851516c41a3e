"""`rehearse`: plays stories through the real workflows, and prints a timeline that a panel adviser can follow."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from console.errors import BadInput, ExitStatus, command
from console.options import AsJson
from console.rendering import clock_time, console, print_json_line
from console.session import quiet_logs
from procedures.loader import HERE
from rehearsal.play import StepResult, all_went_well, in_words, play_story
from rehearsal.stage import NeverSettled
from rehearsal.story import MalformedStory, Story, read_story
from rules.working_days import local
from runtime.gateway import NoAnswer

AT_ONCE = 2
"""Stories played side by side: each has a server and a worker of its own."""
INDENT = " " * 9

Played = list[StepResult] | NeverSettled | NoAnswer


@command
async def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rehearsal files, or folders of them")],
    *,
    folder: Annotated[Path, typer.Option(metavar="PATH", help="Where the councils' folders lie")] = HERE,
    as_json: AsJson = False,
) -> None:
    """Play rehearsals: dated acts and expectations, years in seconds, through the real workflows.

    Exit status 0 when every step went as its file says, 1 when one did not, 2 when a file is malformed.

    Examples:
      starter.py rehearse rehearsals/demo/a_whole_journey.toml
      starter.py rehearse rehearsals/hillingdon          every file of a folder
      starter.py rehearse --json my_trial.toml           one JSON object a step
      starter.py rehearse --folder ~/our-procedures my_trial.toml
    """
    quiet_logs()
    stories = read_all(files, folder)
    out = console()
    well = True
    async for path, story, results in play_all(stories):
        well = well and not isinstance(results, NeverSettled | NoAnswer) and all_went_well(results)
        if as_json:
            _print_steps(path, results)
        else:
            narrate(out, path, story, results)
    if len(stories) > 1 and not as_json:
        out.print(f"{len(stories)} rehearsals: {'all went as written' if well else 'NOT all went as written'}.")
    raise typer.Exit(ExitStatus.DONE if well else ExitStatus.NOT_AS_EXPECTED)


def read_all(files: Sequence[Path], folder: Path = HERE) -> list[tuple[Path, Story]]:
    """Read every story before the first is played, so that a malformed one stops nothing half done.

    Args:
        files: Files, and folders whose TOML files are meant.
        folder: Where the councils' folders lie.

    Raises:
        MalformedStory: Every fault of every file.
        BadInput: A folder holds no story.
    """
    paths: list[Path] = []
    for file in files:
        found = sorted(file.rglob("*.toml")) if file.is_dir() else [file]
        if not found:
            raise BadInput(f"The folder {file} holds no .toml file: name the rehearsals or the folder that holds them.")
        paths += found
    stories, faults = [], []
    for path in dict.fromkeys(paths):
        try:
            stories.append((path, read_story(path, folder)))
        except MalformedStory as malformed:
            faults += malformed.faults
    if faults:
        raise MalformedStory(faults)
    return stories


async def play_all(stories: Sequence[tuple[Path, Story]]) -> AsyncIterator[tuple[Path, Story, Played]]:
    """Play stories side by side, and give them in their order.

    Args:
        stories: Files and what they say.
    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def play(path: Path, story: Story) -> Played:
        async with turns:
            try:
                return await play_story(path, story)
            except (NeverSettled, NoAnswer) as stuck:
                return stuck

    tasks = [asyncio.create_task(play(path, story)) for path, story in stories]
    try:
        for (path, story), task in zip(stories, tasks, strict=True):
            yield path, story, await task
    finally:
        for task in tasks:
            task.cancel()
        # Each clears its stage away before the loop ends.
        await asyncio.gather(*tasks, return_exceptions=True)


def _print_steps(path: Path, results: Played) -> None:
    if isinstance(results, NeverSettled | NoAnswer):
        typer.echo(_stuck(path, results), err=True)
        return
    for result in results:
        print_json_line(result.as_json())


def narrate(out: Console, path: Path, story: Story, results: Played) -> None:
    """Print a played story: its title, a heading a day, a line a step, and where it went wrong.

    Args:
        out: Where to print.
        path: Its file.
        story: What it says.
        results: How each step went.
    """
    out.print(Text(story.title, style="bold"))
    out.print(Text(f"{path}{'  proves ' + ', '.join(story.rules) if story.rules else ''}", style="dim"), soft_wrap=True)
    if isinstance(results, NeverSettled | NoAnswer):
        out.print(Text(_stuck(path, results), style="bold red"))
        return
    shown = None
    for result in results:
        on = local(result.at).date()
        if on != shown:
            out.print(Text(f"\n{on:%A} {on.day} {on:%B %Y}", style="bold cyan"))
            shown = on
        _print_step(out, result)
    well = all_went_well(results)
    ending = "Went as written." if well else f"Did not go as written: stopped at step {results[-1].step}."
    out.print(Text(f"\n{ending}\n", style="bold green" if well else "bold red"))


def _print_step(out: Console, result: StepResult) -> None:
    mark = Text("   ok  " if result.ok else " FAIL  ", style="green" if result.ok else "bold red")
    line = Text(f"{clock_time(result.at)}  " if result.kind == "act" else " " * 7)
    told = Text(result.told, style="" if result.kind == "act" else "dim" if result.ok else "red")
    out.print(Text.assemble(mark, line, told), soft_wrap=True)
    if result.ok:
        return
    for name, value in (("expected", result.expected), ("found", result.found)):
        out.print(Text(f"{INDENT}     {name}: {_difference(value, result)}", style="red"), soft_wrap=True)


def _difference(value: object, result: StepResult) -> str:
    if not isinstance(value, dict) or not isinstance(result.expected, dict) or not isinstance(result.found, dict):
        return in_words(value)
    wrong = [key for key in result.expected if result.expected[key] != result.found.get(key)]
    return ", ".join(f"{key} {in_words(value.get(key))}" for key in wrong)


def _stuck(path: Path, stuck: NeverSettled | NoAnswer) -> str:
    return f"{path}: a process got stuck ({str(stuck).rstrip('.')}): look for a workflow whose code fails."
