"""A council's file of one kind of long-lived process as a page: each deadline with what it counts from, who and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from console.forum_page import GENERATED, cell, in_detail, value_said, when_said
from console.rendering import words
from models.deadlines import Deadline, Told, WatchRequirement, WatchRules
from models.procedure import Council, Duty
from procedures.catalogue import catalogue, laws
from procedures.checks.sources import Place, cited_by
from procedures.slices import switched_on
from procedures.watches import KINDS
from rules.watches.reckoning import HOURS

UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
AT_ONCE = {"P0D": "the same day", "PT0H": "at that moment"}
ON_DUE = {"late": "it is late", "tell": "people are told", "propose": "a referral is proposed"}
DEADLINE_COLUMNS = ("what", "from", "by when", "who", "then", "cites", "assumed")


@dataclass(frozen=True)
class Table:
    """One table of a page."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class ProcessPage:
    """The page of a kind of process."""

    title: str
    facts: list[tuple[str, str]]
    tables: list[Table]


def kinds_of(council: Council) -> list[str]:
    """The kinds of long-lived process that a council's procedure speaks of.

    Args:
        council: The procedure.
    """
    return [kind for kind in KINDS if getattr(council, kind) is not None]


def process_page(council: Council, kind: str) -> ProcessPage:
    """The page of a kind of process.

    Args:
        council: The procedure.
        kind: One of `kinds_of`.
    """
    rules: WatchRules = getattr(council, kind)
    given = [
        ("Version", f"{rules.version}, in force from {rules.in_force_from}"),
        ("File", f"processes/{kind}.toml"),
        ("Cites", ", ".join(rules.cites)),
        ("Assumed", rules.assumed or ""),
    ]
    law = [one for one in council.law_deadlines if one.process == kind and switched_on(rules, one.key)]
    tables = [
        Table("Deadlines", DEADLINE_COLUMNS, [_deadline(one) for one in rules.deadlines]),
        Table("Deadlines of the law", DEADLINE_COLUMNS, [_deadline(one) for one in law]),
        Table("Must be so", ("what", "when", "before", "cites", "assumed"), list(map(_need, rules.requirements))),
        Table("Told at once", ("what", "after", "when", "who", "cites"), list(map(_told, rules.told))),
        Table(
            "Reminded of",
            ("what", "when", "cites", "assumed"),
            [(one.prompt, when_said(one.when), ", ".join(one.cites), one.assumed or "") for one in rules.prompts],
        ),
        *_own(rules),
        Table(
            "Who may",
            ("act", "who", "cites", "assumed"),
            [
                (words(act), in_detail(one), ", ".join(one.cites), one.assumed or "")
                for act, one in rules.authority.items()
            ],
        ),
        Table("The rules in our words", ("rule", "what it says", "where"), _in_our_words(rules, law)),
    ]
    return ProcessPage(
        f"{rules.title}, {council.title}",
        [(name, value) for name, value in given if value],
        [table for table in tables if table.rows],
    )


def _deadline(one: Deadline) -> tuple[str, ...]:
    only = f" (when {when_said(one.when)})" if one.when else ""
    owner = ", ".join(map(words, dict.fromkeys((one.owner, *([one.proposed_to] if one.proposed_to else [])))))
    return (
        f"{one.title} (`{one.key}`){only}",
        " or ".join(one.anchor),
        by_when(one),
        owner,
        _then(one),
        ", ".join(one.cites),
        one.assumed or "",
    )


def by_when(one: Deadline) -> str:
    """When a deadline is due, in words.

    Args:
        one: The deadline.
    """
    parts = list(_first(one))
    if one.repeat:
        parts.append(f"then {', then '.join(map(length, one.repeat))} after it was last held")
    if one.no_later_than:
        parts.append(f"never after {words(one.no_later_than)}")
    return "; ".join([*parts, *_warned(one), *_in_force(one)])


def _warned(one: Deadline) -> Iterator[str]:
    ahead = [
        *([length(one.warn)] if one.warn else []),
        *([_several(one.warn_working_days, "working day")] if one.warn_working_days else []),
        *([_several(one.warn_sittings, "sitting")] if one.warn_sittings else []),
    ]
    told = f", with {', '.join(map(words, one.warn_tells))}" if one.warn_tells else ""
    yield from (f"warned {how} before{told}" for how in ahead)


def _in_force(one: Deadline) -> Iterator[str]:
    judged = f", judged on {one.judged_on}" if one.judged_on else ""
    if one.in_force_from or one.in_force_until:
        since = f"from {one.in_force_from}" if one.in_force_from else ""
        until = f"until {one.in_force_until}" if one.in_force_until else ""
        yield f"in force {' '.join(filter(None, (since, until)))}{judged}"
    if one.already_due == "shown":
        yield "what was due before it began is shown, not late"
    if one.after_end:
        yield "also after the end"


def _first(one: Deadline) -> Iterator[str]:
    due: str | None = None
    if one.list_by:
        due = f"at the sitting that the window of {words(one.list_by)} gives"
    elif one.working_days is not None:
        which = "before" if one.working_days < 0 else "after"
        due = f"{_several(abs(one.working_days), 'working day')} {which}"
    elif one.before is not None:
        due = f"{length(one.before)} before"
    elif one.after is not None:
        due = AT_ONCE.get(one.after, f"{length(one.after)} after")
        due = f"more than {due}" if one.more_than else due
    hours = HOURS.fullmatch(one.after or one.before or "")
    if due is not None:
        at_hour = "" if hours or one.sitting or one.list_by else f", at {one.at:%H:%M}"
        yield f"{due}{at_hour}"
    if one.sitting:
        ahead = f"{_several(one.sitting_working_days, 'working day')} before" if one.sitting_working_days else "at"
        yield f"{ahead} the sitting of {words(one.sitting)} {words(one.sitting_is)} that day"


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def length(duration: str) -> str:
    """A duration in words.

    Args:
        duration: ISO 8601, such as `P6M` or `PT24H`.
    """
    hours = HOURS.fullmatch(duration)
    if hours:
        return f"{hours[1]} elapsed {'hour' if hours[1] == '1' else 'hours'}"
    number, unit = duration[1:-1], UNITS.get(duration[-1:], "")
    return f"{number} {unit}{'' if number == '1' else 's'}" if unit and number.isdigit() else duration


def _then(one: Deadline) -> str:
    then = ON_DUE[one.on_due]
    if one.proposes:
        again = f", again on its next review or {length(one.rearm)} after it was heard" if one.rearm else ""
        itself = ", and made by itself" if one.brings_back else ""
        then = f"{then} to {words(one.proposes)}{itself}{again}"
    told = f"; told: {', '.join(map(words, one.tells))}" if one.tells else ""
    flag = f"; shown: {one.flag}" if one.flag else ""
    met = [*map(words, one.met_by), *([when_said(one.met_when)] if one.met_when else [])]
    done = f"; done by {' or '.join(met)}" if met else ""
    return f"{then}{told}{flag}{done}"


def _need(one: WatchRequirement) -> tuple[str, ...]:
    when = " unless ".join(filter(None, (when_said(one.when), when_said(one.unless))))
    how = "" if one.effect == "refuse" else " (shown only)"
    return f"{one.sentence}{how}", when, ", ".join(map(words, one.steps)), ", ".join(one.cites), one.assumed or ""


def _told(one: Told) -> tuple[str, ...]:
    after = " or ".join(map(words, one.on))
    return words(one.subject), after, when_said(one.when), ", ".join(map(words, one.tells)), ", ".join(one.cites)


def _own(rules: WatchRules) -> Iterator[Table]:
    """Parts that only this kind of process has."""
    for name in type(rules).model_fields:
        value = getattr(rules, name)
        if name == "begins" or name not in WatchRules.model_fields:
            several = value if isinstance(value, tuple) else (value,)
            rows = [_row(one, name) for one in several if isinstance(one, BaseModel)]
            yield Table(words(name).capitalize(), ("what", "how", "cites", "assumed"), rows)


def _row(part: BaseModel, name: str) -> tuple[str, ...]:
    called = next((key for key in ("title", "key", "service", "process", "event") if getattr(part, key, None)), "")
    what = value_said(getattr(part, called)) if called else words(name)
    cites = ", ".join(rule for _, rules in cited_by(part) for rule in rules)
    return what, in_detail(part, called), cites, getattr(part, "assumed", None) or ""


def _in_our_words(rules: WatchRules, law: Iterable[Deadline]) -> list[tuple[str, ...]]:
    cited = {
        rule
        for part in (rules, *law)
        for _, inside in Place("", part).parts()
        for _, named in cited_by(inside)
        for rule in named
    }
    ours = {rule: (catalogue()[rule].rule, catalogue()[rule].source) for rule in cited if rule in catalogue()}
    theirs = {
        rule: (laws()[rule].rule, f"{laws()[rule].instrument}, {laws()[rule].provision}; {laws()[rule].confirmed_by}")
        for rule in cited
        if rule in laws()
    }
    return [(rule, *told) for rule, told in sorted((ours | theirs).items())]


def duties_page(council: Council) -> ProcessPage:
    """The page of what recurs by itself.

    Args:
        council: The procedure.
    """
    rows = [(*_duty(duty), ", ".join(duty.cites), duty.assumed or "") for duty in council.duties]
    columns = ("what", "forum", "how often", "who", "cites", "assumed")
    return ProcessPage(f"Recurring duties, {council.title}", [], [Table("Duties", columns, rows)] if rows else [])


def _duty(duty: Duty) -> tuple[str, ...]:
    often = "with every sitting" if duty.every == "sitting" else f"every {length(duty.every)}"
    return f"{duty.title} (`{duty.key}`)", words(duty.forum), often, words(duty.owner)


def as_markdown(page: ProcessPage) -> str:
    """A page as Markdown.

    Args:
        page: The page.
    """
    lines = [f"# {page.title}", "", GENERATED, ""]
    lines += [f"- **{name}:** {cell(value)}" for name, value in page.facts]
    for table in page.tables:
        lines += ["", f"## {table.title}", "", f"| {' | '.join(table.columns)} |", "|---" * len(table.columns) + "|"]
        lines += [f"| {' | '.join(map(cell, row))} |" for row in table.rows]
    return "\n".join(lines) + "\n"
