"""The made-up register of the benchmarks: always the same, and as the fold would have it."""

import sqlalchemy as sql

from benchmarks.register_pages import pages
from benchmarks.register_seed import fill
from register.database import open_register
from register.fold import rebuild
from register.read_models import READ_MODELS

JOURNEYS = 60


def rows_of(engine: sql.Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: [str(row) for row in connection.execute(sql.select(table).order_by(*table.primary_key))]
            for table in READ_MODELS
        }


def test_it_is_the_same_each_time_and_after_a_rebuild(tmp_path: object) -> None:
    first, second = (open_register(f"sqlite:///{tmp_path}/{name}.db") for name in ("first", "second"))
    for engine in (first, second):
        fill(engine, JOURNEYS, lambda _: None)
    filled = rows_of(first)
    assert filled == rows_of(second)
    assert all(filled[name] for name in ("journey", "sitting", "decision", "action", "clock", "placement", "child"))
    rebuild(second)
    assert filled == rows_of(second)
    with first.connect() as connection:
        for make in pages(first).values():
            assert make(connection, 0) is not None
    first.dispose()
    second.dispose()
