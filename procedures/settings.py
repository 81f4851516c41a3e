"""What a council decides for itself: `local.toml`, and the places in its other files that ask for it."""

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from models.data import Texts
from models.timetable import MeetingDate
from procedures.shapes import NotSet, sentence
from procedures.toml import read_toml

LOCAL_FILE = "local.toml"
SettingValue = bool | int | float | date | time | str | list[str]


class Local(BaseModel):
    """`local.toml`: what a council decides for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    closure_days: tuple[date, ...] = ()
    settings: dict[str, SettingValue] = {}
    lists: dict[str, Texts] = {}
    timetables: dict[str, tuple[MeetingDate, ...]] = {}


def read_local(folder: Path, faults: list[str]) -> Local:
    """The council's own decisions.

    Args:
        folder: Where its files lie.
        faults: Where faults are added.
    """
    body = read_toml(folder / LOCAL_FILE, faults)
    try:
        return Local.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False)
    faults.extend(sentence(f"{folder.name}/{LOCAL_FILE}", fault) for fault in found)
    wrong = {fault["loc"][0] for fault in found}
    return Local.model_validate({key: value for key, value in body.items() if key not in wrong})


@dataclass
class Settings:
    """The values that `council.toml` declares and `local.toml` gives, and where they are asked for.

    Args:
        folder: The name of the council's folder.
        declared: `[settings]` of `council.toml`.
        local: The council's own decisions.
        faults: Where faults are added.
    """

    folder: str
    declared: dict[str, Any]
    local: Local
    faults: list[str]
    asked: dict[str, set[str]] = field(default_factory=dict)

    def filled(self) -> dict[str, Any]:
        """Every declared setting with its value; one without is a fault, and so is a value that nobody declared.

        A setting without a value gets one that stands in, so that what asks for it can be checked all the same.
        """
        name = f"{self.folder}/{LOCAL_FILE}"
        self.faults.extend(
            f"{name}: settings.{key}: the procedure does not know it. Remove it."
            for key in self.local.settings
            if key not in self.declared
        )
        filled = {}
        for key, setting in self.declared.items():
            if key in self.local.settings:
                value = self.local.settings[key]
                filled[key] = {**setting, "value": value.isoformat() if isinstance(value, time) else value}
            else:
                filled[key] = {**setting, "value": 1}
                self.faults.append(
                    f"{name}: settings.{key}: is not set and has no default ({setting.get('title', key)}). "
                    f"Write `{key} = ...` under [settings]."
                )
        return filled

    def timetabled(self, body: dict[str, Any], forum: str) -> dict[str, Any]:
        """A forum's file with the meetings of the council's own yearly timetable; they are added to its schedule.

        Args:
            body: What the file says.
            forum: The forum's key.
        """
        own = self.local.timetables.get(forum, ())
        schedule = body.get("schedule")
        if not own or not isinstance(schedule, dict):
            return body
        dates = [*schedule.get("dates", []), *(meeting.model_dump() for meeting in own)]
        return {**body, "schedule": {**schedule, "dates": dates}}

    def check_timetables(self, files: dict[str, dict[str, Any]]) -> None:
        """A timetable of a forum that has no schedule of its own is a fault.

        Args:
            files: What the forums' files say, by the forum's key.
        """
        self.faults.extend(
            f"{self.folder}/{LOCAL_FILE}: timetables.{forum}: no forum of that name meets. Correct the key."
            for forum in self.local.timetables
            if "schedule" not in files.get(forum, {})
        )

    def resolved(self, part: Any, name: str, path: str = "") -> Any:  # noqa: ANN401 - any TOML value
        """A part of a file, with every `{ setting = "name" }` in it replaced by the council's own value.

        Args:
            part: What the file says.
            name: The file.
            path: Where the part stands in it.
        """
        if isinstance(part, list):
            return [self.resolved(one, name, f"{path}.{number}") for number, one in enumerate(part)]
        if not isinstance(part, dict):
            return part
        if part.keys() == {"setting"} and isinstance(part["setting"], str):
            return self._value(part["setting"], name, path)
        return {key: self.resolved(one, name, f"{path}.{key}" if path else key) for key, one in part.items()}

    def _value(self, key: str, name: str, path: str) -> SettingValue | NotSet:
        self.asked.setdefault(name, set()).add(key)
        if key not in self.declared:
            self.faults.append(f"{name}: {path}: there is no setting {key}. Declare it under [settings].")
        return self.local.settings.get(key, NotSet()) if key in self.declared else NotSet()
