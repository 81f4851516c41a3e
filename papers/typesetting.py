"""Tagged PDF from data, by typst: PDF/UA-1 for whoever reads with other means, PDF/A-2a to last for decades.

Templates are the program's own; what people wrote reaches them only as JSON, never as markup. Nothing comes from the
network: fonts are those in the typst package. The same data gives the same bytes.
"""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from papers.characters import Characters
from papers.document import Document

if TYPE_CHECKING:  # it is large, and many a process that knows of papers never sets one
    import typst

TEMPLATES = Path(__file__).parent / "templates"
DOCUMENT = TEMPLATES / "document.typ"
PROBE = TEMPLATES / "signs.typ"
_NO_DAY = datetime.fromtimestamp(0, UTC)
_LACKING = re.compile(r"(?:the text|codepoint) `(\"(?:[^\"\\]|\\.)*\")`")
_BRACED = re.compile(r"\\u\{([0-9a-f]+)\}")
_TRIES = 5


class NotSet(Exception):  # noqa: N818 - it names what happened
    """A document could not be typeset: a fault of its template."""


def pdf_of(document: Document) -> bytes:
    """A document as a tagged PDF.

    Args:
        document: Any paper.

    Raises:
        NotSet: Its template is at fault.
    """
    return typeset(document.model_dump(mode="json"), document.dated)


def typeset(data: Mapping[str, Any], dated: datetime, template: Path = DOCUMENT) -> bytes:
    """Compile a typst template with data to a tagged PDF (PDF/UA-1 and PDF/A-2a).

    Args:
        data: Plain values; the template reads them with `json(bytes(sys.inputs.data))`. Texts are never markup.
        dated: The file's date (UTC); `sys.inputs.dated` in ISO form.
        template: A file of the program, which must set a title; it may import what lies beside it, and no more.

    Raises:
        NotSet: The template is at fault.
    """
    signs = _characters()
    for _ in range(_TRIES):
        try:
            return _compiled(template, _said(signs.fitted(data), dated), dated)
        except _Unset as error:
            if not error.lacking:
                raise NotSet(f"{template.name}: {error}") from None
            signs.cannot(error.lacking)
        except _Stumbled:
            break
    try:
        return _compiled(template, _said(signs.fitted(data, latin_only=True), dated), dated)
    except (_Unset, _Stumbled):
        raise NotSet(f"{template.name}: the compiler cannot set it") from None


def _said(data: Any, dated: datetime) -> dict[str, str]:  # noqa: ANN401 - any JSON value
    return {"data": json.dumps(data), "dated": dated.astimezone(UTC).isoformat(timespec="seconds")}


class _Unset(Exception):  # noqa: N818 - it names what happened
    """The compiler refused; `lacking` are the signs that no font has, where that is why."""

    def __init__(self, message: str, lacking: set[str]) -> None:
        super().__init__(message)
        self.lacking = lacking


class _Stumbled(Exception):  # noqa: N818 - it names what happened
    """The compiler itself failed on a sequence of rare signs."""


def _compiled(template: Path, said: dict[str, str], dated: datetime) -> bytes:
    import typst  # noqa: PLC0415 - see above

    try:
        return typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=said,
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(dated.timestamp()),
        )
    except typst.TypstError as error:
        raise _Unset(error.message, _lacking(error.diagnostic or error.message)) from None
    except BaseException as error:
        # A panic of the compiler is no Exception, and its class is not exported.
        if type(error).__name__ != "PanicException":
            raise
        raise _Stumbled from None


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - see above

    return typst.Fonts(include_system_fonts=False)


@cache
def _characters() -> "_Guarded":
    return _Guarded(_probed)


class _Guarded(Characters):
    """Characters that several threads may ask for."""

    lock = Lock()

    def fitted(self, value: Any, *, latin_only: bool = False) -> Any:  # noqa: ANN401 - any JSON value
        with self.lock:
            return super().fitted(value, latin_only=latin_only)


def _probed(signs: Iterable[str]) -> frozenset[str]:
    """Which signs no font has: each set alone, and those that fail taken out until the rest can be set."""
    left, lacking = sorted(signs), set[str]()
    while left:
        try:
            _compiled(PROBE, _said(left, _NO_DAY), _NO_DAY)
        except _Unset as error:
            found = error.lacking.intersection(left) or set(left)  # what is not understood is not set
        except _Stumbled:
            alone = len(left) == 1
            found = set(left) if alone else set().union(*(_probed([sign]) for sign in left))
            lacking |= found
            break
        else:
            break
        lacking |= found
        left = [sign for sign in left if sign not in found]
    return frozenset(lacking)


def _lacking(told: str) -> set[str]:
    """The signs that the compiler complains of; it writes them as Rust does."""
    texts = (_BRACED.sub(lambda code: f"\\U{int(code[1], 16):08x}", one) for one in _LACKING.findall(told))
    return {sign for text in texts for sign in str(ast.literal_eval(text)) if not sign.isascii()}
