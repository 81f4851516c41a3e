"""The shape of a rehearsal file, and its faults in words: file, key and remedy."""

import json
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from models.errors import Refused
from models.procedure import Council
from models.vocabulary import JourneyAct, SittingAct
from procedures.loader import HERE, council_folders, load_council
from rules.forums import forum_named
from rules.posts import post_named
from rules.schedule import panel_key
from rules.working_days import LONDON
from workflows.watches import KINDS, STARTING_ACTS

ClockWord = Literal["running", "warned", "breached", "met", "stopped"]
WATCH_ACTS = frozenset(act for kind in KINDS.values() for act in kind.rules)
SITTING_ONLY = frozenset(SittingAct) - frozenset(JourneyAct)


class MalformedStory(Exception):  # noqa: N818 - it names what the file is
    """A rehearsal file that cannot be played; one sentence a fault, with file, key and remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class StoryPart(BaseModel):
    """A part of a story: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class CastMember(StoryPart):
    """One person: a post of the council's procedure, and the unit that they answer for.

    `council`: where they work, in a story of more than one; the story's own else.
    """

    post: str
    unit: str | None = None
    council: str | None = None


class SittingName(StoryPart):
    """A sitting, by forum and local date."""

    forum: str
    sitting: date


Target = str | SittingName
Moment = AwareDatetime | NaiveDatetime


class ClockExpected(StoryPart):
    """What a clock must be; either part may be left out."""

    due: Moment | None = None
    state: ClockWord | None = None


class Expected(StoryPart):
    """What must hold of a process at that moment; all keys but `of` may be left out."""

    of: Target
    stage: str | None = None
    outcome: str | None = None
    forum: str | None = None
    priority: str | int | None = None
    waiting_on: str | None = None
    sitting: date | None = None
    slot: Any = None
    reserve: int | None = None
    overdue: bool | None = None
    escalated: bool | None = None
    open: bool | None = None
    score: int | None = None
    clocks: dict[str, ClockExpected] = {}
    next_acts: list[str] = []
    not_next_acts: list[str] = []
    criteria: list[str] | None = None
    documents_missing: list[str] | None = None
    actions_open: int | None = None
    notified: list[str] = []
    not_notified: list[str] = []
    proposed: list[str] | None = None
    flags: list[str] = []
    not_flags: list[str] = []
    prompts: list[str] = []
    not_prompts: list[str] = []
    authorised: dict[str, str] = {}
    holds: list[str] | None = None
    venue: str | None = None


class Step(StoryPart):
    """One dated act, or one expectation, or both: the act first."""

    at: Moment | None = None
    who: str | None = None
    does: str | None = None
    to: Target | None = None
    details: dict[str, Any] = Field(default={}, alias="with")
    refused: str | None = None
    expect: Expected | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """An act needs who, does and to; a step without an act needs an expectation."""
        if self.does is not None and (self.who is None or self.to is None):
            msg = "an act needs `who`, `does` and `to`"
            raise ValueError(msg)
        if self.does is None and (self.expect is None or self.who or self.refused or self.details):
            msg = "a step either acts (`who`, `does`, `to`) or expects (`expect`)"
            raise ValueError(msg)
        return self


class Story(StoryPart):
    """One rehearsal. Times without an offset are Europe/London wall time."""

    title: str
    council: str
    rules: list[str] = []
    starts: Moment
    cast: dict[str, str | CastMember]
    rota: dict[str, dict[date, str]] = {}
    step: list[Step]

    _folder: Path = PrivateAttr(default=HERE)

    @property
    def folder(self) -> Path:
        """Where the folder of its council lies among others."""
        return self._folder

    @property
    def procedure(self) -> Council:
        """The procedure of its council."""
        return load_council(self.council, self._folder)

    def member(self, name: str) -> CastMember:
        """A person of the cast.

        Args:
            name: Their name in the story.
        """
        found = self.cast[name]
        member = CastMember(post=found) if isinstance(found, str) else found
        council = member.council or self.council
        post, unit = post_named(load_council(council, self._folder), member.post)
        return CastMember(post=post, unit=member.unit or unit, council=council)

    def post(self, name: str) -> str:
        """A post of the story's council by its key or another of its names.

        Args:
            name: As the story has it.
        """
        return post_named(self.procedure, name)[0]

    def forum_key(self, name: str) -> str:
        """A forum of the story's council by its key or another of its names.

        Args:
            name: As the story has it; a name that nobody knows comes back as it is.
        """
        try:
            return forum_named(self.procedure, name).key
        except Refused:
            return name

    def panel(self, name: str) -> str:
        """The forum whose meeting it is: a part of a panel sits with the panel.

        Args:
            name: A forum, as the story has it.
        """
        council, key = self.procedure, self.forum_key(name)
        return panel_key(council, key) if key in council.forums else key


def find_form(story: Path, name: str) -> Path | None:
    """Where a form lies: beside the rehearsal, else in the current directory.

    Args:
        story: The rehearsal's file.
        name: The form's path as the rehearsal has it.
    """
    return next((folder / name for folder in (story.parent, Path()) if (folder / name).is_file()), None)


def instant_of(moment: datetime) -> datetime:
    """A story's moment as an aware one.

    Args:
        moment: With an offset, or Europe/London wall time.
    """
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def read_story(path: Path, folder: Path = HERE) -> Story:
    """Read one rehearsal.

    Args:
        path: The file.
        folder: Where the councils' folders lie.

    Raises:
        MalformedStory: Naming every fault with file, key and remedy.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MalformedStory([f"{path}: there is no such file. Check the path."]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedStory([f"{path}: cannot be read as TOML: {error}. Correct that line."]) from None
    except OSError as error:
        raise MalformedStory([f"{path}: cannot be read: {error.strerror}. Name a file that can."]) from None
    try:
        story = Story.model_validate(body)
    except ValidationError as error:
        raise MalformedStory([_sentence(path, fault) for fault in error.errors(include_url=False)]) from None
    story._folder = folder  # noqa: SLF001 - it is no part of the file
    faults = list(_faults(path, story))
    if faults:
        raise MalformedStory(faults)
    return story


def _sentence(path: Path, fault: Any) -> str:  # noqa: ANN401 - pydantic's own shape
    remedies = {
        "extra_forbidden": "unknown key. Remove it or correct its spelling",
        "missing": "is missing. Write it",
    }
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"]) or "the file"
    return f"{path}: {key}: {remedies.get(fault['type'], fault['msg'])}."


def _faults(path: Path, story: Story) -> list[str]:
    faults: list[str] = []
    councils = council_folders(story.folder)
    if story.council not in councils:
        faults.append(f"{path}: council: there is no council {story.council}. Use one of {', '.join(councils)}.")
    faults += [
        f"{path}: cast.{name}.council: there is no council {member.council}. Use one of {', '.join(councils)}."
        for name, member in story.cast.items()
        if isinstance(member, CastMember) and member.council not in (None, *councils)
    ]
    known_acts = {*JourneyAct, *SittingAct, *(act for kind in KINDS.values() for act in kind.rules), *STARTING_ACTS}
    for forum, chairs in story.rota.items():
        faults += [
            f"{path}: rota.{forum}: {who} is not in the cast. Add them."
            for who in chairs.values()
            if who not in story.cast
        ]
    named: set[str] = set()
    earlier = instant_of(story.starts)
    for number, step in enumerate(story.step, start=1):
        where = f"{path}: step.{number}"
        if step.at is not None:
            if instant_of(step.at) < earlier:
                faults.append(f"{where}.at: lies before the step before. Put the steps in order of time.")
            earlier = instant_of(step.at)
        if step.who is not None and step.who not in story.cast:
            faults.append(f"{where}.who: {step.who} is not in the cast. Add them under [cast].")
        if step.does is not None and step.does not in known_acts:
            faults.append(f"{where}.does: there is no act {step.does}. `starter.py schema` lists the acts.")
        if (step.does == JourneyAct.REFER or step.does in STARTING_ACTS) and isinstance(step.to, str):
            named.add(step.to)
        faults += _form_faults(path, where, step)
        targets = [("to", step.to)] + ([("expect.of", step.expect.of)] if step.expect else [])
        faults += [
            f"{where}.{key}: no process is called {target} yet. Refer it first."
            for key, target in targets
            if isinstance(target, str) and target not in named and "/" not in target
        ]
        if step.does in SITTING_ONLY - WATCH_ACTS and isinstance(step.to, str):
            faults.append(f"{where}.to: {step.does} is done to a sitting. Write to = {{ forum = ..., sitting = ... }}.")
    return faults


def _form_faults(path: Path, where: str, step: Step) -> list[str]:
    name = step.details.get("form") if step.does == JourneyAct.REFER else None
    if name is None:
        return []
    found = find_form(path, str(name))
    if found is None:
        return [f"{where}.with.form: there is no {name} beside the rehearsal or here. Correct the path."]
    try:
        whole = isinstance(json.loads(found.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        whole = False
    return [] if whole else [f"{where}.with.form: {name} is not a JSON object. Correct that file."]
