"""The staff directory: who holds which post of which council, by staff reference and never by name.

A TOML file, one table a council::

    [hillingdon]
    hos-court-1 = { post = "head_of_service", unit = "court" }

It vouches for the command line and the web pages only: whoever may write this file says who may act.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import ProcedureFault
from models.identifiers import REFERENCE
from models.people import Actor
from models.procedure import Council
from procedures.loader import council_folders, load_council
from rules.authority import rule_for, same_unit
from rules.posts import post_named
from runtime.settings import variable


class UnknownStaff(Exception):  # noqa: N818 - it names what somebody is
    """Nobody of the directory has this reference; the message is one sentence with the remedy."""


class _Member(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str
    unit: str | None = None


class StaffDirectory:
    """The people who may act.

    Args:
        path: Where they are written down, for sentences about them.
        actors: Everybody, by staff reference.
    """

    def __init__(self, path: Path, actors: Mapping[str, Actor]) -> None:
        self.path = path
        self.actors = dict(actors)

    def actor(self, reference: str) -> Actor:
        """The person whom a reference names.

        Args:
            reference: Staff reference.

        Raises:
            UnknownStaff: Nobody has it.
        """
        if reference not in self.actors:
            raise UnknownStaff(
                f"Nobody in {self.path} has the staff reference {reference}:"
                f" use one of {', '.join(self.actors) or 'none, the directory is empty'}."
            )
        return self.actors[reference]

    def who_may(self, council: Council, act: str, unit: str | None = None, forum_key: str | None = None) -> list[Actor]:
        """Everybody whose post may do an act of a council.

        Args:
            council: Its procedure.
            act: The act.
            unit: The unit that holds the case, where it is known: acts that belong to it are its own people's.
            forum_key: The forum, whose own rule goes before the council's.
        """
        rule = rule_for(council, forum_key, act)
        bound = rule.unit != "any" and unit is not None
        return [
            actor
            for actor in self.actors.values()
            if actor.council == council.key
            and actor.post in rule.posts
            and (not bound or same_unit(actor.unit, unit) or (rule.unit == "same" and actor.unit is None))
        ]


def read_staff(path: Path) -> StaffDirectory:
    """Read a staff directory.

    Args:
        path: The file.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProcedureFault(
            [f"There is no staff directory at {path}: write it, or set {variable('staff_directory')} to where it is."]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProcedureFault([f"{path}: cannot be read as TOML: {error}. Correct that line."]) from None
    faults: list[str] = []
    actors: dict[str, Actor] = {}
    for council, members in body.items():
        for actor in _members(path, council, members, faults):
            if actor.staff in actors:
                faults.append(f"{path}: {council}.{actor.staff}: another council has this reference. Use another.")
            actors[actor.staff] = actor
    if faults:
        raise ProcedureFault(faults)
    return StaffDirectory(path, actors)


def _members(path: Path, council: str, members: Any, faults: list[str]) -> list[Actor]:  # noqa: ANN401 - any TOML value
    known = council_folders()
    if council not in known or not isinstance(members, dict):
        councils = ", ".join(f"[{key}]" for key in known)
        faults.append(f"{path}: {council}: is no table of a council. Put staff under one of {councils}.")
        return []
    procedure = load_council(council)
    found = []
    for reference, body in members.items():
        where = f"{path}: {council}.{reference}"
        if not re.match(REFERENCE, reference):
            faults.append(f"{where}: is no staff reference. Use letters, digits, `-`, `_` and `.`, up to 64.")
            continue
        try:
            member = _Member.model_validate(body)
        except ValidationError:
            faults.append(f'{where}: cannot be read. Write {{ post = "...", unit = "..." }}; the unit may be left out.')
            continue
        post, unit = post_named(procedure, member.post)
        if post not in procedure.posts:
            faults.append(f"{where}.post: {council} has no post {post}. Use one of {', '.join(procedure.posts)}.")
            continue
        found.append(Actor(staff=reference, post=post, council=council, unit=member.unit or unit))
    return found
