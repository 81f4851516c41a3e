"""Reads a TOML file of a council."""

import tomllib
from pathlib import Path
from typing import Any


def read_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    """What a file says; a file that cannot be read is a fault and says nothing.

    Args:
        path: The file.
        faults: Where faults are added.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing. Write it, as docs/procedures.md shows.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{name}: not TOML: {error}. Correct that line.")
    return {}
