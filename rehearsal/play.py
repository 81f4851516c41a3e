"""Plays a story step by step and says of each step whether it went as the file has it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from models.deadlines import WatchKind
from models.errors import RefusalCode, Refused
from models.identifiers import journey_id, sitting_id
from models.people import Actor
from models.referral import FormPart, Referral
from models.vocabulary import JourneyAct
from rehearsal.exercised import Trace, exercised
from rehearsal.expectations import compare
from rehearsal.stage import Theatre, plain, theatre
from rehearsal.story import Expected, SittingName, Step, Story, Target, find_form, instant_of
from rules.process import refusal_of
from rules.working_days import local
from runtime.gateway import view_shape
from runtime.people import with_people
from workflows.watches import STARTING_ACTS

CASE_KEYS = ("case", "cases", "order", "authorised_by", "journey", "referral", "referral_ref", "next_placement")
"""Where an act names cases: by the story's names, which become their references."""
REFERENCE_KEYS = ("referral_ref", "referral_reference", "reference")


@dataclass(frozen=True)
class StepResult:
    """How one step went. `expected` and `found` are plain values."""

    file: str
    step: int
    at: datetime
    kind: str
    ok: bool
    expected: Any
    found: Any
    told: str

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "file": self.file,
            "step": self.step,
            "at": local(self.at).isoformat(timespec="seconds"),
            "kind": self.kind,
            "ok": self.ok,
            "expected": self.expected,
            "found": self.found,
        }


@dataclass
class Player:
    """Plays one story on a stage."""

    story: Story
    path: Path
    stage: Theatre
    named: dict[str, str] = field(default_factory=dict)
    at: datetime = field(init=False)
    window: int = 0
    acted_last: bool = False
    trace: Trace = field(default_factory=Trace)

    async def play(self) -> list[StepResult]:
        """Play every step; the first that goes wrong ends the story, since what follows would mean nothing."""
        self.at = instant_of(self.story.starts)
        await self.stage.move_to(self.at)
        results: list[StepResult] = []
        for number, step in enumerate(self.story.step, start=1):
            for result in await self._step(number, step):
                results.append(result)
                if not result.ok:
                    return results
        return results

    async def _step(self, number: int, step: Step) -> list[StepResult]:
        before = len(self.stage.notices())
        moved = step.at is not None and instant_of(step.at) > await self.stage.now()
        if step.does is not None or (moved and not self.acted_last):
            self.window = before
        if step.at is not None:
            self.at = instant_of(step.at)
            await self.stage.move_to(self.at)
        results = []
        if step.does is not None:
            results.append(await self._act(number, step))
            await self.stage.settle()
        if step.expect is not None and all(result.ok for result in results):
            results.append(await self._expect(number, step.expect))
        self.acted_last = step.does is not None
        return results

    async def _act(self, number: int, step: Step) -> StepResult:
        refused: Refused | None = None
        try:
            await self._do(step)
        except Refused as error:
            refused = error
        self.trace.act(str(step.does), refused.rule if refused else None)
        found = refused.code if refused else "accepted"
        expected = step.refused or "accepted"
        said = f"{found}: {refused.sentence}" if refused and found != expected else found
        told = f"{step.who}: {self._deed(step)}"
        if refused:
            told += f" - refused ({refused.code}): {refused.sentence} {refused.remedy}".rstrip()
        return self._result(number, "act", expected, str(said), told, ok=found == expected)

    def _deed(self, step: Step) -> str:
        """What somebody does, as the timeline has it: `sign off J1`, `hear J1 at the harp sitting of 2031-03-11`."""
        deed = str(step.does).replace("_", " ")
        if not isinstance(step.to, SittingName):
            return f"{deed} {step.to}"
        said = [str(step.details[key]).replace("_", " ") for key in ("case", "decision") if key in step.details]
        return f"{deed}{' ' if said else ''}{': '.join(said)} at {self._name_of(step.to)}"

    async def _expect(self, number: int, expected: Expected) -> StepResult:
        process_id = self._process(expected.of)
        view = await self.stage.view(process_id)
        self.trace.view(view)
        notices = {n.post for about, n in self.stage.notices()[self.window :] if about == process_id}
        wanted, found = compare(expected, view, notices, self.story)
        told = f"{self._name_of(expected.of)}: " + ", ".join(
            f"{key.replace('_', ' ')} {in_words(value)}" for key, value in wanted.items()
        )
        return self._result(number, "expect", wanted, found, told, ok=wanted == found)

    def _result(  # noqa: PLR0913 - a result has that many parts
        self,
        number: int,
        kind: str,
        expected: Any,  # noqa: ANN401 - plain values
        found: Any,  # noqa: ANN401 - plain values
        told: str,
        *,
        ok: bool,
    ) -> StepResult:
        return StepResult(
            file=str(self.path),
            step=number,
            at=self.at,
            kind=kind,
            ok=ok,
            expected=expected,
            found=found,
            told=told,
        )

    async def _do(self, step: Step) -> None:
        actor = self._actor(str(step.who))
        details = plain(step.details)
        if step.does == JourneyAct.REFER:
            await self._refer(str(step.to), actor, details)
            return
        if step.does in STARTING_ACTS and isinstance(step.to, str):
            await self._start(step.to, STARTING_ACTS[step.does], actor, details)
            return
        process_id = self._process(step.to or "")
        await self._know(process_id)
        details = self._in_words(details)
        if step.does == JourneyAct.ESCALATE:
            await self.stage.gateway.escalate(process_id, actor, details)
        else:
            await self.stage.gateway.act(process_id, str(step.does), actor, details)

    async def _refer(self, name: str, actor: Actor, details: dict[str, Any]) -> None:
        form = self._form(name, details)
        try:
            referral = Referral.model_validate(form)
        except ValidationError as error:
            raise refusal_of(error) from None
        process_id, _ = await self.stage.gateway.refer(referral, actor, await self.stage.now())
        self.named[name] = process_id
        self.stage.processes[process_id] = view_shape(process_id)

    async def _start(self, name: str, kind: WatchKind, actor: Actor, details: dict[str, Any]) -> None:
        """Start what is watched over, or act on the one of this name that was started before.

        As for a referral, `form` may name a file, with fields beside it that go before the file's own.
        """
        given = dict(details)
        path = given.pop("form", None)
        if isinstance(path, str):
            details = self._read_form(path)
            for key, value in given.items():
                _put(details, key, value)
        begun = await self.stage.gateway.start(kind, self._in_words(details), actor, await self.stage.now(), name)
        self.named[name] = begun[0]
        self.stage.processes[begun[0]] = view_shape(begun[0])

    def _form(self, name: str, details: dict[str, Any]) -> dict[str, Any]:
        """The form of a referral: a file, fields, or both. A new name is a new referral.

        A form of another council leaves that council's criteria behind: they are rules of its own panels. A form that
        an earlier name already used gets the new name in its reference, unless the step gives one itself.
        """
        given = dict(details)
        path = given.pop("form", None)
        form: dict[str, Any] = self._read_form(str(path)) if path is not None else {}
        if form.get("council", self.story.council) != self.story.council:
            form.pop("criteria", None)
        for key, value in {"council": self.story.council, **given}.items():
            _put(form, key, value)
        own = next((key for key in REFERENCE_KEYS if key in given), None)
        if own is not None:
            form = {key: value for key, value in form.items() if key not in REFERENCE_KEYS}
            form["referral_ref"] = given[own]
        else:
            used = {journey: process for journey, process in self.named.items() if journey != name}
            if journey_id(self.story.council, str(form.get("referral_ref"))) in used.values():
                form["referral_ref"] = f"{form['referral_ref']}-{name}"
            elif name in self.named:
                form["referral_ref"] = self.named[name].split("/")[-1]
        return form

    def _read_form(self, name: str) -> dict[str, Any]:
        found = find_form(self.path, name)
        if found is None:
            raise Refused(
                RefusalCode.UNKNOWN,
                f"There is no form {name} beside the rehearsal or in the current folder.",
                "Correct the path.",
            )
        form: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        return form

    def _actor(self, name: str) -> Actor:
        member = self.story.member(name)
        council = member.council or self.story.council
        return Actor(staff=name, post=member.post, council=council, unit=member.unit)

    def _in_words(self, details: dict[str, Any]) -> dict[str, Any]:
        """What an act says, in which names of the story have become what they stand for."""
        for key in CASE_KEYS:
            if key in details:
                details = {**details, key: self._case(details[key])}
        return with_people(details, lambda name: self._actor(name) if name in self.story.cast else None)

    def _case(self, said: Any) -> Any:  # noqa: ANN401 - a name of the story, or a list of them
        if isinstance(said, list):
            return [self._case(one) for one in said]
        return self.named[said].split("/")[-1] if isinstance(said, str) and said in self.named else said

    def _process(self, target: Target) -> str:
        if isinstance(target, SittingName):
            return sitting_id(self.story.council, self.story.panel(target.forum), target.sitting)
        if "/" in target:
            return target
        return self.named.get(target, journey_id(self.story.council, target))

    async def _know(self, process_id: str) -> None:
        if await self.stage.view(process_id) is not None:
            self.stage.processes.setdefault(process_id, view_shape(process_id))

    def _name_of(self, target: Target | None) -> str:
        if isinstance(target, SittingName):
            return f"the {target.forum} sitting of {target.sitting}"
        return str(target)


def _put(form: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - plain values
    *way, last = path.split(".")
    part = form
    for step in way:
        part = part.setdefault(step, {})
    if isinstance(value, dict) and isinstance(part.get(last), dict) and not _is_whole(path, value):
        # TOML reads `child.in_custody = true` as a table: it reaches inside, like the quoted key.
        part[last] = {**part[last], **value}
    else:
        part[last] = value


def _is_whole(path: str, value: dict[str, Any]) -> bool:
    """Whether a table is a part of the form by itself, and so replaces the form's own."""
    field = Referral.model_fields.get(path)
    kinds = [field.annotation, *get_args(field.annotation)] if field is not None else []
    shape = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, FormPart)), None)
    if shape is None:
        return True
    try:
        shape.model_validate(value)
    except ValidationError:
        return False
    return shape.always <= value.keys()


def in_words(value: Any) -> str:  # noqa: ANN401 - plain values
    """A plain value as the timeline has it.

    Args:
        value: From a step's result.
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case list():
            return ", ".join(in_words(item) for item in value) or "none"
        case dict():
            return ", ".join(f"{key} {in_words(item)}" for key, item in value.items())
        case _:
            return str(value).replace("_", " ")


async def play_story(path: Path, story: Story) -> list[StepResult]:
    """Play one story on a stage of its own.

    Args:
        path: The file, for forms beside it and for the report.
        story: What it says.
    """
    results, _ = await play_and_trace(path, story)
    return results


async def play_and_trace(path: Path, story: Story) -> tuple[list[StepResult], set[str]]:
    """Play one story, and say which rules it exercised.

    Args:
        path: The file, for forms beside it and for the report.
        story: What it says.
    """
    rota = {story.panel(forum): chairs for forum, chairs in story.rota.items()}
    async with theatre(rota, story.folder) as stage:
        player = Player(story, path, stage)
        results = await player.play()
        return results, await exercised(stage, story, player.trace)


def all_went_well(results: Iterable[StepResult]) -> bool:
    """Whether every step went as the file says.

    Args:
        results: From `play_story`.
    """
    return all(result.ok for result in results)
