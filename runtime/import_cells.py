"""What people write into the cells of a spreadsheet, as values that the intake form takes.

A cell is text, as a CSV file has it. Days may be written as 03/12/2026, 2026-12-03, 3 December 2026 or as the number
that Excel keeps; money with a pound sign and commas; yes and no in several words. What may be read in two ways is
refused with what to write instead.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a cell is to hold."""

    TEXT = "text"
    DAY = "day"
    YES_NO = "yes_no"
    NUMBER = "number"
    SEVERAL = "several"


class BadCell(Exception):  # noqa: N818 - it names what was met
    """A cell cannot be read.

    Args:
        sentence: What is wrong, without repeating what may be narrative.
        remedy: What to write instead.
    """

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


YES = frozenset({"yes", "y", "true", "t", "1", "x", "\u2713", "\u2714"})
NO = frozenset({"no", "n", "false", "f", "0"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
MONTH_WORDS = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name: number for number, name in enumerate((*FULL_MONTHS, "november", "december"), 1)},
    "sept": 9,
}
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's numbers, as they hold from March 1900 on: Excel has a 29 February 1900 that never was."""
DAY_REMEDY = "Write it like 03/12/2026 or 2026-12-03, with the year in four digits."

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]+(\d{4})", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")
_AMOUNT = re.compile(
    "(?P<open>\\()?\u00a3? ?(?P<minus>[-\u2212])? ?\u00a3? ?"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?P<close>\))?"
)
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How spreadsheets are made to keep the noughts of a reference: `="00417"`."""
_SEVERAL = re.compile(r"[;|\n\r]+")


def read_cell(text: str, kind: Kind, *, month_first: bool = False, separator: str | None = None) -> Any:  # noqa: ANN401 - a form's value
    """The value of a cell, as JSON has it: days in ISO form, numbers as text. `None` for an empty cell.

    Args:
        text: The cell.
        kind: What it is to hold.
        month_first: Whether 03/12/2026 is 12 March.
        separator: What stands between several values; semicolons, bars and new lines when left out.

    Raises:
        BadCell: It cannot be read so.
    """
    plain = text.replace("\u00a0", " ").strip()
    if (formula := _AS_TEXT.fullmatch(plain)) is not None:
        plain = formula[1].strip()
    if not plain:
        return None
    match kind:
        case Kind.SEVERAL:
            return read_several(plain, separator)
        case Kind.DAY:
            return read_day(plain, month_first=month_first).isoformat()
        case _:
            return _READERS[kind](plain)


def read_day(text: str, *, month_first: bool = False) -> date:
    """A day.

    Args:
        text: As somebody wrote it.
        month_first: Whether 03/12/2026 is 12 March; else it is 3 December.

    Raises:
        BadCell: It is no day, or its year has two digits.
    """
    plain = _MIDNIGHT.sub("", text.strip())
    if found := _SERIAL.fullmatch(plain):
        return EXCEL_EPOCH + timedelta(days=int(found[1]))
    if found := _ISO.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(plain):
        first, second = int(found[1]), int(found[3])
        return _day(int(found[4]), *((first, second) if month_first else (second, first)))
    if (found := _WORDS.fullmatch(plain)) and (month := MONTH_WORDS.get(found[2].casefold())):
        return _day(int(found[3]), month, int(found[1]))
    raise BadCell("This is no day that can be read.", DAY_REMEDY)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell("There is no such day in the calendar.", DAY_REMEDY) from None


def read_yes_no(text: str) -> bool:
    """Yes or no.

    Args:
        text: As somebody wrote it.

    Raises:
        BadCell: It is neither.
    """
    word = text.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell("This is neither yes nor no.", "Write Yes or No, or leave the cell empty.")


def read_number(text: str) -> str:
    """An amount or a number, as plain decimal text: `480.00` of `£480.00`, `-20` of `(20)`.

    Args:
        text: As somebody wrote it.

    Raises:
        BadCell: It is no number, or its commas stand where thousands do not.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or (found["open"] and found["close"] is None) or (found["close"] and found["open"] is None):
        raise BadCell(
            "This is no number that can be read.", "Write pounds and pence like 1,234.50, without other words."
        )
    minus = "-" if found["open"] or found["minus"] else ""
    return f"{minus}{found['number'].replace(',', '')}"


def read_several(text: str, separator: str | None = None) -> list[str]:
    """Several values in one cell, each without the spaces and the bullet around it.

    Args:
        text: As somebody wrote it.
        separator: What stands between them; semicolons, bars and new lines when left out.
    """
    parts = text.split(separator) if separator else _SEVERAL.split(text)
    return [plain for part in parts if (plain := part.strip().removeprefix("\u2022").removeprefix("- ").strip())]


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.YES_NO: read_yes_no,
    Kind.NUMBER: read_number,
}


def excel_number(day: date | datetime) -> int:
    """The number under which Excel keeps a day.

    Args:
        day: From March 1900 on.
    """
    return (date(day.year, day.month, day.day) - EXCEL_EPOCH).days
