import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.settings import Settings, SettingsError, load_settings, variable


def leave_connection(folder: Path, **changes: object) -> None:
    folder.mkdir(exist_ok=True)
    connection = {
        "temporal_address": "127.0.0.1:40001",
        "temporal_ui": "http://127.0.0.1:40002",
        "pid": os.getpid(),
    }
    (folder / "connection.json").write_text(json.dumps(connection | changes), encoding="utf-8")


def pid_of_a_finished_process() -> int:
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait()
    return finished.pid


def test_with_nothing_set_waymark_runs_on_this_machine() -> None:
    settings = load_settings()

    assert settings.environment == "development"
    assert settings.temporal_address == "127.0.0.1:7233"
    assert settings.temporal_namespace == "default"
    assert settings.temporal_ui == "http://127.0.0.1:8233"
    assert settings.task_queue == "waymark"
    assert settings.register_url == "sqlite:///.waymark/register.db"
    assert settings.staff_directory == Path("examples/staff.toml")


def test_the_register_lies_in_the_state_folder_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", "/var/lib/waymark")
    assert load_settings().register_url == "sqlite:////var/lib/waymark/register.db"

    monkeypatch.setenv("WAYMARK_REGISTER_URL", "postgresql+psycopg://waymark@db/waymark")
    assert load_settings().register_url == "postgresql+psycopg://waymark@db/waymark"


def test_a_server_on_other_ports_is_found_through_its_connection_file() -> None:
    leave_connection(Path(".waymark"))

    settings = load_settings()

    assert settings.temporal_address == "127.0.0.1:40001"
    assert settings.temporal_ui == "http://127.0.0.1:40002"


def test_an_address_in_the_environment_beats_the_connection_file(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_connection(Path(".waymark"))
    monkeypatch.setenv("WAYMARK_TEMPORAL_ADDRESS", "temporal.council.example:7233")

    assert load_settings().temporal_address == "temporal.council.example:7233"


def test_a_server_without_a_ui_leaves_the_ui_address_as_it_was() -> None:
    leave_connection(Path(".waymark"), temporal_ui=None)

    assert load_settings().temporal_ui == "http://127.0.0.1:8233"


def test_a_connection_file_of_a_server_that_ended_is_ignored() -> None:
    leave_connection(Path(".waymark"), pid=pid_of_a_finished_process())

    assert load_settings().temporal_address == "127.0.0.1:7233"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pid": "one"}'])
def test_a_connection_file_that_makes_no_sense_is_ignored(content: str) -> None:
    folder = Path(".waymark")
    folder.mkdir()
    (folder / "connection.json").write_text(content, encoding="utf-8")

    assert load_settings().temporal_address == "127.0.0.1:7233"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "staging"),
        ("temporal_address", "7233"),
        ("temporal_ui", "127.0.0.1:8233"),
        ("register_url", "mysql://waymark:secret@db/waymark"),
        ("log_format", "xml"),
        ("log_level", "loud"),
        ("task_queue", ""),
        ("max_concurrent_workflow_tasks", "1"),
        ("max_cached_workflows", "many"),
        ("sticky_queue_seconds", "0"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_the_variable_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    monkeypatch.setenv(variable(field), value)

    with pytest.raises(SettingsError) as error:
        load_settings()

    sentence = str(error.value)
    assert sentence.startswith(f"{variable(field)} must be ")
    assert sentence.endswith(": correct it, or unset it to use the default.")
    assert "\n" not in sentence
    assert "secret" not in sentence
    assert error.value.__cause__ is None


def test_the_log_level_may_be_written_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_LOG_LEVEL", "debug")

    assert load_settings().log_level == "DEBUG"


def test_production_refuses_to_start_on_default_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_ENVIRONMENT", "production")

    with pytest.raises(
        SettingsError, match="Production needs WAYMARK_TEMPORAL_ADDRESS and WAYMARK_REGISTER_URL: set them,"
    ):
        load_settings()

    monkeypatch.setenv("WAYMARK_TEMPORAL_ADDRESS", "temporal:7233")
    with pytest.raises(SettingsError, match="Production needs WAYMARK_REGISTER_URL: set it,"):
        load_settings()


def test_production_never_follows_a_connection_file(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_connection(Path(".waymark"))
    monkeypatch.setenv("WAYMARK_ENVIRONMENT", "production")
    monkeypatch.setenv("WAYMARK_TEMPORAL_ADDRESS", "temporal:7233")
    monkeypatch.setenv("WAYMARK_REGISTER_URL", "postgresql+psycopg://waymark@db/waymark")

    settings = load_settings()

    assert settings.temporal_address == "temporal:7233"
    assert settings.temporal_ui == "http://127.0.0.1:8233"


def test_a_password_in_the_register_address_is_not_printed_with_the_settings() -> None:
    assert "secret" not in repr(Settings(register_url="postgresql+psycopg://waymark:secret@db/waymark"))
