"""One row of a spreadsheet: the intake form that its cells make, or every fault that they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from models.procedure import Council
from models.referral import Referral
from runtime.import_cells import BadCell, Kind, read_cell
from runtime.import_files import Table
from runtime.import_mapping import BESIDE_THE_FORM, FACTS, REFERRED_BY, STAGE, ColumnMapping, kind_of_field, plain_words

FACT_KINDS = {
    "flag": Kind.YES_NO,
    "date": Kind.DAY,
    "choices": Kind.SEVERAL,
    "number": Kind.NUMBER,
    "amount": Kind.NUMBER,
}
SIGN_OFF, ENDORSE = "sign_off", "endorse"
STAGES: Mapping[str, tuple[str, ...]] = {
    "": (),
    "new": (),
    "referred": (),
    "submitted": (),
    "awaiting sign off": (),
    "signed off": (SIGN_OFF,),
    "awaiting endorsement": (SIGN_OFF,),
    "endorsed": (SIGN_OFF, ENDORSE),
    "agreed": (SIGN_OFF, ENDORSE),
    "awaiting listing": (SIGN_OFF, ENDORSE),
    "listed": (SIGN_OFF, ENDORSE),
}
"""How far a case has come, in words, and the acts that bring a new journey as far."""
TO_SCHEMA = "Correct this cell; `starter.py schema refer` shows what the form takes."
SAID = {
    "missing": ("is missing", "Fill it in."),
    "string_pattern_mismatch": (
        "is no reference or word of the form",
        "Use letters, digits, `-`, `_` and `.`, and no spaces, up to 64 characters.",
    ),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row. Neither sentence nor remedy repeats what a cell says.

    Attributes:
        column: The heading; empty where no column has it.
        sentence: What is wrong.
        remedy: What to do.
    """

    column: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class ReadRow:
    """A row as it was read.

    Attributes:
        number: As the spreadsheet numbers it; the headings are in row 1.
        reference: The referral's, where the row says one.
        referral: The form; `None` with faults.
        acts: What brings a new journey as far as the row says.
        referred_by: Staff reference of who referred, where the row says one.
        faults: All that is wrong with it.
    """

    number: int
    reference: str | None
    referral: Referral | None = None
    acts: tuple[str, ...] = ()
    referred_by: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass
class RowReader:
    """Reads rows into forms of one council and one forum.

    Attributes:
        table: The file.
        mapping: Which column is which field; it fits the file.
        council: The council's procedure.
        forum: The forum that every row is referred to.
    """

    table: Table
    mapping: ColumnMapping
    council: Council
    forum: str
    _at: dict[str, int] = field(init=False)
    _kinds: dict[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        """Find out once where each field stands."""
        self._at = {name: self.table.headings.index(heading) for name, heading in self.mapping.columns.items()}
        facts = facts_of(self.council)
        self._kinds = {name: kind_of_field(name, facts) for name in self._at}

    @property
    def unused(self) -> list[str]:
        """Headings whose cells go nowhere."""
        used = set(self.mapping.columns.values())
        return [heading for heading in self.table.headings if heading and heading not in used]

    def read(self, number: int, cells: Sequence[str]) -> ReadRow:
        """Read one row.

        Args:
            number: As the spreadsheet numbers it.
            cells: Its cells.
        """
        faults: list[Fault] = []
        if any(cell.strip() for cell in cells[len(self.table.headings) :]):
            faults.append(Fault("", "This row has more cells than there are headings.", "See where it is shifted."))
        said = {name: value for name in self._at if (value := self._value(name, cells, faults)) is not None}
        stage = plain_words(str(said.pop(STAGE, "")))
        referred_by = said.pop(REFERRED_BY, None)
        if stage not in STAGES:
            known = ", ".join(word for word in STAGES if word)
            faults.append(
                Fault(
                    self.mapping.columns[STAGE],
                    "Cases that stand there cannot be begun anew: a panel has heard them, or the word is not known.",
                    f"Write one of {known}, or say under [words.stage] what the word means; leave heard cases out.",
                )
            )
        referral = self._referral(said, faults)
        reference = said.get("referral_ref")
        if faults or referral is None:
            return ReadRow(number, reference, faults=tuple(faults))
        return ReadRow(number, reference, referral, STAGES[stage], referred_by)

    def _value(self, name: str, cells: Sequence[str], faults: list[Fault]) -> Any:  # noqa: ANN401 - a form's value
        index, notes = self._at[name], self.mapping.notes
        text = cells[index] if index < len(cells) else ""
        words = self.mapping.words.get(name, {})
        try:
            if self._kinds[name] is Kind.SEVERAL:
                several = read_cell(text, Kind.SEVERAL, separator=notes.several)
                return several and [words.get(plain_words(one), one) for one in several]
            text = words.get(plain_words(text), text)
            return read_cell(text, self._kinds[name], month_first=notes.dates == "month_first")
        except BadCell as bad:
            faults.append(Fault(self.mapping.columns[name], f"{name}: {bad.sentence}", bad.remedy))
            return None

    def _referral(self, said: Mapping[str, Any], faults: list[Fault]) -> Referral | None:
        whole: dict[str, Any] = {}
        for name, value in {**self.mapping.fixed, **said}.items():
            if name not in BESIDE_THE_FORM:
                put(whole, name, value)
        _add_difference(whole)
        try:
            return Referral.model_validate({**whole, "council": self.council.key, "forum": self.forum})
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
        unread = {fault.sentence.split(":")[0] for fault in faults}
        for one in found:
            path = ".".join(str(part) for part in one["loc"] if isinstance(part, str))
            # What is worked out from a cell that could not be read is no fault of its own.
            parent = path.rpartition(".")[0]
            follows = path not in self.mapping.columns and any(
                name.rpartition(".")[0] == parent != "" for name in unread
            )
            if path not in unread and not follows:
                faults.append(self._fault(path, one["type"], one["msg"]))
        return None

    def _fault(self, path: str, kind: str, message: str) -> Fault:
        column = self.mapping.columns.get(path, "")
        sentence, remedy = SAID.get(kind, ("", TO_SCHEMA))
        told = f"{path} {sentence}." if sentence else f"{path}: {message.removeprefix('Value error, ')}."
        if not column:
            remedy = f"Map a column to {path}, or set it under [fixed]."
            if any(name.startswith(f"{path}.") for name in self.mapping.columns):
                remedy = f"Fill in the cells of {path} in this row."
        return Fault(column, told, remedy)


def facts_of(council: Council) -> dict[str, Kind]:
    """The fields that a council's own form has, each as `facts.NAME`, with what a cell of it holds.

    Args:
        council: The procedure.
    """
    return {f"{FACTS}.{name}": FACT_KINDS.get(one.type, Kind.TEXT) for name, one in council.facts.items()}


def put(whole: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - a form's value
    """Put a value where a dotted path leads to.

    Args:
        whole: The form; it is changed.
        path: The field.
        value: What it holds.
    """
    *way, last = path.split(".")
    for step in way:
        whole = whole.setdefault(step, {})
    whole[last] = value


def _add_difference(whole: dict[str, Any]) -> None:
    """Spreadsheets seldom have a column for the difference between two costs."""
    costs = whole.get("costs")
    if isinstance(costs, dict) and {"present", "proposed"} <= costs.keys() and "difference" not in costs:
        try:
            costs["difference"] = str(Decimal(str(costs["proposed"])) - Decimal(str(costs["present"])))
        except InvalidOperation:  # the form's own shape says what is wrong with them
            return
