import os
from pathlib import Path

import pytest

from runtime.server_process import free_port
from runtime.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a state folder and usual ports of this test's own, as if nobody had set an address."""
    usual = Settings(
        state_folder=tmp_path / "state",
        temporal_address=f"127.0.0.1:{free_port()}",
        temporal_ui=f"http://127.0.0.1:{free_port()}",
    )
    return Settings.model_construct({"state_folder"}, **usual.model_dump())
