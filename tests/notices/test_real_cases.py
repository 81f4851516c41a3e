"""The whole way: a story on the real stage, its register, and what the people in it are told."""

import json
from pathlib import Path
from typing import Any

from models.people import Actor
from notices.channels import Outgoing
from register.fold import catch_up
from register.reading.notices import deliveries
from rehearsal.play import Player, all_went_well
from rehearsal.stage import theatre
from rehearsal.story import Story, read_story
from runtime.staff import Member, StaffDirectory
from tests.notices.support import Carrier, Clock, sending

HILLINGDON = Path(__file__).parents[2] / "rehearsals" / "hillingdon"


def cast_of(story: Story) -> dict[str, Member]:
    """The people of a story, as a staff directory has them."""
    found = {}
    for name in story.cast:
        member = story.member(name)
        council = member.council or story.council
        actor = Actor(staff=name, post=member.post, council=council, unit=member.unit)
        found[name] = Member(actor, f"{name}@example.org")
    return found


async def told_in(story_file: Path) -> list[Outgoing]:
    """Everything that the people of a story are told, in the order of sending."""
    story = read_story(story_file)
    rota = {story.panel(forum): chairs for forum, chairs in story.rota.items()}
    async with theatre(rota, story.folder) as stage:
        assert all_went_well(await Player(story, story_file, stage).play())
        cast = cast_of(story)
        people = StaffDirectory(story_file, cast)
        sender = sending(stage.register.engine, carrier := Carrier(), Clock(await stage.now()), lambda: people)
        catch_up(stage.register.engine)
        while await sender.round():
            pass
        left = [one for one in deliveries(stage.register.engine) if one.state not in ("sent", "joined")]
        assert [one.fault for one in left if not (one.fault or "").startswith("nobody holds the post")] == []
    return carrier.carried


async def test_an_action_that_nobody_does_is_told_ahead_when_due_and_up_the_ladder() -> None:
    told = await told_in(HILLINGDON / "an_overdue_action_climbs_the_ladder_until_it_is_done.toml")
    found = [(one.staff, one.message.title) for one in told]
    assert found[0] == ("tom", "HARP-2041 waits for you")
    assert {staff for staff, title in found if title == "HARP-2041 is listed"} == {"amira", "tom", "pat"}
    assert {"amira", "tom", "helen"} <= {staff for staff, title in found if title == "HARP-2041 is decided"}
    assert [staff for staff, title in found if title == "HARP-2041: something for you to do"] == ["amira"]
    assert [staff for staff, title in found if title == "HARP-2041: an action is due soon"] == ["amira"]
    assert [staff for staff, title in found if title == "HARP-2041: an action is due"][:3] == ["amira", "tom", "helen"]


async def test_nobody_reads_anything_that_anybody_wrote_about_the_child() -> None:
    told = await told_in(HILLINGDON / "a_head_of_service_escalates_and_somebody_takes_it_up.toml")
    assert [one.staff for one in told if one.message.title == "HARP-2041: the escalation is taken up"] == ["helen"]
    said = " ".join(f"{one.message.title} {one.message.body}" for one in told)
    form = json.loads((HILLINGDON.parents[1] / "examples" / "hillingdon-harp.json").read_text(encoding="utf-8"))
    written = [text for text in texts_in(form) if " " in text]
    assert len(written) > 5
    assert [text for text in written if text in said] == []
    assert form["child"]["reference"] not in said


def texts_in(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Every text of a form."""
    match value:
        case dict():
            return [text for inner in value.values() for text in texts_in(inner)]
        case list():
            return [text for inner in value for text in texts_in(inner)]
        case str():
            return [value]
    return []
