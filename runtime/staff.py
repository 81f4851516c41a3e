"""The staff directory: who holds which post of which council, by staff reference and never by name.

A TOML file, one table a council::

    [hillingdon]
    hos-court-1 = { post = "head_of_service", unit = "court", email = "hos-court-1@example.org" }
    sw-cin-9 = { post = "social_worker", unit = "children in need", left = 2026-10-31 }

Unit, email and the day from which somebody has left may be missing. Who has left stays in the file: what they leave
behind is found by it.

The file vouches for the command line and the web pages only: whoever may write it says who may act.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import ProcedureFault
from models.identifiers import REFERENCE
from models.people import Actor
from models.procedure import Council
from procedures.loader import council_folders, load_council
from rules.authority import next_up, rule_for, same_unit
from rules.posts import post_named
from rules.working_days import local
from runtime.settings import variable


class UnknownStaff(Exception):  # noqa: N818 - it names what somebody is
    """Nobody of the directory has this reference; the message is one sentence with the remedy."""


EMAIL = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+$"
"""Enough to tell an address from a name; whether it is anybody's, the mail server knows."""


class _Member(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str
    unit: str | None = None
    email: str | None = None
    left: date | None = None


@dataclass(frozen=True)
class Member:
    """Somebody in the directory.

    Attributes:
        actor: Reference, post, council and unit.
        email: Where notices go; `None` where the directory does not say.
        left: The local day from which they have left; `None` while they work here.
    """

    actor: Actor
    email: str | None = None
    left: date | None = None


def _today() -> date:
    return local(datetime.now(UTC)).date()


class StaffDirectory:
    """The people who may act.

    Args:
        path: Where they are written down, for sentences about them.
        members: Everybody, by staff reference, also who has left.
        today: The local day; that of the wall clock when left out.
    """

    def __init__(self, path: Path, members: Mapping[str, Member], today: Callable[[], date] = _today) -> None:
        self.path = path
        self.members = dict(members)
        self._today = today

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by staff reference, also who has left: their posts are still asked for."""
        return {reference: member.actor for reference, member in self.members.items()}

    def actor(self, reference: str) -> Actor:
        """The person whom a reference names, who may act today.

        Args:
            reference: Staff reference.

        Raises:
            UnknownStaff: Nobody has it, or they have left.
        """
        actor = self.known(reference)
        if self.has_left(reference):
            gone = self.members[reference].left
            raise UnknownStaff(f"{reference} left on {gone} and may not act any more: ask {self._instead_of(actor)}.")
        return actor

    def known(self, reference: str) -> Actor:
        """The person whom a reference names, also when they have left.

        Args:
            reference: Staff reference.

        Raises:
            UnknownStaff: Nobody has it.
        """
        if reference not in self.members:
            there = ", ".join(actor.staff for actor in self._here()) or "none, the directory is empty"
            raise UnknownStaff(f"Nobody in {self.path} has the staff reference {reference}: use one of {there}.")
        return self.members[reference].actor

    def has_left(self, reference: str) -> bool:
        """Whether somebody of the directory has left by today.

        Args:
            reference: Staff reference.
        """
        member = self.members.get(reference)
        return member is not None and member.left is not None and member.left <= self._today()

    def email(self, reference: str) -> str | None:
        """The address of somebody who has not left; `None` where there is none.

        Args:
            reference: Staff reference.
        """
        member = self.members.get(reference)
        return None if member is None or self.has_left(reference) else member.email

    def holders(self, council: str, post: str, unit: str | None = None) -> list[Actor]:
        """Who holds a post today.

        Args:
            council: The council's key.
            post: The post.
            unit: Only who is of this unit, or whose unit the directory does not say; everybody when left out.
        """
        return [
            actor
            for actor in self._here()
            if actor.council == council
            and actor.post == post
            and (unit is None or actor.unit is None or same_unit(actor.unit, unit))
        ]

    def managers(self, actor: Actor) -> list[Actor]:
        """Who holds the next post above somebody's that anybody of their unit holds; nobody at the top.

        Args:
            actor: The person.
        """
        council = load_council(actor.council)
        seen = {actor.post}
        post = next_up(council, actor.post)
        while post is not None and post not in seen:
            found = self.holders(actor.council, post, actor.unit)
            if found:
                return found
            seen.add(post)
            post = next_up(council, post)
        return []

    def _here(self) -> Iterator[Actor]:
        return (member.actor for reference, member in self.members.items() if not self.has_left(reference))

    def _instead_of(self, actor: Actor) -> str:
        names = ", ".join(one.staff for one in self.managers(actor))
        return names or "a colleague"

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
            for actor in self._here()
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
    found: dict[str, Member] = {}
    for council, members in body.items():
        for member in _members(path, council, members, faults):
            staff = member.actor.staff
            if staff in found:
                faults.append(f"{path}: {council}.{staff}: another council has this reference. Use another.")
            found[staff] = member
    if faults:
        raise ProcedureFault(faults)
    return StaffDirectory(path, found)


def _members(path: Path, council: str, members: Any, faults: list[str]) -> list[Member]:  # noqa: ANN401 - any TOML value
    known = council_folders()
    if council not in known or not isinstance(members, dict):
        councils = ", ".join(f"[{key}]" for key in known)
        faults.append(f"{path}: {council}: is no table of a council. Put staff under one of {councils}.")
        return []
    procedure = load_council(council)
    made = (
        _member(f"{path}: {council}.{reference}", procedure, reference, body, faults)
        for reference, body in members.items()
    )
    return [member for member in made if member is not None]


def _member(where: str, council: Council, reference: str, body: Any, faults: list[str]) -> Member | None:  # noqa: ANN401 - any TOML value
    if not re.match(REFERENCE, reference):
        faults.append(f"{where}: is no staff reference. Use letters, digits, `-`, `_` and `.`, up to 64.")
        return None
    try:
        member = _Member.model_validate(body)
    except ValidationError as error:
        faults.extend(_faults_of(where, error))
        return None
    if member.email is not None and not re.match(EMAIL, member.email):
        faults.append(f"{where}.email: is no address. Write it like somebody@example.org.")
        return None
    post, unit = post_named(council, member.post)
    if post not in council.posts:
        faults.append(f"{where}.post: {council.key} has no post {post}. Use one of {', '.join(council.posts)}.")
        return None
    actor = Actor(staff=reference, post=post, council=council.key, unit=member.unit or unit)
    return Member(actor, member.email, member.left)


def _faults_of(where: str, error: ValidationError) -> Iterator[str]:
    keys = {str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]}
    if keys == {"left"}:
        yield f"{where}.left: is no date. Write the day from which they have left, like 2026-10-31."
        return
    yield f'{where}: cannot be read. Write {{ post = "...", unit = "..." }}; unit, email and left may be left out.'
