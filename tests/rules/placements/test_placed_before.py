"""A child is placed before the panel decides: the placement tells the journey, which tells it what is decided."""

from datetime import timedelta

from models.journey import JourneyState
from models.process import Word
from rules.journeys.telling import take_placed
from rules.watches.words import PLACEMENT_ENDED, PLACEMENT_STARTED
from tests.builders import AMIRA, PAST_NOON, PAT, THURSDAY, journey
from tests.rules.placements.homes import BEDFORDSHIRE, MONDAY, placed, run_to


def placed_word(what: str = PLACEMENT_STARTED, sender: str = "placement/hillingdon/P-1") -> Word:
    """Word of a placement."""
    return Word(message_id=f"{sender}#1:{what}", what=what, sender=sender, by=PAT)


def said(state: JourneyState) -> list[str]:
    """What the journey has on its record of placements."""
    return [entry.what for entry in state.unrecorded if entry.what.startswith("told_placement")]


def test_a_journey_keeps_once_which_placement_was_made_on_its_word() -> None:
    state = journey(now=THURSDAY)
    take_placed(state, placed_word(), PAST_NOON)
    take_placed(state, placed_word(), PAST_NOON + timedelta(hours=1))
    assert state.begun == ["placement/hillingdon/P-1"]
    assert said(state) == ["told_placement_started"]


def test_a_journey_leaves_other_words_alone() -> None:
    state = journey(now=THURSDAY)
    take_placed(state, placed_word(PLACEMENT_ENDED), PAST_NOON)
    take_placed(state, placed_word(sender="placement/hackney/P-1"), PAST_NOON)
    take_placed(state, placed_word(sender="package/hillingdon/P-1"), PAST_NOON)
    assert (state.begun, said(state)) == ([], [])
    assert state.referred_by == AMIRA


def test_a_placement_tells_the_journey_that_authorised_it_once_the_child_is_there() -> None:
    state = placed(BEDFORDSHIRE, authorised_by="ARP-1", started_at="2031-03-04T10:00:00")
    assert state.undelivered == []
    run_to(state, MONDAY + timedelta(days=1, hours=1))
    to = [one.to for one in state.undelivered]
    assert to == ["episode/central_bedfordshire/C-1", "journey/central_bedfordshire/ARP-1"]
    assert all(one.optional for one in state.undelivered)
