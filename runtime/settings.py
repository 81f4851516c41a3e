"""What a deployment decides: read from `WAYMARK_*` environment variables, checked before anything starts."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "WAYMARK_"
CONNECTION_FILE = "connection.json"

_REQUIRED_IN_PRODUCTION = ("temporal_address", "register_url")

Address = Annotated[str, StringConstraints(pattern=r"^[^\s/:]+:\d{1,5}$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Notices = Annotated[
    str,
    StringConstraints(
        pattern=r"^(outbox|none|notify|smtps?://([^\s/:@]+@)?(\[[0-9a-fA-F:]+\]|[^\s/:@]+)(:\d{1,5})?/?)$"
    ),
]
EmailAddress = Annotated[str, StringConstraints(pattern=r"^[^\s@<>]+@[^\s@<>]+$")]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s{}]*(\{process\}[^\s{}]*)?$")]
NotifyKey = Annotated[SecretStr, Field(min_length=73)]
DatabaseUrl = Annotated[str, StringConstraints(pattern=r"^(sqlite|postgresql\+psycopg)://\S*$")]
UpperCase = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence with the variable and the remedy."""


class Settings(BaseSettings):
    """Every setting, by its variable without the prefix; each description completes "must be ..."."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        default="development", description="development or production"
    )
    state_folder: Path = Field(default=Path(".waymark"), description="a folder for what must outlive a restart")
    temporal_address: Address = Field(
        default="127.0.0.1:7233", description="the Temporal server's host:port, such as 127.0.0.1:7233"
    )
    temporal_namespace: str = Field(default="default", min_length=1, description="a Temporal namespace")
    temporal_ui: WebAddress = Field(
        default="http://127.0.0.1:8233",
        description="the Temporal UI's address, such as http://127.0.0.1:8233",
    )
    task_queue: str = Field(default="waymark", min_length=1, description="the name of a task queue")
    # Not in the representation, since the address may hold a password.
    register_url: DatabaseUrl = Field(
        default_factory=lambda known: f"sqlite:///{known['state_folder']}/register.db",
        repr=False,
        description="a database address that begins with sqlite:// or postgresql+psycopg://",
    )
    staff_directory: Path = Field(
        default=Path("examples/staff.toml"), description="the file that names staff and their posts"
    )
    rota: Path = Field(
        default=Path("examples/rota.toml"),
        description="the file that names who chairs which sitting; it need not be there",
    )
    notices: Notices = Field(
        default="outbox",
        description="outbox, none, notify or a mail server without a password, such as smtp://user@mail.example.org",
    )
    notices_password: SecretStr | None = Field(default=None, description="the password for the mail server")
    notices_from: EmailAddress | None = Field(
        default=None, description="the address that emails come from, such as panels@example.org"
    )
    notify_key: NotifyKey | None = Field(default=None, description="an API key of GOV.UK Notify, whole")
    notify_template: str | None = Field(
        default=None, min_length=1, description="the id of an email template of GOV.UK Notify"
    )
    notify_address: WebAddress = Field(
        default="https://api.notifications.service.gov.uk",
        description="the address of GOV.UK Notify's API, such as https://api.notifications.service.gov.uk",
    )
    link: Link | None = Field(
        default=None,
        description="where people look a case up, such as https://waymark.example.org/{process}",
    )
    log_format: Literal["auto", "json", "console"] = Field(default="auto", description="auto, json or console")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], UpperCase] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    max_concurrent_workflow_tasks: int = Field(
        default=100, ge=2, description="a whole number of workflow tasks at once, 2 or more"
    )
    max_concurrent_activities: int = Field(
        default=100, ge=1, description="a whole number of activities at once, 1 or more"
    )
    max_concurrent_local_activities: int = Field(
        default=100, ge=1, description="a whole number of local activities at once, 1 or more"
    )
    # About an eighth of a megabyte each. A journey that rests for weeks is replayed when it moves.
    max_cached_workflows: int = Field(
        default=400, ge=0, description="a whole number of workflows kept in memory, 0 or more"
    )
    # The tests set it: it shows whether workflows stay deterministic, and costs a quarter of the speed.
    sandbox: bool = Field(default=False, description="true or false: whether workflows run in Temporal's sandbox")
    # How long a workflow waits for a worker that died before another one takes it.
    sticky_queue_seconds: float = Field(default=2.0, gt=0, description="a number of seconds above 0")
    graceful_shutdown_seconds: float = Field(default=10.0, ge=0, description="a number of seconds, 0 or more")

    @property
    def connection_file(self) -> Path:
        """Where a running embedded server says how to reach it."""
        return self.state_folder / CONNECTION_FILE

    def at_running_server(self) -> Self:
        """These settings, pointed at this state folder's embedded server if one runs.

        What the environment sets explicitly stays.
        """
        found = read_connection(self.connection_file)
        wanted = {
            key: found[key]
            for key in ("temporal_address", "temporal_ui")
            if found.get(key) and key not in self.model_fields_set
        }
        return self.model_copy(update=wanted)


def load_settings() -> Settings:
    """Reads the environment, and in development the addresses that a running embedded server left.

    Raises:
        SettingsError: A variable is wrong, or one that production needs is not set.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        # Pydantic's own report runs over several lines and repeats values, which may hold a password.
        raise SettingsError(_sentence(error)) from None
    if settings.environment == "development":
        return settings.at_running_server()
    missing = [variable(name) for name in _REQUIRED_IN_PRODUCTION if name not in settings.model_fields_set]
    if missing:
        raise SettingsError(
            f"Production needs {' and '.join(missing)}: set {'it' if len(missing) == 1 else 'them'},"
            f" or leave {variable('environment')} at development."
        )
    return settings


def variable(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return PREFIX + field.upper()


def read_connection(file: Path) -> dict[str, Any]:
    """What the embedded server whose connection file this is left in it; empty when it no longer runs."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) and is_alive(found.get("pid")) else {}


def is_alive(pid: object) -> bool:
    """Whether a process of this number runs."""
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sentence(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(fault["loc"][0])
    return (
        f"{variable(name)} must be {Settings.model_fields[name].description}:"
        " correct it, or unset it to use the default."
    )
