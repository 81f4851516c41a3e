import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.settings import PREFIX, Settings, load_settings, variable

ROOT = Path(__file__).parents[1]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

RUN_ONCE = {"temporal-schema", "temporal-namespace"}
RUN_ON = SERVICES.keys() - RUN_ONCE
HOST_VARIABLES = {"POSTGRES_PASSWORD", "WAYMARK_WORKER_REPLICAS"}


def environment(service: str) -> dict[str, str]:
    """What a service is given; what has no value here is passed on from the host where the host sets it."""
    given = SERVICES[service].get("environment", {})
    return {name: value for name, value in given.items() if value is not None}


def environment_of_the_image() -> dict[str, str]:
    return dict(re.findall(rf"({PREFIX}\w+)=(\S+)", DOCKERFILE))


def test_the_deployment_has_the_services_that_waymark_needs_and_no_others() -> None:
    assert sorted(RUN_ON) == ["postgres", "temporal", "temporal-ui", "worker"]
    assert SERVICES.keys() >= RUN_ONCE


@pytest.mark.parametrize("service", sorted(RUN_ON))
def test_a_service_that_runs_on_has_a_health_check_and_comes_back(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= check.keys()
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", sorted(RUN_ONCE))
def test_a_step_that_runs_once_is_tried_again_and_waited_for(service: str) -> None:
    assert SERVICES[service]["restart"].startswith("on-failure")
    waiting = [other for other in SERVICES.values() if service in other.get("depends_on", {})]
    assert waiting
    assert {other["depends_on"][service]["condition"] for other in waiting} == {"service_completed_successfully"}


def test_each_service_waits_until_what_it_needs_is_ready() -> None:
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            ready = "service_completed_successfully" if needed in RUN_ONCE else "service_healthy"
            assert how == {"condition": ready}
    assert SERVICES["temporal-schema"]["depends_on"].keys() == {"postgres"}
    assert SERVICES["temporal"]["depends_on"].keys() == {"temporal-schema"}
    assert SERVICES["temporal-namespace"]["depends_on"].keys() == {"temporal"}
    assert SERVICES["temporal-ui"]["depends_on"].keys() == {"temporal"}
    assert SERVICES["worker"]["depends_on"].keys() == {"postgres", "temporal-namespace"}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_image_is_pinned_to_a_version(service: str) -> None:
    _, tag = SERVICES[service]["image"].split(":")
    assert re.match(r"\d+\.\d+", tag)


def test_the_base_image_and_the_packages_are_pinned() -> None:
    assert re.search(r"^FROM python:3\.12-slim", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes --requirement requirements/runtime.txt" in DOCKERFILE
    assert "--hash=sha256:" in (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")


def test_temporals_tools_have_the_version_of_its_server() -> None:
    version = SERVICES["temporal"]["image"].split(":")[1]
    assert {SERVICES[name]["image"] for name in RUN_ONCE} == {f"temporalio/admin-tools:{version}"}


def test_the_image_is_not_the_one_that_temporal_gave_up() -> None:
    assert "auto-setup" not in COMPOSE_TEXT


def test_every_waymark_variable_is_a_setting() -> None:
    known = {variable(field) for field in Settings.model_fields}
    given = dict(SERVICES["worker"]["environment"]) | environment_of_the_image()
    assert {name for name in given if name.startswith(PREFIX)} <= known
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", COMPOSE_TEXT + DOCKERFILE))
    assert named <= known | HOST_VARIABLES


def test_the_workers_environment_is_valid_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in (environment_of_the_image() | environment("worker")).items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value))

    settings = load_settings()

    assert settings.environment == "production"
    assert settings.temporal_address == "temporal:7233"
    assert settings.register_url.startswith("postgresql+psycopg://")


def test_no_secret_is_written_down_or_has_a_default() -> None:
    for service in SERVICES:
        for name, value in environment(service).items():
            if re.search(r"PASSWORD|PWD|SECRET|TOKEN", name):
                assert value.startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:-" not in COMPOSE_TEXT
    assert not re.search(r"://[^/\s@]*:[^/\s@]*@", COMPOSE_TEXT)
    assert "PASSWORD" not in DOCKERFILE


def test_the_register_has_a_database_of_its_own() -> None:
    register = environment("worker")["WAYMARK_REGISTER_URL"].rsplit("/", 1)[1]
    assert register == environment("postgres")["POSTGRES_DB"]
    (schema_script,) = SERVICES["temporal-schema"]["command"]
    databases = set(re.findall(r"database=(\w+)", schema_script))
    assert databases == {"temporal", "temporal_visibility"}
    assert register not in databases


def test_only_this_host_reaches_the_ports() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}
    assert published == {"127.0.0.1:7233:7233", "127.0.0.1:8233:8080"}


def test_the_number_of_workers_is_adjustable() -> None:
    assert SERVICES["worker"]["deploy"]["replicas"] == "${WAYMARK_WORKER_REPLICAS:-1}"
    assert "container_name" not in SERVICES["worker"]
    assert "ports" not in SERVICES["worker"]


def test_the_server_takes_as_many_updates_at_once_as_the_embedded_one() -> None:
    source = SERVICES["temporal"]["configs"][0]
    settings = yaml.safe_load(COMPOSE["configs"][source["source"]]["content"])
    assert settings == {"history.maxInFlightUpdates": [{"value": 500}]}
    assert environment("temporal")["DYNAMIC_CONFIG_FILE_PATH"] == source["target"]


def test_the_worker_runs_as_nobody_in_particular_and_changes_nothing_in_its_image() -> None:
    user = re.search(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert user
    assert user.group(1) not in {"root", "0"}
    worker = SERVICES["worker"]
    assert worker["read_only"] is True
    assert worker["cap_drop"] == ["ALL"]


def test_the_worker_says_itself_whether_it_is_well() -> None:
    command = ["python", "worker.py", "--check"]
    assert SERVICES["worker"]["healthcheck"]["test"] == ["CMD", *command]
    assert re.search(r'^ +CMD \["python", "worker.py", "--check"\]', DOCKERFILE, re.MULTILINE)
    assert re.search(r'^CMD \["python", "worker.py"\]', DOCKERFILE, re.MULTILINE)


def test_the_worker_is_given_longer_to_stop_than_it_gives_its_activities() -> None:
    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().graceful_shutdown_seconds


def test_the_image_holds_every_package_and_no_state() -> None:
    kept = {
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    packages = {folder.parent.name for folder in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= kept
    assert {"worker.py", "starter.py", "requirements/runtime.txt"} <= kept
    assert not kept & {".waymark", ".git", ".venv", "tests"}
