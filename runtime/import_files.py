"""Reads the CSV files that spreadsheets write: whatever their encoding and their separator, row by row."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENCODINGS = ("utf-8-sig", "cp1252")
"""Tried in this order: what is not UTF-8 comes from Windows."""
BY_MARK = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SEPARATORS = (",", ";", "\t", "|")
BLOCK = 1 << 16
LONGEST_CELL = 1 << 20
"""Characters; a form's narrative has at most 20,000."""


class BadFile(Exception):  # noqa: N818 - it names what was met
    """A file cannot be used; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Table:
    """A file that can be read.

    Attributes:
        path: Where it lies.
        digest: SHA-256 of its bytes.
        encoding: As Python calls it.
        separator: What stands between cells.
        header_row: Which row has the headings, from 1, as a spreadsheet numbers them.
        headings: Without the spaces around them.
    """

    path: Path
    digest: str
    encoding: str
    separator: str
    header_row: int
    headings: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the headings with their numbers, one at a time; empty ones are left out.

        Raises:
            BadFile: A quotation mark does not end.
        """
        for number, cells in _records(self.path, self.encoding, self.separator):
            if number > self.header_row and any(cell.strip() for cell in cells):
                yield number, cells


def open_table(path: Path, header_row: int = 1, *, separator: str | None = None, encoding: str | None = None) -> Table:
    """Look at a file: its encoding, its separator and its headings.

    Args:
        path: The file.
        header_row: Which row has the headings, from 1.
        separator: What stands between cells; found by itself when left out.
        encoding: Found by itself when left out.

    Raises:
        BadFile: It is not there, no text, or has no headings.
    """
    digest, found = _looked_at(path, encoding)
    between, shift = _separator_of(path, found, header_row) if separator is None else (separator, 0)
    row = header_row + shift
    cells = next((cells for number, cells in _records(path, found, between) if number == row), [])
    headings = tuple(" ".join(cell.split()) for cell in cells)
    if not any(headings):
        raise BadFile(f"{path} has no headings in row {row}: write what each column holds into its first row.")
    named = [heading for heading in headings if heading]
    twice = next((heading for heading in named if named.count(heading) > 1), None)
    if twice is not None:
        raise BadFile(f"{path} has two columns called {twice!r}: give one of them another name.")
    return Table(path, digest, found, between, row, headings)


def _looked_at(path: Path, encoding: str | None) -> tuple[str, str]:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            while block := file.read(BLOCK):
                digest.update(block)
    except FileNotFoundError:
        raise BadFile(f"There is no file at {path}: check the path.") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read ({error.strerror}): name another.") from None
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(f"{path} is a workbook: save its sheet as CSV UTF-8 and import that.")
    marked = next((name for mark, name in BY_MARK.items() if start.startswith(mark)), None)
    wanted = (encoding,) if encoding else (marked,) if marked else ENCODINGS
    return digest.hexdigest(), _encoding_of(path, wanted)


def _encoding_of(path: Path, wanted: tuple[str, ...]) -> str:
    for name in wanted:
        try:
            with path.open(encoding=name, newline="") as text:
                while block := text.read(BLOCK):
                    if "\0" in block:
                        raise BadFile(f"{path} is no text: save the sheet as CSV UTF-8 and import that.")
        except LookupError:
            raise BadFile(f"There is no encoding {name}: leave it out, or write utf-8 or cp1252.") from None
        except UnicodeError:
            continue
        return name
    raise BadFile(f"{path} is no text in {' or '.join(wanted)}: save the sheet as CSV UTF-8 and import that.")


def _separator_of(path: Path, encoding: str, header_row: int) -> tuple[str, int]:
    """What stands between cells, and whether a first line that says so (`sep=;`) comes before all else."""
    with path.open(encoding=encoding, newline="") as text:
        first = text.readline()
        said = first.strip().strip('"').casefold()
        if said.startswith("sep=") and len(said) == len("sep=;"):
            return said[-1], 1
        line = first
        for _ in range(header_row - 1):
            line = text.readline() or line
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count), 0


def _records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as text:
        records = csv.reader(text, delimiter=separator, strict=True)
        number = 0
        while True:
            number += 1
            try:
                yield number, next(records)
            except StopIteration:
                return
            except csv.Error:
                raise BadFile(
                    f"{path} cannot be read from row {number} on: see that every quotation mark there is closed."
                ) from None
