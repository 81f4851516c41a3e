"""Which rules a story exercised: what its refusals, register, clocks and views cite, and the parts that it came by.

It is generous: a part of a forum counts as a whole as soon as the story does what the part speaks of. A rule of a
forum, or of a part, that the story never comes near does not count. Of what is watched over, each deadline and each
requirement counts by itself (`rehearsal.watched`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from models.procedure import Council, Forum
from models.views import JourneyView, SittingView
from models.watch import WatchView
from procedures.checks.sources import RULE_FIELDS, Place, cited_by, flat
from procedures.loader import load_council
from procedures.slices import works_with
from rehearsal.stage import Theatre
from rehearsal.story import SittingName, Story
from rehearsal.watched import Watched, came_by
from rules.conditions import paths_of
from rules.schedule import panel_key

RULE = re.compile(r"\b(?:[A-Z]{3})-\d{3}\b")

REFERRING = frozenset({"refer", "amend", "redirect"})
SIGNING = frozenset({"sign_off", "endorse", "return_for_changes", "supply_document"})
MEETING = frozenset(
    {"open_sitting", "hear", "carry_over", "send_apologies", "declare_interest", "record_decision", "close_sitting"}
)
DECIDING = frozenset({"record_decision", "decide_as_post", "approve_decision"})
LISTING = frozenset({"listing"})
"""No act: the story has a sitting."""
ALWAYS = REFERRING
TOUCHED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(("criteria", "requirements", "scoring", "direct", "alerts", "matrix", "booking"), REFERRING),
    **dict.fromkeys(("documents", "chain"), REFERRING | SIGNING),
    **dict.fromkeys(("schedule", "cut_off", "capacity", "list_by", "hear_by", "papers", "papers_check"), LISTING),
    **dict.fromkeys(("chairing", "seats", "presenters", "prompts"), LISTING | MEETING),
    **dict.fromkeys(("quorum", "independence"), MEETING),
    **dict.fromkeys(("options", "disagreement", "final_decision", "exits", "reviews", "renewal"), DECIDING),
    **dict.fromkeys(("checkpoints", "confirmations"), LISTING | MEETING | DECIDING | {"confirm"}),
    **dict.fromkeys(("follow_ups",), LISTING | DECIDING | {"authorise_emergency"}),
    **dict.fromkeys(("onward", "authorises", "by_post"), REFERRING | DECIDING | {"authorise_emergency"}),
    "minutes": frozenset({"record_minutes", "approve_minutes", "close_sitting"}),
    "withdrawal": frozenset({"withdraw"}),
    "emergency": frozenset({"authorise_emergency"}),
    "no_emergency": frozenset({"authorise_emergency"}),
}
"""The parts of a forum, and what a story does that comes by them; a part that is not named here, referring does."""
APART = frozenset({"authority", "clocks", "roles", "matters", "begins"})
"""Parts of which a story comes by some entries only."""


@dataclass
class Trace:
    """What a story did while it was played."""

    acts: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)

    def act(self, name: str, rule: str | None) -> None:
        """Note an act, accepted or refused.

        Args:
            name: The act.
            rule: The rule that refused it, where one did.
        """
        self.acts.add(name)
        if rule is not None:
            self.cited.add(rule)

    def view(self, view: BaseModel | None) -> None:
        """Note what a process showed: clocks, criteria, flags and prompts name their rules.

        Args:
            view: The process; `None` when there is none.
        """
        if view is not None:
            self.cited |= set(RULE.findall(view.model_dump_json()))


async def exercised(stage: Theatre, story: Story, trace: Trace) -> set[str]:
    """The rules that a story exercised.

    Args:
        stage: Where it was played.
        story: The story.
        trace: What it did.
    """
    council = story.procedure
    watched: dict[str, Watched] = {}
    forums: set[str] = {story.forum_key(step.to.forum) for step in story.step if isinstance(step.to, SittingName)}
    forms: list[dict[str, Any]] = []
    did = set(trace.acts)
    for process_id in list(stage.processes):
        view = await stage.view(process_id)
        trace.view(view)
        if isinstance(view, JourneyView):
            forums |= {view.forum, *view.proposed}
        if isinstance(view, SittingView):
            forums |= {view.forum, *(line.forum for line in view.agenda)}
            did |= LISTING
        if isinstance(view, WatchView):
            seen = [*stage.watched.get(process_id, ()), view]
            watched[process_id] = Watched(seen, stage.register.events(process_id))
        for entry in stage.register.events(process_id):
            trace.cited |= {*entry.cites, *RULE.findall(str(entry.details))}
            did.add(entry.what)
            if entry.what == "refer":
                forms.append(entry.details)
                forums.add(str(entry.details.get("forum")))
    for forum in forums & council.forums.keys():
        forums = forums | {panel_key(council, forum)}
    touched = [council.forums[key] for key in sorted(forums & council.forums.keys())]
    parts = [part for forum in touched for part in _of_forum(council, forum, did, forms)]
    # A referral is held against the criteria of every forum that could take the case over.
    parts += [council.forums[near].criteria for forum in touched for near in works_with(council, forum.key)]
    begun = {str(one.last.kind) for one in watched.values()}
    parts += [[start for start in forum.begins if start.process in begun] for forum in touched if DECIDING & did]
    for one in watched.values():
        trace.cited |= {rule for seen in one.views for rule in RULE.findall(str(seen.flags))}
        home = load_council(one.last.council, story.folder)
        parts += came_by(home, one, trace.cited, begun)
    return trace.cited | set(_rules([*parts, *_of_council(council, touched, did, forms)]))


def _of_forum(council: Council, forum: Forum, did: set[str], forms: list[dict[str, Any]]) -> Iterator[object]:
    yield forum.cites
    for part in Forum.model_fields.keys() - APART:
        if TOUCHED_BY.get(part, ALWAYS) & did:
            value = getattr(forum, part)
            yield value if part == "no_emergency" or not isinstance(value, str) else None
    yield [rule for act, rule in forum.authority.items() if act in did]
    yield forum.roles
    asked = {str(form.get("request", {}).get("matter")) for form in forms}
    for matter in forum.matters:
        if matter.key in asked:
            yield matter
            yield council.totals.get(matter.total or "")


def _of_council(council: Council, touched: list[Forum], did: set[str], forms: list[dict[str, Any]]) -> Iterator[object]:
    if touched:
        yield council.roles
        yield list(council.settings.values())
    yield [rule for act, rule in council.authority.items() if act in did]
    if {"escalate", "acknowledge_escalation"} & did or any("escalat" in word or "breach" in word for word in did):
        yield council.escalation
    if "authorise_emergency" in did:
        yield council.emergency
    paths = {path for forum in touched for path in paths_of(forum)}
    paths |= {str(field) for forum in touched for need in forum.requirements for field in (need.field, *need.fields)}
    paths |= {f"facts.{name}" for form in forms for name in form.get("facts", {})}
    yield [one for name, one in council.facts.items() if f"facts.{name}" in paths]
    yield [one for name, one in council.kinds.items() if any(_kind(form) == name for form in forms)]
    if LISTING & did:
        met = {forum.key for forum in touched}
        yield [duty for duty in council.duties if duty.every == "sitting" and duty.forum in met]


def _kind(form: dict[str, Any]) -> str:
    return str(form.get("request", {}).get("kind"))


def _rules(parts: Iterable[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, BaseModel):
            for _, inside in Place("", part).parts():
                for _, rules in cited_by(inside):
                    yield from rules
                for name in RULE_FIELDS & set(type(inside).model_fields):
                    yield from flat(getattr(inside, name))
        elif isinstance(part, dict):
            yield from _rules(part.values())
        elif isinstance(part, tuple | list):
            yield from (one for one in part if isinstance(one, str))
            yield from _rules(one for one in part if not isinstance(one, str))
