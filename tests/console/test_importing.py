"""`import`, `disclose`, `retention`, `hold` and `erase` as people type them."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from register.database import open_register
from register.log import entries_of
from tests.console.conftest import ROOT, Run

SHEET = str(ROOT / "examples" / "import" / "panel-spreadsheet.csv")
MAPPING = str(ROOT / "examples" / "import" / "panel-spreadsheet.toml")
IMPORT = ("import", SHEET, "--council", "hillingdon", "--forum", "harp", "--mapping", MAPPING, "--as", "tm-cin-1")
ERASE = ("erase", "hillingdon", "C-60001", "--as", "director-1", "--reason", "Court order 1")


def imported(state: Path) -> list[tuple[str, dict[str, int]]]:
    """What the log says of imports: who, and how many rows of each sort."""
    digest = hashlib.sha256(Path(SHEET).read_bytes()).hexdigest()[:12]
    engine = open_register(f"sqlite:///{state}/register.db")
    with engine.connect() as connection:
        found = entries_of(connection, f"import/hillingdon/{digest}")
    engine.dispose()
    assert all(one.what == "imported" and one.details["finished"] for one in found)
    return [(one.staff, one.details["rows"]) for one in found]


def test_a_spreadsheet_is_brought_in_and_a_childs_record_handed_out_held_and_erased(
    run: Run, serving: Path, tmp_path: Path
) -> None:
    dry = run(*IMPORT, "--dry-run")
    assert dry.exit_code == 0
    assert "2 would start, 0 were referred before, 0 are bad. Nothing was done." in dry.stdout
    assert "Columns that go nowhere: Social worker, Notes." in dry.stdout
    assert "Started 2, found again 0, left out 0." in run(*IMPORT).stdout
    again = json.loads(run(*IMPORT, "--json").stdout)
    assert again["counts"] == {"runs_already": 2}
    assert [rows for _, rows in imported(serving)] == [{"started": 2}, {"runs_already": 2}]
    assert {who for who, _ in imported(serving)} == {"tm-cin-1"}

    out = tmp_path / "out"
    disclosing = ("disclose", "hillingdon", "C-60001", "--reason", "Request 1", "--to", str(out))
    refused = run(*disclosing, "--as", "sw-cin-1")
    assert (refused.exit_code, "LAW-039" in refused.stderr) == (2, True)
    assert not out.exists()
    told = json.loads(run(*disclosing, "--as", "director-1", "--json").stdout)
    assert zipfile.ZipFile(told["file"]).namelist() == ["record.pdf", "record.json"]

    still_open = run(*ERASE, "--early", "--yes")
    assert (still_open.exit_code, "Still open: journey/hillingdon/IMP-3001" in still_open.stderr) == (2, True)
    withdrawn = run("act", "IMP-3001", "withdraw", "--as", "tm-cin-1", "--with", '{"reasons": "As for C-60002"}')
    assert withdrawn.exit_code == 0, withdrawn.output
    whole = run(*disclosing, "--as", "director-1").stdout
    assert "Blacked out 1 reference of other children: read the archive before it is handed out." in whole
    last = json.loads(run(*disclosing, "--as", "director-1", "--json").stdout)
    record = zipfile.ZipFile(last["file"]).read("record.json").decode()
    assert (last["blacked_out"], "C-60002" in record, "As for [somebody else]" in record) == (1, False, True)
    too_soon = run(*ERASE, "--yes")
    assert (too_soon.exit_code, "not over" in too_soon.stderr) == (2, True)
    hold = ("hold", "hillingdon", "C-60001", "--as", "tm-cin-1", "--reason", "Claim 17")
    assert "On record: held" in run(*hold).stdout
    assert "Somebody holds" in run(*ERASE, "--early", "--yes").stderr
    run(*hold, "--release")
    kept = json.loads(run("retention", "--council", "hillingdon", "--all", "--json").stdout)
    assert [one["child_ref"] for one in kept] == ["C-60001"]
    assert "No record is past its time" in run("retention").stdout

    plan = run(*ERASE, "--early")
    assert "Nothing was changed" in plan.stdout
    done = json.loads(run(*ERASE, "--early", "--yes", "--json").stdout)
    assert (done["erased"], done["temporal_left"]) == (True, [])
    finished = run(*ERASE, "--early", "--yes")
    assert finished.exit_code == 0, finished.output
    assert "was erased before" in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "nowhere.csv", "--council", "hillingdon", "--forum", "harp"), "There is no file at nowhere.csv"),
        (("import", SHEET, "--council", "atlantis", "--forum", "harp"), "There is no council atlantis"),
        (("import", SHEET, "--council", "hillingdon", "--forum", "boat"), "There is no forum boat"),
        ((*IMPORT[:7], MAPPING.replace("panel-", "panels-")), "There is no mapping at"),
        (
            ("disclose", "hillingdon", "C 1", "--as", "director-1", "--reason", "x", "--to", "out"),
            "no child's reference",
        ),
        (("disclose", "hillingdon", "C-1", "--as", "nobody", "--reason", "x", "--to", "out"), "Nobody in"),
        (("disclose", "hillingdon", "C-1", "--as", "director-1", "--reason", " ", "--to", "out"), "The reason has 0"),
        (("hold", "hillingdon", "C-1", "--as", "tm-cin-1", "--reason", "x", "--died-on", "soon"), "soon is no date"),
        (("hold", "hillingdon", "C-1", "--as", "tm-cin-1", "--reason", "x"), "knows no child C-1"),
        (("retention", "--council", "atlantis"), "There is no council atlantis"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(run: Run, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
