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

NEWEST = max(WORDS)
_shared: dict[str, Council] = {}
_packed: dict[int, str] = {}
"""Packed text by the identity of a shared council; shared councils are never let go, so identities stay theirs."""


def _share(packed: str, council: Council) -> Council:
    kept = _shared.setdefault(packed, council)
    _packed[id(kept)] = packed
    return kept


def pack(council: Council) -> dict[str, str]:
    """A procedure as history keeps it.

    Args:
        council: The procedure.
    """
    packed = _packed.get(id(council))
    if packed is None:
        packed = base64.b85encode(_deflated(council.model_dump_json(exclude_defaults=True))).decode()
    return {"council": council.key, "version": council.version, "words": str(NEWEST), "packed": packed}


def _deflated(text: str) -> bytes:
    deflate = zlib.compressobj(9, zdict=WORDS[NEWEST].encode())
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
    text = _inflated(packed, value.get("words"))
    return _share(packed, Council.model_validate_json(text, extra="ignore"))


def shared(council: Council) -> Council:
    """The one object in memory for a procedure: packing it again costs nothing.

    Args:
        council: The procedure.
    """
    return _share(pack(council)["packed"], council)


Snapshot = Annotated[Council, BeforeValidator(unpack), PlainSerializer(pack, when_used="json")]
"""A procedure as a field of what travels through Temporal."""
