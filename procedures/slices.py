"""The slice of a procedure that a process carries: its own forum whole, and of most others the names."""

from collections.abc import Iterator
from typing import Any, Literal

from models.conditions import Condition
from models.deadlines import LawDeadline, WatchKind, WatchRules
from models.deciding import Matter, Tier
from models.errors import Refused
from models.intake import Criterion, Law
from models.membership import Authority
from models.procedure import Council, Forum
from models.snapshot import shared
from models.vocabulary import JourneyAct, SittingAct
from procedures.checks.sources import Place
from procedures.watches import KINDS
from rules.authority import post_playing
from rules.forums import forum_named

Process = Literal["journey", "sitting"]
NOT_A_FORUMS: dict[str, Any] = {**dict.fromkeys(KINDS), "law_deadlines": ()}
"""What a journey or sitting never looks at."""
STUB = frozenset(
    {
        *("key", "title", "version", "in_force_from", "in_force_until", "also_known_as", "body", "cites", "sits_with"),
        *("oversight", "decided_by", "outranks", "kinds", "criteria"),
    }
)
"""What is carried of a forum that the case is not at: enough to name it and to say whether a case belongs there."""
MOST_BYTES = 6144
MOST_BYTES_OF_A_WATCH = 6400
"""How large a slice may be at most, deflated: of a journey or sitting, and of a watch."""

FOR_READERS = frozenset({"assumed", "units_known_as", "alternative_plan_assumed", "group"})
"""Fields that only people read, or that are read before a process hears of a name."""
TITLED_BY_KEY = frozenset({"facts", "kinds", "totals", "settings"})
"""Tables whose entries are known by their key: their titles and sources are for the people who read the files."""

AT_PLACEMENT = "start_placement"
"""The step of the law that only a placement takes."""
TIMETABLE = frozenset({"schedule", "cut_off", "list_by", "capacity", "scoring"})
"""What is carried besides of a forum whose sittings a watch counts by."""
COMMON_ACTS = frozenset({"escalate", "acknowledge_escalation"})
"""Acts that every process has, with the posts that the council's own table gives."""

REFUSE_WITH_FIRST = frozenset(
    {
        "requirements",
        "law",
        "prompts",
        "checkpoints",
        "documents",
        "seats",
        "options",
        "criteria",
        "holding",
        "circumstances",
    }
)
"""Tables of which a refusal or a flag names the first source only."""

_watches: dict[tuple[int, str], tuple[Council, Council]] = {}
_slices: dict[tuple[int, str, str], tuple[Council, Council]] = {}
"""Slices by the identity of the whole, which is kept beside them so that its identity stays its own."""


def slice_for(council: Council, forum: str, process: Process = "journey") -> Council:
    """What a journey to a forum, or a sitting of it, carries: one object in memory for all of them.

    Args:
        council: The whole procedure.
        forum: The forum, by any of its names. One that there is not leaves the procedure whole: the rules refuse it.
        process: Who carries it.
    """
    try:
        key = forum_named(council, forum).key
    except Refused:
        return council
    if council.stubs:
        return council
    known = _slices.get((id(council), key, process))
    if known is None:
        part = (council, shared(_slice(council, key, process)))
        known = _slices.setdefault((id(council), key, process), part)
    return known[1]


def _slice(council: Council, forum_key: str, process: Process) -> Council:
    whole = works_with(council, forum_key)
    forums = {key: forum if key in whole else _stub(forum) for key, forum in council.forums.items()}
    acts = set(JourneyAct) | {SittingAct.HEAR} if process == "journey" else set(SittingAct)
    kept: dict[str, Any] = {
        "forums": {key: _for_process(forum, process) for key, forum in forums.items()},
        "stubs": tuple(key for key in council.forums if key not in whole),
        "duties": tuple(
            duty
            for duty in council.duties
            if process == "sitting" and duty.every == "sitting" and duty.forum in {None, *whole}
        ),
        "authority": {act: rule for act, rule in council.authority.items() if act in acts},
    }
    if process == "sitting":
        kept |= {"facts": {}, "kinds": {}}
    kept |= {**NOT_A_FORUMS, "watches": tuple(kind for kind in KINDS if getattr(council, kind) is not None)}
    kept["law"] = tuple(_before_placement(council))
    part = council.model_copy(update=kept)
    tables = {
        table: {key: one for key, one in getattr(council, table).items() if key in names}
        for table, names in _named_in(part).items()
    }
    return Council.model_validate(_in_short(part.model_copy(update=tables).model_dump(exclude_defaults=True)))


def _before_placement(council: Council) -> Iterator[Law]:
    """The law as a journey or sitting meets it: what it asks of a placement that starts is the placement's own."""
    for one in council.law:
        if isinstance(one.at, str):
            if one.at != AT_PLACEMENT:
                yield one
            continue
        steps = tuple(step for step in one.at if step != AT_PLACEMENT)
        if steps:
            yield one.model_copy(update={"at": steps if len(steps) > 1 else steps[0]})


def slice_for_watch(council: Council, kind: WatchKind) -> Council:
    """What a long-lived watch carries: its own rules and the law's, and of the forums that they name, when they meet.

    Args:
        council: The whole procedure.
        kind: What it watches over.
    """
    known = _watches.get((id(council), kind))
    if known is None:
        known = _watches.setdefault((id(council), kind), (council, shared(_watch_slice(council, kind))))
    return known[1]


def _watch_slice(council: Council, kind: WatchKind) -> Council:
    rules: WatchRules | None = getattr(council, kind, None)
    law = tuple(
        _with_posts(council, one)
        for one in council.law_deadlines
        if one.process == kind and rules and switched_on(rules, one.key)
    )
    deadlines = (*(rules.deadlines if rules else ()), *law)
    meets = {one.sitting for one in deadlines} | {one.list_by for one in deadlines}
    named = {*meets, *(one.proposes for one in deadlines)}
    forums = {
        key: _timetable(forum) if key in meets else _stub(forum)
        for key, forum in council.forums.items()
        if key in named
    }
    authority = {key: one for key, one in council.authority.items() if key in COMMON_ACTS}
    kept: dict[str, Any] = {
        **NOT_A_FORUMS,
        kind: rules,
        "law_deadlines": law,
        "forums": forums,
        "stubs": tuple(forums),
        "authority": {**_who_answers(rules), **authority, **(rules.authority if rules else {})},
        "clocks": {},
        "facts": {},
        "kinds": {},
        "totals": {},
        "emergency": None,
        "law": council.law if kind == "placement" else (),
        "duties": council.duties if kind == "forum_duty" else (),
    }
    if kind == "forum_duty":
        del kept["forum_duty"]
    part = council.model_copy(update=kept)
    tables = {
        table: {key: one for key, one in getattr(council, table).items() if key in names}
        for table, names in _named_in(part).items()
    }
    return Council.model_validate(_in_short(part.model_copy(update=tables).model_dump(exclude_defaults=True)))


def _who_answers(rules: WatchRules | None) -> dict[str, Authority]:
    """Who may answer a proposed referral, where the file does not say: whoever it was put to, or may act at all."""
    if rules is None:
        return {}
    put_to = [post for one in rules.deadlines for post in (one.proposed_to, one.owner) if post]
    posts = dict.fromkeys([*put_to, *(post for rule in rules.authority.values() for post in rule.posts)])
    return {"answer_proposal": Authority(posts=tuple(posts), cites=rules.cites)} if posts else {}


def _with_posts(council: Council, deadline: LawDeadline) -> LawDeadline:
    """A deadline of the law, which names parts such as `worker`, with the council's own posts."""
    tells = tuple(post_playing(council, post) for post in deadline.tells)
    warned = tuple(post_playing(council, post) for post in deadline.warn_tells)
    owner = post_playing(council, deadline.owner)
    return deadline.model_copy(update={"owner": owner, "tells": tells, "warn_tells": warned})


def switched_on(rules: WatchRules, key: str) -> bool:
    """Whether a council has switched on a deadline of the law.

    Args:
        rules: Its file.
        key: The deadline.
    """
    return "all" in rules.law or key in rules.law


def _timetable(forum: Forum) -> Forum:
    """Of a forum, its name and when it meets."""
    kept = {name: getattr(forum, name) for name in (STUB | TIMETABLE) & forum.model_fields_set}
    return Forum.model_validate({**kept, "cites": forum.cites[:1]})


def _for_process(forum: Forum, process: Process) -> Forum:
    """A forum without what one of the two processes never looks at: who sits, or what the form must be."""
    if process == "journey":
        seats = tuple(seat for seat in forum.seats if seat.role == "chair" or seat.when)
        return forum.model_copy(update={"seats": seats})
    asked = tuple(need for need in forum.requirements if "decision" in need.at)
    unseen = {"documents": (), "matters": (), "matrix": None, "chain": (), "begins": ()}
    return forum.model_copy(update={"requirements": asked, **unseen})


def _in_short(part: Any, table: str = "") -> Any:  # noqa: ANN401 - plain values
    """Without the words that no rule reads: who assumed what and why, and titles of what has a key or a citation."""
    if isinstance(part, dict):
        kept = {key: _in_short(one, key) for key, one in part.items() if key not in FOR_READERS}
        if table in TITLED_BY_KEY:
            kept = {key: {**one, "title": "", "cites": one["cites"][:1]} for key, one in kept.items()}
        if table == "authority":
            kept = {key: {**one, "cites": one["cites"][:1]} for key, one in kept.items()}
        if table in ("posts", "kinds"):
            kept = {key: _without_other_names(one) for key, one in kept.items()}
        return kept
    if isinstance(part, tuple | list):
        short = [_in_short(one) for one in part]
        short = [_without_other_names(one) for one in short] if table == "matters" else short
        first_only = table in REFUSE_WITH_FIRST
        short = [{**one, "cites": one["cites"][:1]} if first_only and "cites" in one else one for one in short]
        return [{**one, "title": ""} if _is_cited_only(table, one) else one for one in short]
    return part


def _without_other_names(part: dict[str, Any]) -> dict[str, Any]:
    """Posts, kinds and matters go by their keys once a process hears of them."""
    return {name: said for name, said in part.items() if name != "also_known_as"}


def _is_cited_only(table: str, part: dict[str, Any]) -> bool:
    whole_name = table == "criteria" and isinstance(part, dict) and not part.get("threshold")
    return whole_name or table in ("matters", "deadlines", "law_deadlines", "routes")


def works_with(council: Council, forum_key: str) -> frozenset[str]:
    """A forum and those that its cases may be at without anybody sending them there.

    They are the meeting that it is a part of and that meeting's other parts, forums that take its cases over or whose
    cases it takes over, and forums to which its cases come back for review.

    Args:
        council: The procedure.
        forum_key: The forum.
    """
    forum = council.forums[forum_key]
    panel = forum.sits_with or forum_key
    found = {forum_key, panel, *forum.outranks, *(review.forum for review in forum.reviews)}
    for key, other in council.forums.items():
        reviewed_here = any(review.forum == forum_key for review in other.reviews)
        if other.sits_with == panel or forum_key in other.outranks or reviewed_here:
            found.add(key)
    return frozenset(found & council.forums.keys())


def _stub(forum: Forum) -> Forum:
    kept = {name: getattr(forum, name) for name in STUB & forum.model_fields_set}
    return Forum.model_validate({**kept, "cites": forum.cites[:1]})


def _named_in(council: Council) -> dict[str, set[str | None]]:
    """The settings, lists and totals that a slice asks for."""
    named: dict[str, set[str | None]] = {"settings": set(), "lists": set(), "totals": set()}
    for part in _parts(council):
        if isinstance(part, Condition):
            named["settings"] |= {part.above_setting, part.not_above_setting}
            named["lists"] |= {part.in_list, part.not_in_list}
        elif isinstance(part, Tier):
            named["settings"].add(part.up_to_setting)
        elif isinstance(part, Criterion):
            named["settings"].add(part.in_use)
        elif isinstance(part, Matter):
            named["totals"].add(part.total)
    return named


def _parts(council: Council) -> Iterator[object]:
    for _, part in Place(council.key, council, frozenset({"stubs"})).parts():
        yield part
