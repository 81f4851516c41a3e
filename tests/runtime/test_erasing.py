"""What the Temporal server has of a child goes too, once nothing is open."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from disclosure.archive import disclose
from disclosure.erasure import erase_child
from models.errors import Refused
from models.people import Actor
from procedures.loader import load_council
from register.verify import verify
from runtime.erasing import delete_histories, processes_at_temporal, require_over
from runtime.processes import status_of
from tests.workflows.support import WORKER, Running, form, running

HILLINGDON = load_council("hillingdon")
DIRECTOR = Actor(staff="director-1", post="director", council="hillingdon")
MINE, OTHERS = "C-50117", "C-60117"


async def seen(way_in: Running, child: str, wanted: dict[str, bool]) -> dict[str, bool]:
    """What the server's list says of a child; it follows what happened a moment later."""
    found = await processes_at_temporal(way_in.client, "hillingdon", child)
    while found != wanted:
        found = await processes_at_temporal(way_in.client, "hillingdon", child)
    return found


async def test_a_closed_journey_is_disclosed_erased_and_gone_from_the_server_and_others_stay(tmp_path: Path) -> None:
    async with running(tmp_path) as way_in:
        process = await way_in.refer("GONE-1")
        other = form("STAYS-1", child={"reference": OTHERS, "date_of_birth": "2019-05-14"})
        stays = (await way_in.gateway.refer(other, WORKER, datetime.now(UTC)))[0]
        async with asyncio.timeout(60):
            await seen(way_in, MINE, {process: True})
        with pytest.raises(Refused, match="GONE-1"):
            await require_over(way_in.client, [process])
        await way_in.at_rest(process)
        await way_in.act(process, "withdraw", WORKER, {"reasons": "gone-narrative"})
        async with asyncio.timeout(60):
            await seen(way_in, MINE, {process: False})
        await require_over(way_in.client, [process])

        engine, now = way_in.register.engine, datetime.now(UTC)
        made = disclose(engine, HILLINGDON, MINE, DIRECTOR, "Request 1", tmp_path / "out", now)
        assert made.events >= 2
        erased = erase_child(engine, HILLINGDON, MINE, DIRECTOR, "Court order 1", now, early=True)
        done = await delete_histories(way_in.client, erased.processes)

        assert (done.deleted, done.left) == ((process,), ())
        async with asyncio.timeout(60):
            while await status_of(way_in.client, process) is not None:
                continue
            assert await seen(way_in, MINE, {}) == {}
        assert await status_of(way_in.client, stays) is not None
        assert (await delete_histories(way_in.client, erased.processes)).left == ()
        assert verify(engine).holds
        with pytest.raises(Refused) as refused:
            await way_in.refer("GONE-1")
        assert refused.value.code in ("invalid", "unknown")
