"""How long records are kept is data: common, and a council's own beside it."""

from pathlib import Path

import pytest

from models.errors import ProcedureFault
from procedures.loader import council_folders, load_council
from procedures.records import records_of
from rules.retention import posts_of


def own(root: Path, text: str) -> Path:
    folder = root / "seaburgh" / "records"
    folder.mkdir(parents=True)
    (folder / "records.toml").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("council", council_folders())
def test_every_council_has_somebody_for_whatever_is_done_with_whole_records(council: str) -> None:
    records = records_of(council)
    assert {"disclose", "erase", "hold", "import"} <= records.who.keys()
    for who in records.who.values():
        assert posts_of(who, load_council(council))


def test_a_council_sets_its_own_period_and_its_own_posts(tmp_path: Path) -> None:
    text = """
        [[kinds]]
        key = "without_service"
        title = "Referral that was closed without a service"
        covers = "other_child"
        years_after_last_entry = 3
        cites = "LAW-040"

        [who.disclose]
        posts = ["information_officer"]
        cites = "LAW-039"
    """
    records = records_of("seaburgh", own(tmp_path, text))
    periods = {kind.key: kind.years_after_last_entry for kind in records.kinds}
    assert periods["without_service"] == 3
    assert "looked_after_child" in periods
    assert records.who["disclose"].posts == ("information_officer",)
    assert records.who["erase"].parts == ("head",)


LOOKED_AFTER = """
    [[kinds]]
    key = "looked_after_child"
    title = "Case record"
    covers = "looked_after"
    until_age = {years}
    years_after_death = 15
    cites = "{cites}"
"""


def test_a_council_may_keep_for_longer_than_the_law_says(tmp_path: Path) -> None:
    records = records_of("seaburgh", own(tmp_path, LOOKED_AFTER.format(years=80, cites="LAW-036")))
    assert next(kind.until_age for kind in records.kinds if kind.key == "looked_after_child") == 80


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LOOKED_AFTER.format(years=74, cites="LAW-036"), "looked_after_child.until_age: the law keeps it for 75 years"),
        (LOOKED_AFTER.format(years=75, cites="LAW-999"), "there is no rule LAW-999"),
        ('[[kinds]]\nkey = "x"\ntitle = "X"\ncovers = "staff"\ncites = "LAW-040"\n', "x: says no period"),
        ('[[kinds]]\nkey = "x"\n', "kinds.0.title"),
        ('[who.disclose]\npart = "head"\n', "who.disclose.part"),
        ("[[kinds\n", "not TOML"),
    ],
)
def test_a_fault_in_a_councils_file_is_named_with_the_file_and_the_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ProcedureFault) as fault:
        records_of("seaburgh", own(tmp_path, text))
    assert told in str(fault.value)
    assert "records/records.toml" in str(fault.value)
