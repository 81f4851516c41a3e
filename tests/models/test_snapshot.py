"""The procedure that a process carries: packed with words in common, read whichever words it was packed with."""

import base64
import zlib
from datetime import date
from decimal import Decimal

import pytest

from models.procedure import Setting
from models.snapshot import pack, unpack
from models.words import WORDS
from procedures.loader import load_council
from procedures.slices import slice_for, slice_for_watch


def test_a_snapshot_says_with_which_words_it_was_packed() -> None:
    packed = pack(slice_for(load_council("hillingdon"), "harp"))
    inflate = zlib.decompressobj(zdict=WORDS[int(str(packed["words"]))].encode())
    assert inflate.decompress(base64.b85decode(str(packed["packed"]))).startswith(b'{"key":"hillingdon"')


def test_a_snapshot_is_packed_with_the_words_that_make_it_smallest() -> None:
    council = load_council("hackney")
    for part in (slice_for(council, "childrens_resource_panel"), slice_for_watch(council, "placement")):
        text, packed = part.model_dump_json(exclude_defaults=True).encode(), pack(part)
        sizes = {}
        for number, words in WORDS.items():
            deflate = zlib.compressobj(9, zdict=words.encode())
            sizes[str(number)] = len(deflate.compress(text) + deflate.flush())
        assert len(base64.b85decode(packed["packed"])) == sizes[packed["words"]] == min(sizes.values())
        assert unpack(packed) is part


def test_a_snapshot_of_a_history_without_words_is_read_too() -> None:
    council = slice_for(load_council("hillingdon"), "high_cost_panel")
    text = council.model_dump_json(exclude_defaults=True).encode()
    old = {"council": "hillingdon", "packed": base64.b85encode(zlib.compress(text, 9)).decode()}
    assert unpack(old) == council
    assert unpack(old) is unpack(dict(old))


def test_what_is_no_snapshot_is_left_to_the_model() -> None:
    assert unpack("hillingdon") == "hillingdon"


@pytest.mark.parametrize(
    ("value", "kept"),
    [(500, Decimal(500)), (True, True), (date(2031, 3, 4), date(2031, 3, 4)), ("monday", "monday"), (["a"], ("a",))],
)
def test_a_setting_is_the_same_after_a_journey_through_history(value: object, kept: object) -> None:
    setting = Setting.model_validate({"title": "A value", "value": value, "cites": "HIL-001"})
    assert setting.value == kept
    assert Setting.model_validate_json(setting.model_dump_json()) == setting
