"""A unit's or a team's overview, for whoever answers for it."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from console.office import Office
from console.rendering import console, heading, moment, print_json, table
from models.procedure import Council
from register.reading.overviews import OfPerson, OfPost, Overview, overview
from rules.authority import title
from rules.cover import in_force
from rules.working_days import local


def show_overview(here: Office, council: Council, unit: str | None, team: str | None, *, as_json: bool) -> None:
    """Show how much waits in a unit or a team, for whom, and what is nobody's.

    Args:
        here: An open register.
        council: The procedure.
        unit: The unit.
        team: The team.
        as_json: For other programs.
    """
    today = local(here.covers.now()).date()
    with here.engine.connect() as connection:
        found = overview(connection, council.key, today, unit=unit, team=team)
    whose = _reassigned(here, found.people)
    people = [_person(here, council, one, whose.get(one.staff)) for one in found.people]
    posts = [_post(here, council, one, unit) for one in found.posts]
    if as_json:
        print_json({"council": council.key, "unit": unit, "team": team, "posts": posts, "people": people})
        return
    _print(console(), council, found, posts, people)


def _reassigned(here: Office, people: Iterable[OfPerson]) -> dict[str, str]:
    """To whom the work of people was handed over for good."""
    now, names = here.covers.now(), [one.staff for one in people]
    return {
        one.staff: one.deputy
        for one in here.covers.around(names)
        if one.reassigned and one.of_process is None and in_force(one, now)
    }


def _person(here: Office, council: Council, one: OfPerson, given_to: str | None) -> dict[str, Any]:
    member = here.staff.members.get(one.staff)
    gone = here.staff.has_left(one.staff) or member is None or member.actor.council != council.key
    return {
        **one.model_dump(mode="json"),
        "gone": gone,
        "reassigned_to": given_to,
        "nobodys": gone and given_to is None,
    }


def _post(here: Office, council: Council, one: OfPost, unit: str | None) -> dict[str, Any]:
    holders = [actor.staff for actor in here.staff.holders(council.key, one.post, unit)]
    return {**one.model_dump(mode="json"), "title": title(council, one.post), "holders": holders}


def _print(
    out: Console, council: Council, found: Overview, posts: list[dict[str, Any]], people: list[dict[str, Any]]
) -> None:
    out.print(heading(f"{found.unit or found.team}, {council.title}"))
    if not posts and not people:
        out.print("Nothing waits here just now. Units and teams are named as referrals name them.")
        return
    rows = [
        (
            post["title"],
            str(post["waiting"]),
            str(post["overdue"] or ""),
            str(post["escalated"] or ""),
            moment(one.since),
            ", ".join(post["holders"]) or "NOBODY holds this post here",
        )
        for post, one in zip(posts, found.posts, strict=True)
    ]
    out.print(table(("Waits for", "Cases", "Overdue", "Escalated", "Longest since", "Who holds it"), rows))
    cells = [
        (
            one["staff"],
            *(str(one[name] or "") for name in ("referrals", "returned", "actions", "actions_overdue")),
            f"{one['reassigned_to']} does it" if one["reassigned_to"] else "NOBODY'S" if one["nobodys"] else "",
        )
        for one in people
    ]
    if cells:
        out.print(table(("Person", "Referrals", "Came back", "Actions", "Overdue", ""), cells))
    for one in people:
        if one["nobodys"]:
            out.print(
                f"What {one['staff']} left behind is nobody's: starter.py reassign --as MANAGER"
                f' --from {one["staff"]} --to STAFF --reason "Left"',
                soft_wrap=True,
            )
