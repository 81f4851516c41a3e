"""Posts by their other names."""

from models.membership import Post
from procedures.loader import load_council
from rules.posts import post_named

HEAD = Post(title="Head", also_known_as=("hos",), units_known_as={"head_of_sash": "sash"})
COUNCIL = load_council("hillingdon")
COUNCIL = COUNCIL.model_copy(update={"posts": {**COUNCIL.posts, "head_of_service": HEAD}})


def test_a_post_is_known_by_its_key() -> None:
    assert post_named(COUNCIL, "social_worker") == ("social_worker", None)


def test_a_post_is_known_by_another_name() -> None:
    assert post_named(COUNCIL, "hos") == ("head_of_service", None)


def test_a_post_named_after_a_unit_brings_the_unit() -> None:
    assert post_named(COUNCIL, "head_of_sash") == ("head_of_service", "sash")


def test_a_name_that_nobody_knows_comes_back() -> None:
    assert post_named(COUNCIL, "gardener") == ("gardener", None)
