"""The procedure that a process carries: small in history, and one object in memory however many processes share it.

In history it is `{"council", "version", "words", "packed"}`, where `packed` is the procedure as JSON, deflated and in
base 85: history alone shows which rules applied, and `starter.py show --procedure` unpacks it. `words` says with which
words in common it was deflated (decision 0014); histories that were written without have no such number.
"""

import base64
import zlib
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from models.procedure import Council
from models.words import WORDS

_shared: dict[str, Council] = {}
_packed: dict[int, tuple[str | None, str]] = {}
"""Number of the words and packed text by the identity of a shared council; those stay, and so do their identities."""


def _share(words: str | None, packed: str, council: Council) -> Council:
    kept = _shared.setdefault(packed, council)
    _packed[id(kept)] = (words, packed)
    return kept


def pack(council: Council) -> dict[str, Any]:
    """A procedure as history keeps it.

    Args:
        council: The procedure.
    """
    words, packed = _packed.get(id(council)) or _smallest(council.model_dump_json(exclude_defaults=True))
    return {"council": council.key, "version": council.version, "words": words, "packed": packed}


def _smallest(text: str) -> tuple[str, str]:
    """The number of the words in common that make it smallest, and the packed text."""
    sizes = {str(number): _deflated(text, words) for number, words in WORDS.items()}
    best = min(sizes, key=lambda number: (len(sizes[number]), number))
    return best, base64.b85encode(sizes[best]).decode()


def _deflated(text: str, words: str) -> bytes:
    deflate = zlib.compressobj(9, zdict=words.encode())
    return deflate.compress(text.encode()) + deflate.flush()


def _inflated(packed: str, words: str | None) -> bytes:
    inflate = zlib.decompressobj() if words is None else zlib.decompressobj(zdict=WORDS[int(words)].encode())
    return inflate.decompress(base64.b85decode(packed)) + inflate.flush()


def unpack(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever came
    """A procedure from what history keeps; anything else is left to the model.

    Args:
        value: What came.
    """
    if not isinstance(value, dict) or "packed" not in value:
        return value
    packed = value["packed"]
    known = _shared.get(packed)
    if known is not None:
        return known
    words = value.get("words")
    text = _inflated(packed, words)
    return _share(words, packed, Council.model_validate_json(text, extra="ignore"))


def shared(council: Council) -> Council:
    """The one object in memory for a procedure: packing it again costs nothing.

    Args:
        council: The procedure.
    """
    words, packed = _packed.get(id(council)) or _smallest(council.model_dump_json(exclude_defaults=True))
    return _share(words, packed, council)


Snapshot = Annotated[Council, BeforeValidator(unpack), PlainSerializer(pack, when_used="json")]
"""A procedure as a field of what travels through Temporal."""
