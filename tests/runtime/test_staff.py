"""The staff directory: who may act, and what is wrong with its file."""

from datetime import date
from pathlib import Path

import pytest

from models.errors import ProcedureFault
from procedures.loader import load_council
from runtime.staff import StaffDirectory, UnknownStaff, read_staff

EXAMPLE = Path(__file__).parents[2] / "examples" / "staff.toml"


def directory(tmp_path: Path, text: str) -> StaffDirectory:
    path = tmp_path / "staff.toml"
    path.write_text(text, encoding="utf-8")
    return read_staff(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ProcedureFault) as fault:
        directory(tmp_path, text)
    return [line.removeprefix(f"{tmp_path}/staff.toml: ") for line in fault.value.faults]


def test_a_person_has_a_post_a_unit_and_a_council() -> None:
    actor = read_staff(EXAMPLE).actor("hos-court-1")

    assert (actor.staff, actor.post, actor.council, actor.unit) == (
        "hos-court-1",
        "head_of_service",
        "hillingdon",
        "court",
    )


def test_the_example_directory_fills_every_post_of_hillingdon() -> None:
    assert {actor.post for actor in read_staff(EXAMPLE).actors.values()} == load_council("hillingdon").posts.keys()


def test_who_may_do_an_act_is_narrowed_to_the_unit_that_the_act_belongs_to() -> None:
    staff, council = read_staff(EXAMPLE), load_council("hillingdon")

    def who(act: str, unit: str | None) -> list[str]:
        return [actor.staff for actor in staff.who_may(council, act, unit)]

    assert who("sign_off", "Children in Need") == ["tm-cin-1"]
    assert who("sign_off", None) == ["tm-cin-1", "tm-lac-1"]
    assert who("endorse", "children in need") == ["hos-cin-1"]
    assert len(who("agree_late", "children in need")) == 5


def test_a_manager_without_a_unit_may_sign_for_any_but_not_endorse(tmp_path: Path) -> None:
    staff = directory(tmp_path, '[hillingdon]\nt-1 = { post = "team_manager" }\nh-1 = { post = "head_of_service" }')
    council = load_council("hillingdon")

    assert [actor.staff for actor in staff.who_may(council, "sign_off", "court")] == ["t-1"]
    assert staff.who_may(council, "endorse", "court") == []


def test_an_unknown_reference_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownStaff, match=r"has the staff reference tom: use one of t-1\.$"):
        directory(tmp_path, '[hillingdon]\nt-1 = { post = "team_manager" }').actor("tom")
    with pytest.raises(UnknownStaff, match="use one of none, the directory is empty"):
        directory(tmp_path, "").actor("tom")


def test_every_fault_of_the_directory_is_named_at_once(tmp_path: Path) -> None:
    text = """
        [hillingdon]
        t-1 = { post = "team_manger" }
        "not a reference" = { post = "team_manager" }
        t-2 = "team_manager"
        t-3 = { post = "team_manager", name = "Somebody" }

        [camden]
        t-4 = { post = "team_manager" }
    """

    post, reference, shape, extra, council = faults(tmp_path, text)

    assert post.startswith("hillingdon.t-1.post: hillingdon has no post team_manger. Use one of social_worker, ")
    assert reference.startswith("hillingdon.not a reference: is no staff reference. Use letters")
    assert shape.startswith("hillingdon.t-2: cannot be read. Write { post = ")
    assert extra.startswith("hillingdon.t-3: cannot be read.")
    assert council.startswith("camden: is no table of a council. Put staff under one of [")
    assert "[hillingdon]" in council


def test_a_directory_that_is_not_there_or_not_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProcedureFault, match=r"There is no staff directory at .*set WAYMARK_STAFF_DIRECTORY"):
        read_staff(tmp_path / "staff.toml")
    (fault,) = faults(tmp_path, "[hillingdon")
    assert fault.startswith("cannot be read as TOML: ")


def test_a_post_may_stand_there_by_another_of_its_names(tmp_path: Path) -> None:
    text = '[hertfordshire]\nh-1 = { post = "head_of_assessment" }\nw-1 = { post = "allocated_worker", unit = "sash" }'
    staff = directory(tmp_path, text)

    assert (staff.actor("h-1").post, staff.actor("h-1").unit) == ("head_of_service", "assessment")
    assert (staff.actor("w-1").post, staff.actor("w-1").unit) == ("social_worker", "sash")


LEAVING = """
[hillingdon]
sw-1 = { post = "social_worker", unit = "court", email = "sw-1@example.org" }
sw-9 = { post = "social_worker", unit = "court", email = "sw-9@example.org", left = 2031-03-10 }
tm-1 = { post = "team_manager", unit = "court" }
hos-1 = { post = "head_of_service" }
dir-9 = { post = "director", left = 2031-03-10 }
"""


def on(tmp_path: Path, day: str) -> StaffDirectory:
    read = directory(tmp_path, LEAVING)
    return StaffDirectory(read.path, read.members, lambda: date.fromisoformat(day))


def test_who_has_left_may_not_act_from_that_day_on_and_is_told_whom_to_ask(tmp_path: Path) -> None:
    assert on(tmp_path, "2031-03-09").actor("sw-9").post == "social_worker"
    there = on(tmp_path, "2031-03-10")
    with pytest.raises(UnknownStaff, match=r"^sw-9 left on 2031-03-10 and may not act any more: ask tm-1\.$"):
        there.actor("sw-9")
    with pytest.raises(UnknownStaff, match=r"may not act any more: ask a colleague\.$"):
        there.actor("dir-9")
    with pytest.raises(UnknownStaff, match=r"use one of sw-1, tm-1, hos-1\.$"):
        there.actor("nobody")


def test_who_has_left_is_still_known_and_nothing_is_sent_to_them(tmp_path: Path) -> None:
    there = on(tmp_path, "2031-03-10")
    assert there.known("sw-9").unit == "court"
    assert "sw-9" in there.actors
    assert (there.has_left("sw-9"), there.has_left("sw-1"), there.has_left("nobody")) == (True, False, False)
    assert (there.email("sw-1"), there.email("sw-9"), there.email("tm-1"), there.email("nobody")) == (
        "sw-1@example.org",
        None,
        None,
        None,
    )
    council = load_council("hillingdon")
    assert [actor.staff for actor in there.who_may(council, "refer", "court")] == ["sw-1", "tm-1"]


def test_a_post_is_held_by_who_is_here_and_of_its_unit_or_of_none(tmp_path: Path) -> None:
    there = on(tmp_path, "2031-03-10")

    def holders(post: str, unit: str | None = None) -> list[str]:
        return [actor.staff for actor in there.holders("hillingdon", post, unit)]

    assert holders("social_worker") == ["sw-1"]
    assert holders("social_worker", "Court ") == ["sw-1"]
    assert holders("social_worker", "mash") == []
    assert holders("head_of_service", "mash") == ["hos-1"]
    assert there.holders("hackney", "social_worker") == []


def test_the_managers_of_somebody_are_who_holds_the_next_post_that_anybody_holds(tmp_path: Path) -> None:
    there = on(tmp_path, "2031-03-10")
    assert [one.staff for one in there.managers(there.known("sw-9"))] == ["tm-1"]
    assert [one.staff for one in there.managers(there.known("tm-1"))] == ["hos-1"]
    assert there.managers(there.known("hos-1")) == []


def test_faults_of_the_new_keys_are_named_with_their_remedy(tmp_path: Path) -> None:
    text = """
        [hillingdon]
        t-1 = { post = "team_manager", email = "Tom at home" }
        t-2 = { post = "team_manager", left = "last Monday" }
    """
    assert faults(tmp_path, text) == [
        "hillingdon.t-1.email: is no address. Write it like somebody@example.org.",
        "hillingdon.t-2.left: is no date. Write the day from which they have left, like 2026-10-31.",
    ]


def test_the_example_directory_gives_everybody_an_address_that_is_nobodys() -> None:
    staff = read_staff(EXAMPLE)
    assert all((staff.email(one) or "").endswith("@example.org") for one in staff.members)
