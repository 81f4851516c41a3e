"""How long records are kept and who may do what with them: common data, and what a council sets beside it."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from models.errors import ProcedureFault
from models.retention import RecordKind, Records
from procedures.catalogue import catalogue, laws
from procedures.toml import read_toml

COMMON = Path(__file__).with_name("records.toml")
COUNCILS = Path(__file__).parents[1]
OWN = Path("records") / "records.toml"
PERIODS = ("until_age", "years_after_last_entry", "years_after_adoption", "years_after_death")


@cache
def records_of(council: str, root: Path = COUNCILS) -> Records:
    """What a council's records are subject to: its own entries in the place of the common ones.

    Args:
        council: The council's key.
        root: Where the councils' folders lie.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    faults: list[str] = []
    common = _read(COMMON, faults)
    own_file = root / council / OWN
    own = _read(own_file, faults) if own_file.exists() else None
    if common is None or faults:
        raise ProcedureFault(faults)
    if own is None:
        return common
    kinds = {kind.key: kind for kind in common.kinds}
    for kind in own.kinds:
        faults += _shortened(kinds.get(kind.key), kind, f"{council}/{OWN}")
        kinds[kind.key] = kind
    if faults:
        raise ProcedureFault(faults)
    return Records(kinds=tuple(kinds.values()), who={**common.who, **own.who})


def _read(path: Path, faults: list[str]) -> Records | None:
    body = read_toml(path, faults)
    name = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        found = Records.model_validate(body)
    except ValidationError as error:
        faults.extend(
            f"{name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}. Correct it." for fault in error.errors()
        )
        return None
    known = {*catalogue(), *laws()}
    for key, part in [*((kind.key, kind) for kind in found.kinds), *found.who.items()]:
        faults.extend(f"{name}: {key}.cites: there is no rule {cite}." for cite in part.cites if cite not in known)
    faults.extend(
        f"{name}: {kind.key}: says no period. Write one of {', '.join(PERIODS)}."
        for kind in found.kinds
        if all(getattr(kind, period) is None for period in PERIODS[:3])
    )
    return found


def _shortened(common: RecordKind | None, own: RecordKind, name: str) -> list[str]:
    if common is None or not common.fixed:
        return []
    return [
        f"{name}: {own.key}.{period}: the law keeps it for {least} years. Write as many or more."
        for period in PERIODS
        if (least := getattr(common, period)) is not None and (getattr(own, period) or 0) < least
    ]
