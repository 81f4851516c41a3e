"""`sitting`: one meeting of a panel by council, forum and date."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from console.errors import BadInput, command
from console.naming import council_named, date_named, one_of
from console.options import AsJson
from console.rendering import console, day, print_json
from console.session import session
from console.showing import print_sitting
from models.errors import RefusalCode, Refused
from models.identifiers import sitting_id
from models.procedure import Council
from models.views import SittingView
from procedures.calendars import working_calendar
from rules.schedule import next_sitting, panel_key, sittings_from

NEXT = "next"


@command
async def sitting(
    council: Annotated[str, typer.Argument(metavar="COUNCIL", help="The council's key, such as hillingdon")],
    forum: Annotated[str, typer.Argument(metavar="FORUM", help="The panel's key, such as harp")],
    on: Annotated[str, typer.Argument(metavar="DATE", help="Its date, such as 2026-12-01; or `next`")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show a sitting: the agenda with times and papers, the reserve list, who is invited, empty seats.

    Examples:
      starter.py sitting hillingdon harp next
      starter.py sitting hillingdon complex_harp 2026-12-01 --json
    """
    procedure = council_named(council)
    sitting_forums = [key for key, one in procedure.forums.items() if one.body == "sitting"]
    key = one_of(forum, sitting_forums, f"panel of {procedure.title} that sits called")
    key = panel_key(procedure, key)
    meets = _next(procedure, key) if on == NEXT else date_named(on)
    async with session() as way_in:
        try:
            view = await way_in.gateway.view(sitting_id(council, key, meets))
        except Refused as refused:
            if refused.code is not RefusalCode.UNKNOWN:
                raise
            raise BadInput(_nothing_booked(procedure, key, meets)) from None
    if as_json:
        print_json(view.model_dump(mode="json"))
    elif isinstance(view, SittingView):
        print_sitting(console(), view, procedure)


def _next(council: Council, forum: str) -> date:
    now = datetime.now(UTC)
    return next_sitting(now, council.forums[forum], working_calendar(council.key, now.year - 1))


def _nothing_booked(council: Council, forum: str, on: date) -> str:
    title = council.forums[forum].title
    meetings = sittings_from(on, council.forums[forum], working_calendar(council.key, on.year - 1))
    following = next(meetings)
    if following == on:
        return f"Nothing is booked for {title} on {day(on)} yet: endorse a referral, or choose another date."
    return f"{title} does not meet on {day(on)}: its next sitting after that is on {day(following)} ({following})."
