"""Charts as inline SVG. Each has a title and a description; the table beside it says the same in full."""

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from reports.shapes import Cell, Chart, Section
from reports.writing import written

COLOURS = ("#1d70b8", "#f47738", "#912b88", "#00703c", "#505a5f")
"""Each stands out from white and from its neighbours; every bar also has its number."""
WIDTH = 760
LEFT = 250
RIGHT = 80
RIGHT_OF_STACKED = 110
BAR = 18
GAP = 10
LEGEND = 26
HEIGHT = 240
FOOT = 64
TICKS = 4
MOST_BARS = 20
NAME = 38
"""Characters of a name beside a bar; the table has it in full."""


@dataclass(frozen=True)
class Series:
    """One row of values of a chart.

    Attributes:
        name: As in the heading of its column.
        values: One a name; nothing where there is none, or where it is hidden.
        says: The same as text.
    """

    name: str
    values: list[float | None]
    says: list[str]


def svg_of(section: Section, chart: Chart, key: str) -> Markup:
    """A chart as SVG.

    Args:
        section: With the table.
        chart: Of it.
        key: An id that is unique in its page.
    """
    rows = section.table.rows if chart.kind == "line" else section.table.rows[:MOST_BARS]
    names = [str(row[0]) for row in rows]
    columns = section.table.columns
    series = [
        Series(
            columns[column].title,
            [_number(row[column]) for row in rows],
            [written(row[column], columns[column].kind) for row in rows],
        )
        for column in chart.columns
    ]
    draw = {"bar": _bars, "column": _columns, "line": _lines}[chart.kind]
    height, body = draw(names, series, chart)
    described = _described(chart, names, series, len(section.table.rows))
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg role="img" aria-labelledby="{key}-title {key}-about" viewBox="0 0 {WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-about">{escape(described)}</desc>{body}</svg>'
    )


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _described(chart: Chart, names: list[str], series: list[Series], rows: int) -> str:
    """What the picture says in words: its kind, its series, and where each is largest."""
    kinds = {"bar": "Bar chart", "column": "Column chart", "line": "Line chart"}
    said = [f"{kinds[chart.kind]} of {', '.join(one.name for one in series)}."]
    for one in series:
        known = [(value, number) for number, value in enumerate(one.values) if value is not None]
        if known:
            _, most = max(known, key=lambda pair: pair[0])
            shown = "" if len(known) == len(names) else ", of those that are shown"
            said.append(f"{one.name} is largest for {names[most]}{shown}: {one.says[most]}.")
    if chart.kind != "line" and rows > len(names):
        said.append(f"The first {len(names)} of {rows} rows are drawn.")
    said.append("The table below has every number.")
    return " ".join(said)


def _bars(names: list[str], series: list[Series], chart: Chart) -> tuple[int, str]:
    room = WIDTH - LEFT - (RIGHT_OF_STACKED if chart.stacked else RIGHT)
    if chart.stacked:
        totals = [sum(one.values[n] or 0 for one in series) for n in range(len(names))]
        scale = room / (max(totals, default=0) or 1)
    else:
        scale = room / (max((value or 0 for one in series for value in one.values), default=0) or 1)
    y, parts = _legend(series), [_legend_of(series)]
    for number, name in enumerate(names):
        block = BAR if chart.stacked else BAR * len(series)
        parts.append(_text(LEFT - 8, y + block / 2 + 5, _short(name), "end"))
        x = float(LEFT)
        for place, one in enumerate(series):
            value, colour = one.values[number], COLOURS[place % len(COLOURS)]
            top = y if chart.stacked else y + place * BAR
            start = x if chart.stacked else float(LEFT)
            width = (value or 0) * scale
            parts.append(_rect(start, top, width, BAR - 2, colour))
            if not chart.stacked:
                parts.append(_text(start + width + 5, top + BAR - 5, one.says[number]))
            x += width
        if chart.stacked:
            parts.append(_text(x + 5, y + BAR - 5, " / ".join(one.says[number] for one in series)))
        y += block + GAP
    return int(y) + 4, "".join(parts)


def _columns(names: list[str], series: list[Series], chart: Chart) -> tuple[int, str]:  # noqa: ARG001 - as the others
    top, parts, scale = _frame(series)
    step = (WIDTH - 80) / max(len(names), 1)
    width = min(step * 0.8 / len(series), 40)
    for number, name in enumerate(names):
        x = 60 + step * number + (step - width * len(series)) / 2
        for place, one in enumerate(series):
            height = (one.values[number] or 0) * scale
            left = x + place * width
            parts.append(_rect(left, top + HEIGHT - height, width - 2, height, COLOURS[place % len(COLOURS)]))
            parts.append(_text(left + width / 2, top + HEIGHT - height - 4, _small(one.says[number]), "middle", 11))
        parts.append(_foot(60 + step * (number + 0.5), top, name, step))
    return top + HEIGHT + FOOT, "".join(parts)


def _lines(names: list[str], series: list[Series], chart: Chart) -> tuple[int, str]:  # noqa: ARG001 - as the others
    top, parts, scale = _frame(series, shapes=True)
    step = (WIDTH - 80) / max(len(names), 1)
    for place, one in enumerate(series):
        colour = COLOURS[place % len(COLOURS)]
        points = [
            (60 + step * (number + 0.5), top + HEIGHT - value * scale) if value is not None else None
            for number, value in enumerate(one.values)
        ]
        for before, after in pairwise(points):
            if before and after:
                parts.append(
                    f'<line x1="{before[0]:.1f}" y1="{before[1]:.1f}" x2="{after[0]:.1f}" y2="{after[1]:.1f}"'
                    f' stroke="{colour}" stroke-width="2.5"/>'
                )
        parts += [_marker(point, colour, place) for point in points if point]
    every = max(1, len(names) // MONTHS_READ)
    parts += [
        _foot(60 + step * (number + 0.5), top, name, step * every)
        for number, name in enumerate(names)
        if number % every == 0
    ]
    return top + HEIGHT + FOOT, "".join(parts)


MONTHS_READ = 12


def _marker(point: tuple[float, float], colour: str, place: int) -> str:
    """A shape of its own for each line, so that colour is not all that tells them apart."""
    x, y = point
    if place % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    if place % 3 == 1:
        return _rect(x - 4, y - 4, 8, 8, colour)
    return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z" fill="{colour}"/>'


def _frame(series: list[Series], *, shapes: bool = False) -> tuple[int, list[str], float]:
    """Legend, axis and lines across; the scale in pixels."""
    top = _legend(series) + 14
    most = max((value or 0 for one in series for value in one.values), default=0) or 1
    step = _round_up(most / TICKS)
    scale = HEIGHT / (step * TICKS)
    parts = [_legend_of(series, shapes=shapes)]
    for tick in range(TICKS + 1):
        y = top + HEIGHT - tick * step * scale
        parts.append(f'<line x1="56" y1="{y:.1f}" x2="{WIDTH - 16}" y2="{y:.1f}" stroke="#b1b4b6"/>')
        parts.append(_text(50, y + 4, f"{tick * step:,.0f}", "end", 12))
    return top, parts, scale


def _round_up(value: float) -> int:
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


def _legend(series: list[Series]) -> int:
    return LEGEND if len(series) > 1 else 4


def _legend_of(series: list[Series], *, shapes: bool = False) -> str:
    if len(series) == 1:
        return ""
    x, parts = 8.0, []
    for place, one in enumerate(series):
        colour = COLOURS[place % len(COLOURS)]
        parts += [_marker((x + 6, 10), colour, place if shapes else 1), _text(x + 18, 15, one.name)]
        x += 40 + 7.4 * len(one.name)
    return "".join(parts)


def _foot(x: float, top: int, name: str, step: float) -> str:
    """A name under a column: in two lines where one is too short."""
    room = max(int(step / 6.6), 5)
    lines: list[str] = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = lines[:3]
    return "".join(
        _text(x, top + HEIGHT + 16 + 14 * number, line[:room], "middle", 12) for number, line in enumerate(kept)
    )


def _small(text: str) -> str:
    """A hidden number beside a narrow column: the table says it in words."""
    return "<5" if text == "fewer than 5" else "..." if text == "withheld" else text


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 3].rstrip()}..."


def _text(x: float, y: float, text: str, anchor: str = "start", size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{colour}"/>'
