"""A forum's procedure as a page: every value with the rules that it comes from, in the catalogue's words."""

from collections.abc import Iterable

from rich.console import Console

from console.rendering import facts, heading, table, words
from models.conditions import Condition
from models.procedure import Cited, Council, Forum
from procedures.catalogue import catalogue


def print_forum(out: Console, council: Council, forum: Forum) -> None:
    """Print a forum's page.

    Args:
        out: Where to.
        council: The procedure.
        forum: One of its forums.
    """
    until = f" until {forum.in_force_until}" if forum.in_force_until else ""
    out.print(heading(f"{forum.title}, {council.title}"))
    out.print(
        facts(
            [
                ("Version", f"{forum.version}, in force from {forum.in_force_from}{until}"),
                ("Key", ", ".join((forum.key, *forum.also_known_as))),
                ("Decided by", words(forum.decided_by) if forum.body == "post" else "the sitting"),
                ("Cites", _cites(forum.cites)),
                ("Assumed", forum.assumed or ""),
            ]
        )
    )
    out.print()
    used: dict[str, None] = dict.fromkeys(forum.cites)
    for name, rows in _sections(council, forum):
        told = list(rows)
        if told:
            out.print(
                table((name, "", "Cites", "Assumed"), [(a, b, _cites(p.cites), p.assumed or "") for a, b, p in told])
            )
            used.update(dict.fromkeys(rule for *_, part in told for rule in part.cites))
    out.print(heading("The rules in our words"))
    known = catalogue()
    rules = [(rule, known[rule].rule, known[rule].source) for rule in sorted(used) if rule in known]
    out.print(table(("Rule", "What it says", "Section"), rules))


Row = tuple[str, str, Cited]


def _sections(council: Council, forum: Forum) -> Iterable[tuple[str, Iterable[Row]]]:
    yield "Meets", _meets(forum)
    yield "Criteria", ((c.title, _when(c.when, c.unless), c) for c in forum.criteria)
    yield "Form must hold", ((r.field, _when(r.when), r) for r in forum.requirements)
    yield "Papers", ((d.name, _when(d.when), d) for d in forum.documents)
    yield "Signed by", ((words(step.act), "with comments" if step.comments else "", step) for step in forum.chain)
    yield "Seats", ((f"{s.count if s.count > 1 else ''} {s.title}".strip(), s.role, s) for s in forum.seats)
    yield "May decide", ((words(o.outcome), "", o) for o in forum.options)
    yield "Looks at", ((p.prompt, "", p) for p in (*forum.checkpoints, *forum.prompts))
    yield "Goes on to", ((o.forum, f"on {o.on}{_if(_when(o.when))}", o) for o in forum.onward)
    acts = (act for act in council.authority.items() if forum.chain)
    yield "Who may", ((words(act), ", ".join(map(words, rule.posts)), rule) for act, rule in acts)
    yield "Set by the council", ((s.title, str(s.value), s) for s in council.settings.values())


def _meets(forum: Forum) -> Iterable[Row]:
    if forum.schedule:
        yield (
            f"every {forum.schedule.every} on {forum.schedule.weekday}, {forum.schedule.starts:%H:%M}",
            "",
            forum.schedule,
        )
    if forum.cut_off:
        yield f"referrals until {forum.cut_off.weekday} {forum.cut_off.at:%H:%M} before", "", forum.cut_off
    if forum.capacity:
        places = f"{forum.capacity.cases} cases of {forum.capacity.minutes} minutes"
        yield places, f"more: {forum.capacity.beyond}; else {words(forum.capacity.overflow)}", forum.capacity
    if forum.quorum:
        yield "quorum", f"chair and {forum.quorum.independent} independent, {words(forum.quorum.post)}", forum.quorum
    if forum.by_post:
        yield f"{words(forum.by_post.post)} alone", _when(forum.by_post.when), forum.by_post


def _cites(cites: Iterable[str]) -> str:
    return ", ".join(cites)


def _if(text: str) -> str:
    return f", when {text}" if text else ""


def _when(conditions: Iterable[Condition], unless: Iterable[Condition] = ()) -> str:
    must = " and ".join(map(_condition, conditions))
    must_not = " or ".join(map(_condition, unless))
    return f"{must}{' unless ' if must_not else ''}{must_not}"


def _condition(condition: Condition) -> str:
    asked = condition.model_dump(exclude_defaults=True, exclude={"path"})
    said = [f"{words(key)} {', '.join(value) if isinstance(value, tuple) else value}" for key, value in asked.items()]
    return f"{condition.path} {' '.join(said)}"
