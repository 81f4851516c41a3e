import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from console.app import app
from runtime.server_process import free_port
from runtime.settings import PREFIX

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "starter.py"
WORKER = ROOT / "worker.py"
READY = "Running. Press Ctrl-C to stop."

Run = Callable[..., Result]


def environment(state: Path, **more: str) -> dict[str, str]:
    """A shell in which nothing of Waymark is set but its own state and the example staff."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {
        "WAYMARK_STATE_FOLDER": str(state),
        "WAYMARK_STAFF_DIRECTORY": str(ROOT / "examples" / "staff.toml"),
        "WAYMARK_ROTA": str(state / "rota.toml"),
    }
    return kept | own | more


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def serving(state: Path) -> Iterator[Path]:
    """A real server with a worker, as `up` starts them; its state folder."""
    places = {
        "WAYMARK_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "WAYMARK_TEMPORAL_UI": f"http://127.0.0.1:{free_port()}",
    }
    with (state / "up.log").open("w") as log:
        up = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(STARTER), "up"],
            env=environment(state, **places),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert up.stdout
    told = []
    for line in up.stdout:
        told.append(line)
        if READY in line:
            break
    else:
        pytest.fail("".join([*told, (state / "up.log").read_text(encoding="utf-8")]))
    yield state
    up.send_signal(signal.SIGTERM)
    rest, _ = up.communicate(timeout=30)
    assert "Stopping." in rest
    assert up.returncode == 0


@pytest.fixture
def run(state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in this process, in the shell of `environment`."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in environment(state).items():
        if name.startswith(PREFIX):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, given: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=given)
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def form(tmp_path: Path) -> Callable[..., str]:
    """Writes an intake form like the example, with a reference of its own; dotted keys reach inside."""

    def write(reference: str, **changes: object) -> str:
        body: dict[str, Any] = json.loads((ROOT / "examples" / "hillingdon-harp.json").read_text(encoding="utf-8"))
        body["referral_ref"] = reference
        body |= changes
        path = tmp_path / f"{reference}.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        return str(path)

    return write
