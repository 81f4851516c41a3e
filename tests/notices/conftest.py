from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from tests.conftest import opened


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[sql.Engine]:
    """An empty register of this test's own, where the kind of database makes no difference."""
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        yield engine
