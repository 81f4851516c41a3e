"""How a placement, an episode, a package, a transfer, a unit meeting or a duty is printed."""

import re
from datetime import date, time

from rich.console import Console

from console.rendering import day, facts, heading, moment, table, words
from console.showing_parts import print_lines, print_rest, print_timeline, state_of
from models.procedure import Council
from models.watch import Proposal, WatchView
from rules.authority import title
from rules.watches.reckoning import as_instant

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TITLES = {"forum_duty": "Duty"}
"""Headings where the kind's own words would not do."""


def print_watch(out: Console, view: WatchView, council: Council) -> None:
    """Print a watch: its stage, whose move it is, what is known and done, what is proposed and due, what may be done.

    Args:
        out: Where to.
        view: The watch.
        council: Its procedure, for titles and for who may do what.
    """
    kind = TITLES.get(view.kind, words(view.kind).capitalize())
    child = f": child {view.child_ref}" if view.child_ref and view.child_ref != view.reference else ""
    out.print(heading(f"{kind} {view.reference}{child}, {council.title}"))
    nobody = "nobody's: it is over" if not view.open else "nobody's for now"
    out.print(
        facts(
            [
                ("Process", view.process),
                ("Stage", f"{words(view.stage)}, since {moment(view.stage_since)}"),
                ("Whose move", title(council, view.waiting_on) if view.waiting_on else nobody),
                ("Outcome", words(view.outcome)),
                ("Came from", view.came_from or ""),
                ("Sitting", day(view.sitting)),
                *state_of(view),
                ("Procedure", view.procedure_version),
            ]
        )
    )
    out.print()
    if view.proposals:
        out.print(table(("Proposed to", "By", "Put to", "Answer", "Rule"), map(_proposal_row, view.proposals)))
    print_rest(out, view, council)
    print_lines(out, "Look at", view.prompts)
    done = [(words(key), day(one.on), str(one.count)) for key, one in view.held.items()]
    if done:
        out.print(table(("Done", "Last on", "Times"), done))
    if view.facts:
        out.print(table(("Known", ""), ((words(path), _said(value)) for path, value in sorted(view.facts.items()))))
    print_timeline(out, view.recent)


def _proposal_row(proposal: Proposal) -> tuple[str, ...]:
    answer = {"refer": "referred", "not": "not referred"}.get(proposal.answer or "", "nobody answered yet")
    because = f": {proposal.because}" if proposal.because else ""
    reference = f": {proposal.referral_ref}" if proposal.referral_ref else ""
    return (
        words(proposal.forum),
        f"{words(proposal.deadline)}, {moment(proposal.at)}",
        words(proposal.to),
        f"{answer}{reference}{because}",
        proposal.cites,
    )


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and INSTANT.match(value):
        return moment(as_instant(value, time(0)))
    if isinstance(value, str) and DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return ", ".join(f"{words(key)} {_said(one)}" for key, one in value.items())
    return str(value)
