"""What tests of the log need beside an empty register."""

from collections.abc import Iterator

import pytest

from tests.postgres import PostgresServer, postgres_server


@pytest.fixture
def postgres_of_its_own() -> Iterator[tuple[PostgresServer, str]]:
    """A server that a test may stop, kill and start, and the address of an empty database on it."""
    with postgres_server() as server:
        server.create_database("register")
        yield server, server.url("register")
