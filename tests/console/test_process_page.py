"""The page of a long-lived process says of each deadline, in words, from when and by when."""

from typing import Any

import pytest

from console.process_page import as_markdown, by_when, duties_page, kinds_of, length, process_page
from models.deadlines import Deadline
from procedures.loader import council_folders, load_council


def deadline(**said: Any) -> Deadline:  # noqa: ANN401 - any field
    return Deadline(**{"key": "k", "title": "t", "anchor": "placement.started_at", "owner": "o", "cites": "c"} | said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"after": "PT24H"}, "24 elapsed hours after"),
        ({"after": "PT0H"}, "at that moment"),
        ({"after": "P0D"}, "the same day, at 17:00"),
        ({"after": "P12M", "more_than": True}, "more than 12 months after, at 17:00"),
        ({"before": "P1W"}, "1 week before, at 17:00"),
        ({"working_days": 5}, "5 working days after, at 17:00"),
        ({"working_days": -1}, "1 working day before, at 17:00"),
        ({"after": "P1Y6M"}, "P1Y6M after, at 17:00"),
        ({"list_by": "kinship_panel"}, "at the sitting that the window of kinship panel gives"),
        ({"after": "P6W", "sitting": "jarp"}, "6 weeks after; at the sitting of jarp on or before that day"),
        (
            {"before": "P8W", "sitting": "arp", "sitting_working_days": 2},
            "8 weeks before; 2 working days before the sitting of arp on or before that day",
        ),
        (
            {"after": "P20D", "repeat": ["P3M", "P6M"]},
            "20 days after, at 17:00; then 3 months, then 6 months after it was last held",
        ),
        (
            {"after": "P1M", "warn": "P2W", "warn_tells": "head_of_service"},
            "1 month after, at 17:00; warned 2 weeks before, with head of service",
        ),
        ({"after": "P1M", "warn_working_days": 3}, "1 month after, at 17:00; warned 3 working days before"),
        ({"after": "P1M", "warn_sittings": 1}, "1 month after, at 17:00; warned 1 sitting before"),
        ({"after": "P1M", "no_later_than": "response"}, "1 month after, at 17:00; never after response"),
        (
            {"after": "P6W", "in_force_until": "2011-03-31", "judged_on": "placement.started_at"},
            "6 weeks after, at 17:00; in force until 2011-03-31, judged on placement.started_at",
        ),
        (
            {"after": "P5D", "in_force_from": "2011-04-01", "already_due": "shown", "after_end": True},
            (
                "5 days after, at 17:00; in force from 2011-04-01; what was due before it began is shown, not late;"
                " also after the end"
            ),
        ),
    ],
)
def test_a_deadline_says_by_when(said: dict[str, Any], told: str) -> None:
    assert by_when(deadline(**said)) == told


def test_a_duration_that_is_no_single_number_stays_as_it_is_written() -> None:
    assert [length(one) for one in ("P1D", "P2Y", "PT1H", "PT48H", "P1Y6M")] == [
        "1 day",
        "2 years",
        "1 elapsed hour",
        "48 elapsed hours",
        "P1Y6M",
    ]


@pytest.mark.parametrize("key", council_folders())
def test_every_deadline_and_duty_of_a_council_stands_on_a_page_with_its_source(key: str) -> None:
    council = load_council(key)
    for kind in kinds_of(council):
        page = as_markdown(process_page(council, kind))
        for one in getattr(council, kind).deadlines:
            assert f"(`{one.key}`)" in page
            assert one.cites[0] in page
    duties = as_markdown(duties_page(council))
    assert [duty.key for duty in council.duties if f"(`{duty.key}`)" not in duties] == []
