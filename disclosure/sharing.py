"""One child's part of what several children share: a sitting's record, a unit meeting's.

Everything that names somebody else is left out; where a text names both, the other's reference is blacked out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NAMING = frozenset(
    {"referral_ref", "child_ref", "journey", "case", "child", "reference", "referral", "family", "placement_ref"}
)
"""Keys under which a shared record names whom something is about."""
KEYED = frozenset({"agenda", "cases", "decisions", "sheets", "children"})
"""Keys of objects whose own keys are such references."""
SOMEBODY_ELSE = "[somebody else]"
TOKEN = re.compile(r"[\w.\-]+")
"""What stands between spaces and other marks; a full stop at its end is the sentence's."""
_NOTHING: Any = object()


@dataclass
class Parties:
    """Whose references are the child's own, and whose are others'.

    Attributes:
        own: References and process ids of the child.
        others: Those of other children.
        blacked_out: Those of `others` that were blacked out of a text.
    """

    own: frozenset[str]
    others: set[str] = field(default_factory=set)
    blacked_out: set[str] = field(default_factory=set, init=False)
    _pattern: re.Pattern[str] | None = field(default=None, init=False)

    def learn(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Find others' references in a record that is shared.

        Args:
            value: Content of an event, or a standing.
        """
        for reference in _named(value):
            if reference not in self.own:
                self.others.add(reference)
        self._pattern = None

    def names_own(self, value: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Whether a value says anything of the child.

        Args:
            value: Any JSON value.
        """
        return any(_mentions(text, self.own) for text in _texts(value))

    def names_others(self, value: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Whether a value says anything of somebody else.

        Args:
            value: Any JSON value.
        """
        return any(self._of_others(text) for text in _texts(value))

    def own_part(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """A value without what is about others; `None` where nothing is left.

        Args:
            value: Any JSON value.
        """
        kept = self._kept(value)
        return None if kept is _NOTHING else kept

    def without_own(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """The other side: a value without what is about the child.

        Args:
            value: Any JSON value.
        """
        mirrored = Parties(frozenset(self.others), set(self.own))
        return mirrored.own_part(value)

    def _kept(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        match value:
            case dict():
                if self._belongs_to_others(value):
                    return _NOTHING
                kept = {
                    key: part
                    for key, inner in value.items()
                    if not self._of_others(key) and (part := self._kept(inner)) is not _NOTHING
                }
                return kept if kept or not value else _NOTHING
            case list() | tuple():
                parts = [part for one in value if (part := self._kept(one)) is not _NOTHING]
                return parts if parts or not value else _NOTHING
            case str():
                if value in self.others:
                    return _NOTHING
                return self._blacked_out(value)
            case _:
                return value

    def _belongs_to_others(self, value: dict[str, Any]) -> bool:
        named = [one for key, one in value.items() if key in NAMING and isinstance(one, str)]
        return any(one in self.others for one in named) and not any(one in self.own for one in named)

    def _of_others(self, text: str) -> bool:
        return bool(self.others) and self._others_pattern().search(text) is not None

    def _blacked_out(self, text: str) -> str:
        return self._others_pattern().sub(self._instead, text) if self.others else text

    def _instead(self, reference: re.Match[str]) -> str:
        self.blacked_out.add(reference[0])
        return SOMEBODY_ELSE

    def _others_pattern(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = _any_of(self.others)
        return self._pattern


@dataclass
class BlackedOut:
    """References that are blacked out of texts, and which of them were found there.

    Texts are read token by token, so that the time grows with the texts alone, however many references there are.

    Attributes:
        others: References of other children; none holds a `/`.
        own: References and process ids of the child, which stay.
        found: Those of `others` that were blacked out.
    """

    others: frozenset[str]
    own: frozenset[str]
    found: set[str] = field(default_factory=set)

    def of(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """A value as it is, without these references.

        Args:
            value: Any JSON value.
        """
        match value:
            case dict():
                return self._keyed(value)
            case list() | tuple():
                return [self.of(one) for one in value]
            case str() if value not in self.own:
                return TOKEN.sub(self._instead, value)
            case _:
                return value

    def _keyed(self, value: dict[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, inner in value.items():
            name = self.of(key)
            number = 2
            while name != key and name in kept:  # two others are two lines still
                name, number = f"{self.of(key)} {number}", number + 1
            kept[name] = self.of(inner)
        return kept

    def _instead(self, token: re.Match[str]) -> str:
        reference = token[0].rstrip(".")
        if reference not in self.others:
            return token[0]
        self.found.add(reference)
        return f"{SOMEBODY_ELSE}{token[0][len(reference) :]}"


def tokens(value: Any) -> set[str]:  # noqa: ANN401 - any JSON value
    """Whatever could be a reference in a value's keys and texts, as whole words.

    Args:
        value: Any JSON value.
    """
    return {token.rstrip(".") for text in _texts(value) for token in TOKEN.findall(text)}


def _any_of(references: Iterable[str]) -> re.Pattern[str]:
    """Any of several references as a whole word: `R-1` is not in `R-12`, nor in `HR-1`."""
    longest_first = sorted(references, key=len, reverse=True)
    return re.compile(rf"(?<![\w.\-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w\-]|\.\w)")


def _mentions(text: str, references: frozenset[str]) -> bool:
    return any(reference in text for reference in references) and _any_of(references).search(text) is not None


def _texts(value: Any) -> Iterable[str]:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            for key, inner in value.items():
                yield str(key)
                yield from _texts(inner)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
        case str():
            yield value


def _named(value: Any) -> Iterable[str]:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            for key, inner in value.items():
                if key in NAMING and isinstance(inner, str):
                    yield inner
                    continue
                if key in KEYED and isinstance(inner, dict):
                    yield from (name for name in inner if not name.isdecimal())
                if key in KEYED and isinstance(inner, list):
                    yield from (one for one in inner if isinstance(one, str))
                yield from _named(inner)
        case list() | tuple():
            for one in value:
                yield from _named(one)
