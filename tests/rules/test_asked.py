"""What a form asks for, by the names that people use."""

from typing import Any

import pytest

from models.intake import Kind
from models.procedure import Council
from models.referral import Request
from rules.asked import kind_called, matter_called, settled_request
from rules.form import require_known_kind, settled
from tests.builders import council_with, referral

C = "HIL-019"
TEAM = [{"post": "team_manager"}]
MATTERS = [
    {
        "key": "passport",
        "title": "A passport",
        "also_known_as": ["L11"],
        "lowest": TEAM,
        "cites": ["HIL-015", "HIL-017"],
    },
    {
        "key": "payment",
        "title": "A payment",
        "tiers": [{"lowest": TEAM, "cites": "HIL-016"}],
        "cites": ["HIL-014", "HIL-017"],
    },
    {"key": "accommodate", "title": "Accommodation", "lowest": TEAM, "cites": C},
]
KINDS = {
    "adoption_match": Kind(title="Match with adopters", also_known_as=("matching",), cites=(C,)),
    "fostering_match": Kind(title="Match with a carer", also_known_as=("matching", "carer match"), cites=(C,)),
}


def council() -> Council:
    whole = council_with(
        matrix={"body": "post", "matrix": {"cites": C}, "matters": MATTERS},
        fostering={"kinds": ["fostering_match"]},
    )
    return whole.model_copy(update={"kinds": KINDS})


def asked(**request: Any) -> Request:  # noqa: ANN401 - as the form has it
    changes = {f"request.{name}": value for name, value in request.items()}
    return settled(referral(forum="matrix", **changes), council()).request


@pytest.mark.parametrize("name", ["passport", "Passport", "a passport", "l11", "HIL-015"])
def test_a_matter_goes_by_its_key_title_row_and_rule(name: str) -> None:
    found = matter_called(council().forums["matrix"], name)
    assert found is not None
    assert found.key == "passport"


def test_a_rule_of_a_tier_names_its_matter_and_a_shared_rule_names_none() -> None:
    forum = council().forums["matrix"]
    found = matter_called(forum, "HIL-016")
    assert found is not None
    assert found.key == "payment"
    assert matter_called(forum, "HIL-017") is None


def test_a_kind_goes_by_its_title_and_other_names_at_its_forum_first() -> None:
    whole = council()
    fostering, harp = whole.forums["fostering"], whole.forums["harp"]
    assert kind_called(whole, fostering, "Matching") == "fostering_match"
    assert kind_called(whole, harp, "matching") is None
    assert kind_called(whole, harp, "Carer-match") == "fostering_match"
    assert kind_called(whole, harp, "match_with_adopters") == "adoption_match"
    assert kind_called(whole, harp, "care proceedings") == "care_proceedings"
    assert kind_called(whole, harp, "moonlight") is None


def test_before_a_matrix_the_matter_says_what_kind_of_request_it_is() -> None:
    assert (asked(kind="L11").kind, asked(kind="L11").matter) == ("passport", "passport")
    assert (asked(kind="decision", matter="HIL-015").kind, asked(matter="HIL-015").matter) == ("passport", "passport")
    assert (asked(kind="accommodation").kind, asked(kind="accommodation").matter) == ("accommodation", None)
    assert asked(kind="moonlight").matter is None
    require_known_kind(settled(referral(forum="matrix", **{"request.kind": "L11"}), council()), council())


def test_elsewhere_the_kind_alone_is_settled() -> None:
    whole = council()
    form = referral(forum="fostering", **{"request.kind": "matching"})
    assert settled_request(form, whole, whole.forums["fostering"]).kind == "fostering_match"
    assert settled(referral(forum="moon", **{"request.kind": "matching"}), whole).request.kind == "matching"
