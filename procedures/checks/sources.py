"""Where a procedure says what: its files, part by part; the rules that each part cites and the posts that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel

from models.deadlines import LawDeadline
from models.intake import Law
from models.procedure import Council, Forum
from procedures.catalogue import catalogue, laws
from procedures.watches import KINDS, PROCESSES

POST_FIELDS = frozenset(
    {
        *("post", "posts", "owner", "proposed_to", "tells", "informed", "each_of", "agreed_by", "decided_by"),
        *("warn_tells", "out_of_hours_posts", "worker", "manager", "head", "administrator", "next_up"),
    }
)
"""Fields that name a post, or several."""
ANYBODY = frozenset({"chair", "referrer"})
"""Words that stand for whoever it is that day, in place of a post."""
PARTS = frozenset({"worker", "manager", "head", "administrator"})
"""Parts that every council has a post for: the law names these."""
RULE_FIELDS = frozenset({"unless_criteria", "implied_by", "counts_as", "not_together", "no_emergency"})
"""Fields that name rules of the catalogue beside the citations."""


@dataclass(frozen=True)
class Place:
    """A file of a council, and the part of the procedure that it holds."""

    file: str
    part: BaseModel
    skipped: frozenset[str] = frozenset()

    def parts(self) -> list[tuple[str, BaseModel]]:
        """Every part inside, with its key."""
        return self._every

    @cached_property
    def _every(self) -> list[tuple[str, BaseModel]]:
        found = [
            inside
            for name, value in vars(self.part).items()
            if name not in self.skipped
            for inside in _parts_in(value, name)
        ]
        return [*found, ("", self.part)]


def places(council: Council, folder: str) -> Iterator[Place]:
    """The files of a council, with what they hold.

    Args:
        council: The procedure.
        folder: The name of its folder.
    """
    yield Place(f"{folder}/council.toml", council, frozenset({"forums", "law", "law_deadlines", *KINDS}))
    for kind in KINDS:
        rules = getattr(council, kind)
        if rules is not None:
            yield Place(f"{folder}/{PROCESSES}/{kind}.toml", rules)
    for deadline in council.law_deadlines:
        yield Place(f"law: {deadline.key}", deadline)
    for forum in council.forums.values():
        yield Place(f"{folder}/{forum.key}.toml", forum)
    for entry in council.law:
        yield Place(f"law: {entry.key}", entry)


def _parts_in(value: object, path: str) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield path, value
        for name, one in vars(value).items():
            if isinstance(one, BaseModel | dict | tuple):
                yield from _parts_in(one, f"{path}.{name}")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _parts_in(one, f"{path}.{key}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            if not isinstance(one, str):
                yield from _parts_in(one, f"{path}.{number}")


def cited_by(part: BaseModel) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rules that a part cites by itself, field by field; a citation that nobody wrote is none.

    Args:
        part: A part of a procedure.
    """
    for name in type(part).model_fields:
        if name == "cites" or (name.endswith("_cites") and name in part.model_fields_set):
            yield name, getattr(part, name)


def citations(place: Place) -> Iterator[str]:
    """Citations of rules that the catalogue does not have.

    Args:
        place: A file.
    """
    known = set(laws() if isinstance(place.part, Law | LawDeadline) else catalogue())
    for path, part in place.parts():
        named = [(field, rules) for field, rules in cited_by(part) if field != "cites" or rules]
        named += [(field, flat(getattr(part, field))) for field in RULE_FIELDS & set(type(part).model_fields)]
        for field, rules in named:
            for rule in rules:
                if rule not in known:
                    key = _joined(path, field, part)
                    yield f"{place.file}: {key}: cites {rule}, which the catalogue does not have. Correct the id."


def _joined(path: str, field: str, part: BaseModel) -> str:
    table = path or ("forum" if isinstance(part, Forum) else "")
    return f"{table}.{field}" if table else field


def flat(value: object) -> tuple[str, ...]:
    """The words of a field that holds one, several, or several of several.

    Args:
        value: The field.
    """
    if isinstance(value, str):
        return (value,)
    return tuple(rule for one in value for rule in flat(one)) if isinstance(value, tuple) else ()


def posts(council: Council, place: Place) -> Iterator[str]:
    """Posts that nobody can hold, and a ladder that does not end.

    Args:
        council: The procedure.
        place: A file.
    """
    known = set(council.posts) | ANYBODY | (PARTS if isinstance(place.part, LawDeadline) else frozenset())
    for path, part in place.parts():
        for field in POST_FIELDS & set(type(part).model_fields):
            for post in flat(getattr(part, field) or ()):
                if post not in known:
                    key = _joined(path, field, part)
                    yield f"{place.file}: {key}: nobody can hold the post {post}. Add it under [posts] or name another."
    if isinstance(place.part, Council):
        yield from _ladder(council, place.file)


def _ladder(council: Council, where: str) -> Iterator[str]:
    for name in council.posts:
        climbed = [name]
        while (up := council.posts[climbed[-1]].next_up) in council.posts and up not in climbed:
            climbed.append(str(up))
        if up == name:
            yield f"{where}: posts.{name}.next_up: the ladder turns in a circle. Let it end at the top."
