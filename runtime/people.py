"""Puts people in the place of their references in what an act says, for everybody who sends acts."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from models.people import Actor

Find = Callable[[str], Actor | None]
"""The person whom a reference names; `None` leaves the reference as it stands."""

WHOLE = ("chair", "present", "agreed_by", "minutes_by")
"""Keys under which an act holds whole actors, one or a list."""
OWNER = "owner"


def with_people(details: Mapping[str, Any], find: Find, posts: Collection[str] = ()) -> dict[str, Any]:
    """What an act says, with people in the shapes that `models.acts` expects.

    A reference under `chair` or `present` becomes the whole actor, one under `owner` a post and a person.

    Args:
        details: What the act says, as JSON has it.
        find: Looks a reference up; may raise for one that nobody has.
        posts: Posts that an action may belong to without a person.
    """
    return {key: _in_place(key, value, find, posts) for key, value in details.items()}


def _in_place(key: str, value: Any, find: Find, posts: Collection[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_in_place(key, item, find, posts) for item in value]
    if isinstance(value, dict):
        return {inner: _in_place(inner, item, find, posts) for inner, item in value.items()}
    if key not in (*WHOLE, OWNER) or not isinstance(value, str) or (key == OWNER and value in posts):
        return value
    found = find(value)
    if found is None:
        return value
    if key == OWNER:
        return {"staff": found.staff, "post": found.post}
    return found.model_dump(mode="json", exclude_none=True)
