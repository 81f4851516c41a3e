import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import ProgrammingError

from activities.register import Register
from models.errors import Refused
from models.process import Notice
from register.database import ALEMBIC_VERSION, VERSION, connect_register, open_register, version_of, writing
from register.fold import catch_up
from register.migrations.running import migrate
from register.tables import CLAIM, METADATA
from register.verify import verify
from tests.conftest import opened
from tests.postgres import PostgresServer
from tests.register.entries import entry

ROOT = Path(__file__).parents[2]
OLD_EVENT = """
INSERT INTO event (process_id, sequence, message_id, at, recorded_at, what, staff, post, accepted, code, cites,
    procedure_version, details)
VALUES (:process_id, :sequence, :message_id, :at, :recorded_at, :what, 'amira', 'social_worker', :accepted, :code,
    :cites, '2031.1', :details)
"""
OLD_NOTICE = """
INSERT INTO notice (process_id, sequence, number, post, staff, subject, at)
VALUES ('journey/hillingdon/R-1', 1, 0, 'team_manager', NULL, 'referred', '2031-03-06T09:30:00+00:00')
"""
OLD_CLAIM = """
INSERT INTO claim (process_id, round, council, total, "of", "window", pence, number)
VALUES ('journey/hackney/R-9', 0, 'hackney', 'section_17', 'F-1', '2030-31', 30010, 1)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/register.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        yield server.url(name)


@contextmanager
def connected(url: str) -> Iterator[sql.Engine]:
    """A register as it is, whatever its version."""
    engine = connect_register(url)
    try:
        yield engine
    finally:
        engine.dispose()


def as_it_was(url: str, *, with_rows: bool = False) -> None:
    """The register of the first release, which kept no version."""
    with connected(url) as engine, writing(engine) as connection:
        migrate(connection, None, "0001")
        connection.execute(sql.text("DROP TABLE alembic_version"))
        if with_rows:
            connection.execute(sql.text(OLD_EVENT), [old_event(1), old_event(2, what="sign_off"), refused_event()])
            connection.execute(sql.text(OLD_NOTICE))
            connection.execute(sql.text(OLD_CLAIM))


def old_event(sequence: int, **columns: object) -> dict[str, object]:
    return {
        "process_id": "journey/hillingdon/R-1",
        "sequence": sequence,
        "message_id": "",
        "at": f"2031-03-06T09:3{sequence}:00+00:00",
        "recorded_at": f"2031-03-06T09:3{sequence}:01.250000+00:00",
        "what": "refer",
        "accepted": True,
        "code": None,
        "cites": json.dumps(["HIL-001"]),
        "details": json.dumps({"reasons": "Größe"}),
        **columns,
    }


def refused_event() -> dict[str, object]:
    return old_event(0, message_id="m-1", accepted=False, code="same_person", recorded_at="2031-03-06T09:31:30+00:00")


def test_a_new_register_has_the_version_of_this_release(engine: sql.Engine) -> None:
    with engine.connect() as connection:
        assert version_of(connection) == VERSION


def test_the_tables_of_the_migrations_are_the_tables_of_the_program(empty_url: str) -> None:
    as_it_was(empty_url)

    with opened(empty_url) as engine, engine.connect() as connection:
        looks = {"compare_server_default": _differs, "compare_type": True, "include_object": _is_of_the_register}
        assert compare_metadata(MigrationContext.configure(connection, opts=looks), METADATA) == []


def _differs(*found: object) -> bool:
    """Whether a default is another one: the last of what alembic gives are both as SQL."""
    there, _, wanted = found[-3:]
    return _bare(there) != _bare(wanted)


def _bare(default: object) -> str:
    return str(default or "").split("::")[0].strip("()'")


def _is_of_the_register(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 - alembic's
    return not (kind == "table" and name == ALEMBIC_VERSION.name)


def test_a_register_made_at_once_is_laid_out_like_one_that_was_migrated(
    request: pytest.FixtureRequest, empty_url: str, tmp_path: Path
) -> None:
    of_postgres = empty_url.startswith("postgresql")
    at_once = request.getfixturevalue("postgres_url") if of_postgres else f"sqlite:///{tmp_path}/at-once.db"
    as_it_was(empty_url)

    made, migrated = _layout(at_once), _layout(empty_url)

    assert made == migrated
    assert sum("TRIGGER" in line for line in made) == 9  # three for each table of the log


LAYOUT = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        UNION ALL SELECT pg_get_triggerdef(oid) || pg_get_functiondef(tgfoid) FROM pg_trigger WHERE NOT tgisinternal
    """,
}


def _layout(url: str) -> list[str]:
    """Everything that a database says of its tables, columns, defaults, indexes, constraints and triggers."""
    with opened(url) as engine, engine.connect() as connection:
        lines = connection.scalars(sql.text(LAYOUT[engine.dialect.name])).all()
    return sorted(re.sub(r"[\s\"]+", " ", line) for line in lines)


def test_what_the_first_release_recorded_is_carried_over_and_chained(empty_url: str) -> None:
    as_it_was(empty_url, with_rows=True)

    with opened(empty_url) as engine:
        register = Register(engine)
        entries = register.events("journey/hillingdon/R-1")
        assert [(one.sequence, one.what, one.code) for one in entries] == [
            (0, "refer", "same_person"),
            (1, "refer", None),
            (2, "sign_off", None),
        ]
        assert entries[1].at == datetime(2031, 3, 6, 9, 31, tzinfo=UTC)
        assert entries[1].details == {"reasons": "Größe"}
        assert entries[1].cites == ("HIL-001",)
        assert register.notices() == [
            ("journey/hillingdon/R-1", Notice(post="team_manager", staff=None, subject="referred"))
        ]
        with engine.connect() as connection:
            assert connection.scalar(sql.select(CLAIM.c.pence)) == 30010
        report = verify(engine)
        assert report.faults == ()
        assert report.head.position == 3


def test_the_carried_events_stand_in_the_order_in_which_they_were_recorded(empty_url: str) -> None:
    as_it_was(empty_url, with_rows=True)

    with opened(empty_url) as engine, engine.connect() as connection:
        order = connection.execute(sql.text("SELECT sequence FROM event ORDER BY position")).scalars().all()

    assert order == [1, 0, 2]


async def test_a_register_of_the_release_before_is_brought_up_to_date(empty_url: str) -> None:
    with connected(empty_url) as engine, writing(engine) as connection:
        migrate(connection, None, "0002")

    with opened(empty_url) as engine:
        register = Register(engine)
        await register.announce("episode/hillingdon/C-1")
        assert await register.expects("episode/hillingdon/C-1")
        assert not await register.knows("episode/hillingdon/C-1")
        with engine.connect() as connection:
            assert version_of(connection) == VERSION


def test_a_register_of_a_newer_release_is_left_alone(empty_url: str) -> None:
    with opened(empty_url) as engine, writing(engine) as connection:
        connection.execute(sql.update(ALEMBIC_VERSION).values(version_num="9999"))

    with pytest.raises(Refused, match="tables of version 9999"):
        open_register(empty_url)


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_processes_that_open_a_register_at_once_make_its_tables_once(empty_url: str, *, old: bool) -> None:
    if old:
        as_it_was(empty_url, with_rows=True)
    together = threading.Barrier(4)

    def open_it() -> str | None:
        together.wait()
        with opened(empty_url) as engine, engine.connect() as connection:
            return version_of(connection)

    with ThreadPoolExecutor(4) as pool:
        assert [one.result() for one in [pool.submit(open_it) for _ in range(4)]] == [VERSION] * 4


def test_a_role_that_may_only_add_to_the_log_is_enough_for_a_worker(postgres_url: str) -> None:
    documented = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    (grants,) = re.findall(r"```sql\n(GRANT.*?)```", documented, re.DOTALL)
    worker = "waymark_worker"
    with connected(postgres_url) as owner, owner.begin() as connection:
        connection.execute(sql.text(f"DROP ROLE IF EXISTS {worker}"))
        connection.execute(sql.text(f"CREATE ROLE {worker} LOGIN"))
        connection.execute(sql.text(grants))

    with opened(postgres_url.replace("postgres@", f"{worker}@")) as engine:
        Register(engine).write([entry(1), entry(2)])
        with pytest.raises(ProgrammingError, match="permission denied"), writing(engine) as connection:
            connection.execute(sql.text("DELETE FROM event"))
        assert catch_up(engine) == 2
        assert verify(engine).holds

    with connected(postgres_url) as owner, owner.begin() as connection:
        connection.execute(sql.text(f"DROP OWNED BY {worker}; DROP ROLE {worker}"))
