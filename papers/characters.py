"""Makes any text fit to be set in the fonts at hand: what they lack is named, and long words may be broken.

A tagged PDF must not hold a sign without a glyph, so an emoji becomes its name in brackets. The HTML paper has it as it
was written. Signs that steer or hide text are left out of both.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

LONGEST_WORD = 24
"""Longer words than this may be broken anywhere, or they would run out of a table's cell."""
PIECE = 10
LATIN_ENDS = "\u0250"
BREAK_HERE = "\N{ZERO WIDTH SPACE}"
_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_KEPT = frozenset("\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}")
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))

Probe = Callable[[Iterable[str]], frozenset[str]]
"""Which of some signs cannot be set."""


def plain(text: str) -> str:
    """Text without signs that cannot be seen: controls, directions, private and unassigned code points.

    Args:
        text: As somebody wrote it.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{LINE SEPARATOR}", "\n")
    return "".join(sign for sign in whole if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN)


class Characters:
    """What can be set, as far as it was asked; every sign is asked for once.

    Args:
        probe: Finds out which signs cannot be set.
    """

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._fits: dict[str, bool] = {}

    def fitted(self, value: Any, *, latin_only: bool = False) -> Any:  # noqa: ANN401 - any JSON value
        """A JSON value whose every text can be set.

        Args:
            value: Texts, lists and objects; keys stay as they are.
            latin_only: Name every sign that is not Latin: what is left when a mixture of scripts cannot be set.
        """
        unknown = _signs(value) - self._fits.keys()
        if unknown:
            lacking = self._probe(sorted(unknown))
            self._fits |= {sign: sign not in lacking for sign in unknown}
        return self._fit(value, self._may_in_latin if latin_only else self._may)

    def cannot(self, signs: Iterable[str]) -> None:
        """Remember signs that turned out not to be settable where they stand.

        Args:
            signs: Single signs.
        """
        self._fits |= dict.fromkeys(signs, False)

    def _fit(self, value: Any, may: Callable[[str], bool]) -> Any:  # noqa: ANN401 - any JSON value
        match value:
            case str():
                return _breakable("".join(one if may(one) else _named(one) for one in plain(value)))
            case Mapping():
                return {key: self._fit(item, may) for key, item in value.items()}
            case list() | tuple():
                return [self._fit(item, may) for item in value]
            case _:
                return value

    def _may(self, sign: str) -> bool:
        return sign.isascii() or self._fits.get(sign, True)

    def _may_in_latin(self, sign: str) -> bool:
        return sign < LATIN_ENDS and self._may(sign)


def _signs(value: Any) -> set[str]:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return {sign for sign in plain(value) if not sign.isascii()}
        case Mapping():
            return set().union(*map(_signs, value.values())) if value else set()
        case list() | tuple():
            return set().union(*map(_signs, value)) if value else set()
        case _:
            return set()


def _named(sign: str) -> str:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return ""  # what it would have been put upon says enough
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"


def _breakable(text: str) -> str:
    def broken(word: re.Match[str]) -> str:
        whole = word.group()
        return BREAK_HERE.join(whole[start : start + PIECE] for start in range(0, len(whole), PIECE))

    return _LONG.sub(broken, text)
