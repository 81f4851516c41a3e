from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sql

from activities.claims import Claimed, Claims
from models.journey import Claim


@pytest.fixture
def claims(engine: sql.Engine) -> Claims:
    return Claims(engine)


def _claim(claims: Claims, who: str, amount: str, of: str = "F-1", **parts: object) -> Decimal:
    council = str(parts.pop("council", "hackney"))
    asked = Claim.model_validate(
        {"total": "section_17", "of": of, "window": "2030-31", "amount": amount, "round": 0, **parts}
    )
    return claims.claim(Claimed(process_id=f"journey/{council}/{who}", council=council, claim=asked))


def test_each_claim_is_told_what_was_claimed_before_it(claims: Claims) -> None:
    assert _claim(claims, "R-1", "300.10") == 0
    assert _claim(claims, "R-2", "0.05") == Decimal("300.10")
    assert _claim(claims, "R-3", "5") == Decimal("300.15")


def test_asking_again_is_answered_alike(claims: Claims) -> None:
    assert [_claim(claims, "R-1", "300"), _claim(claims, "R-2", "10")] == [0, 300]
    assert [_claim(claims, "R-1", "300"), _claim(claims, "R-2", "10")] == [0, 300]


@pytest.mark.parametrize("other", [{"of": "F-2"}, {"window": "2031-32"}, {"total": "rooms"}, {"council": "harrow"}])
def test_other_totals_are_counted_apart(claims: Claims, other: dict[str, str]) -> None:
    _claim(claims, "R-1", "300")
    assert _claim(claims, "R-2", "10", **other) == 0


def test_a_claim_that_is_given_up_counts_no_more(claims: Claims) -> None:
    _claim(claims, "R-1", "300")
    assert _claim(claims, "R-1", "0") == 0
    assert _claim(claims, "R-2", "10") == 0


def test_a_claim_that_changes_goes_to_the_end_of_the_line(claims: Claims) -> None:
    _claim(claims, "R-1", "100")
    _claim(claims, "R-2", "400")
    assert _claim(claims, "R-1", "101") == 400
    assert _claim(claims, "R-1", "101", of="F-2") == 0
    assert _claim(claims, "R-2", "400") == 0


def test_what_was_approved_stays_claimed_when_it_is_asked_for_again(claims: Claims) -> None:
    _claim(claims, "R-1", "300")
    assert _claim(claims, "R-1", "300", round=1) == 300


def test_claims_at_the_same_moment_stand_one_after_another(claims: Claims) -> None:
    with ThreadPoolExecutor(8) as pool:
        before = list(pool.map(lambda number: _claim(claims, f"R-{number}", "10"), range(24)))
    assert sorted(before) == [10 * number for number in range(24)]
