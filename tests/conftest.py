"""What tests of every part may ask for: an empty register on each kind of database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sql

from register.database import open_register
from tests.postgres import PostgresServer, postgres_server

TEMPLATE = "waymark_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this test process; it starts when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """An empty register that the databases of tests are copied from."""
    postgres.create_database(TEMPLATE)
    open_register(postgres.url(TEMPLATE)).dispose()
    return TEMPLATE


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The address of an empty register on PostgreSQL, this test's own."""
    with postgres.database(postgres_template) as name:
        yield postgres.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def register_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a register of this test's own, once on each kind of database."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path}/register.db"


@pytest.fixture
def engine(register_url: str) -> Iterator[sql.Engine]:
    """An empty register of this test's own, once on each kind of database."""
    with opened(register_url) as found:
        yield found


@contextmanager
def opened(url: str) -> Iterator[sql.Engine]:
    """A register that is closed afterwards."""
    found = open_register(url)
    try:
        yield found
    finally:
        found.dispose()
