"""Plays a story step by step and says of each step whether it went as the file has it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.errors import RefusalCode, Refused
from models.identifiers import journey_id, sitting_id
from models.people import Actor
from models.referral import Referral
from models.views import JourneyView, SittingView
from models.vocabulary import JourneyAct
from rehearsal.expectations import compare
from rehearsal.stage import Theatre, plain, theatre
from rehearsal.story import Expected, SittingName, Step, Story, Target, instant_of
from rules.process import refusal_of
from rules.working_days import local

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
    window: int = 0
    acted_last: bool = False

    async def play(self) -> list[StepResult]:
        """Play every step; the first that goes wrong ends the story, since what follows would mean nothing."""
        await self.stage.move_to(instant_of(self.story.starts))
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
            await self.stage.move_to(instant_of(step.at))
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
        found = refused.code if refused else "accepted"
        expected = step.refused or "accepted"
        said = f"{found}: {refused.sentence}" if refused and found != expected else found
        told = f"{step.who} {str(step.does).replace('_', ' ')}s {self._name_of(step.to)}"
        if refused:
            told += f" - refused ({refused.code}): {refused.sentence}"
        return await self._result(number, "act", expected, str(said), told, ok=found == expected)

    async def _expect(self, number: int, expected: Expected) -> StepResult:
        process_id = self._process(expected.of)
        view = await self.stage.view(process_id)
        notices = {n.post for about, n in self.stage.notices()[self.window :] if about == process_id}
        wanted, found = compare(expected, view, notices, self.story)
        told = f"{self._name_of(expected.of)}: " + ", ".join(
            f"{key} {_words(value)}" for key, value in wanted.items()
        )
        return await self._result(number, "expect", wanted, found, told, ok=wanted == found)

    async def _result(  # noqa: PLR0913 - a result has that many parts
        self,
        number: int,
        kind: str,
        expected: Any,
        found: Any,
        told: str,
        *,
        ok: bool,  # noqa: ANN401 - plain values
    ) -> StepResult:
        return StepResult(
            file=str(self.path),
            step=number,
            at=await self.stage.now(),
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
        process_id = self._process(step.to or "")
        await self._know(process_id)
        details = {key: self._in_words(key, value) for key, value in details.items()}
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
        self.stage.processes[process_id] = JourneyView

    def _form(self, name: str, details: dict[str, Any]) -> dict[str, Any]:
        """The form of a referral: a file, fields, or both. A new name is a new referral.

        A form that an earlier name already used gets the new name in its reference, unless the step gives one itself.
        """
        given = dict(details)
        path = given.pop("form", None)
        form: dict[str, Any] = self._read_form(str(path)) if path is not None else {}
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
        for folder in (self.path.parent, Path()):
            if (folder / name).is_file():
                form: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
                return form
        raise Refused(
            RefusalCode.UNKNOWN,
            f"There is no form {name} beside the rehearsal or in the current folder.",
            "Correct the path.",
        )

    def _actor(self, name: str) -> Actor:
        member = self.story.member(name)
        return Actor(staff=name, post=member.post, council=self.story.council, unit=member.unit)

    def _in_words(self, key: str, value: Any) -> Any:  # noqa: ANN401 - plain values
        """A value of `with` in which names of the story become what they stand for."""
        if key == "case" and isinstance(value, str) and value in self.named:
            return self.named[value].split("/")[-1]
        if key in ("chair", "present") and isinstance(value, list):
            return [self._in_words("chair", item) for item in value]
        if key == "chair" and isinstance(value, str) and value in self.story.cast:
            return self._actor(value).model_dump(mode="json", exclude_none=True)
        if key == "owner" and isinstance(value, str) and value in self.story.cast:
            return {"staff": value, "post": self.story.member(value).post}
        if isinstance(value, list):
            return [self._in_words("", item) for item in value]
        if isinstance(value, dict):
            return {inner: self._in_words(inner, item) for inner, item in value.items()}
        return value

    def _process(self, target: Target) -> str:
        if isinstance(target, SittingName):
            return sitting_id(self.story.council, target.forum, target.sitting)
        return self.named.get(target, journey_id(self.story.council, target))

    async def _know(self, process_id: str) -> None:
        if await self.stage.view(process_id) is not None:
            shape = SittingView if process_id.startswith("sitting/") else JourneyView
            self.stage.processes.setdefault(process_id, shape)

    def _name_of(self, target: Target | None) -> str:
        if isinstance(target, SittingName):
            return f"the {target.forum} sitting of {target.sitting}"
        return str(target)


def _put(form: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - plain values
    *way, last = path.split(".")
    part = form
    for step in way:
        part = part.setdefault(step, {})
    part[last] = value


def _words(value: Any) -> str:  # noqa: ANN401 - plain values
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


async def play_story(path: Path, story: Story) -> list[StepResult]:
    """Play one story on a stage of its own.

    Args:
        path: The file, for forms beside it and for the report.
        story: What it says.
    """
    async with theatre(story.rota) as stage:
        return await Player(story, path, stage).play()


def all_went_well(results: Iterable[StepResult]) -> bool:
    """Whether every step went as the file says.

    Args:
        results: From `play_story`.
    """
    return all(result.ok for result in results)
