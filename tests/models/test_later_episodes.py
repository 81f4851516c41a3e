import pytest

from models.watch import later_episode


def test_a_childs_later_care_episodes_are_numbered() -> None:
    assert later_episode("episode/hillingdon/C-1", 2) == "episode/hillingdon/C-1.episode2"


@pytest.mark.parametrize("length", [1, 55, 64])
def test_a_later_episode_fits_into_a_reference_and_is_not_another_childs(length: int) -> None:
    one, other = (f"episode/hillingdon/{'C' * (length - 1)}{last}" for last in "12")
    assert len(later_episode(one, 2).rsplit("/", 1)[1]) <= 64
    assert len({later_episode(one, 2), later_episode(one, 3), later_episode(other, 2)}) == 3
