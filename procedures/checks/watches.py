"""What files of long-lived processes ask for and there is not: paths, acts, forums, durations, the law's deadlines."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple, get_args

from pydantic import BaseModel

from models.conditions import Condition
from models.deadlines import Beginning, Deadline, Told, WatchKind, WatchRequirement, WatchRules
from models.procedure import Council
from procedures.checks.conditions import is_duration, lists_and_settings, one_question
from procedures.checks.sources import Place, places
from procedures.watches import PROCESSES
from rules.clocks import FINISHED_KEPT
from rules.watches.deadlines import ANSWER
from rules.watches.reckoning import elapsed


class Known(NamedTuple):
    """What there is in one kind of process: the act that starts it, its acts, its events and the paths of its facts."""

    starts: str
    acts: tuple[str, ...]
    paths: tuple[str, ...]
    events: tuple[str, ...] = ()


EVERYWHERE = (
    *("stage", "today", "watch.started_on", "actor.post", "came_from", "child.reference", "child.date_of_birth"),
    *("child.unaccompanied_asylum_seeking", "child.birthday_*", "child.exams_over", "child.year_11_ends"),
)
"""Paths that every process knows."""
TOLD = "told_"
"""How the names of words that other processes send begin."""
OF_A_PANEL = ("on", "outcome", "sitting", "next_review", "referral_ref", "stage", "starts", "ends", "renew_by", "exit")
"""What is known of a forum that heard the case, under `panel.FORUM`."""
OF_KIND: dict[WatchKind, Known] = {
    "placement": Known(
        "start_placement",
        (
            *("file_viability", "record_check", "grant_interim_approval", "extend_approval", "change_terms"),
            *("renew_contract", "record_provider_grade", "file_risk_assessment", "end_placement"),
        ),
        (
            *("placement.*", "contract.*", "provider.*", "approval.*", "agreement.*", "carer.*", "change.*"),
            *("child.looked_after", "child.looked_after_*", "child.already_looked_after", "check.*.*"),
            *("concern.*", "consent.*", "legal.status", "proposal.*", "report.*", "suitability.*", "viability.*"),
        ),
    ),
    "care_episode": Known(
        "open_episode",
        ("record_status", "end_status", "record_review_date", "record_discussion", "close_episode"),
        (
            *("status.*.since", "status.*.ended", "status.*.until", "status.*.extended", "statuses", "team", "unit"),
            *("legal_status.code", "legal_status.since", "looked_after.now", "looked_after.first_since"),
            *("looked_after.prior_days", "looked_after.thirteen_weeks_on", "looked_after.law_thirteen_weeks_on"),
            *("review.*.next", "review.*.held", "review.*.outstanding", "discussion.*.on", "discussion.*.actions"),
            *("court_direction.due_by", "court_direction.hearing", "court_direction.outstanding"),
            *("court_direction.open", "case.opened_on", "case.closed_on", "transfer.planned_on", "pathway_plan.*"),
            *("care_leaver.*", "episode.*", "placement.*", "placements.open"),
        ),
        ("attended", "review_date", "set_review_date"),
    ),
    "support_package": Known(
        "allocate",
        ("confirm_allocation", "start_service", "submit_progress", "record_review", "end_package"),
        ("package.*",),
    ),
    "case_transfer": Known(
        "request_transfer",
        (
            *("ask_for_information", "supply_information", "record_joint_visit", "record_event", "complete_transfer"),
            *("raise_dispute", "settle_dispute", "stay", "withdraw_request", "return_case", "close_transfer"),
        ),
        (
            *("transfer.*", "case.*", "events.*", "dispute.*", "information.*", "core_group.*", "first_hearing.*"),
            *("agreed.*", "completing.*", "plan.on_file", "permanency_plan.on_file", "recording.event", "visit.on"),
        ),
    ),
    "unit_meeting": Known(
        "open_meeting",
        ("prepare_agenda", "record_discussion", "complete_task", "act_on_absence", "close_meeting"),
        ("meeting.*", "unit.*", "case.*", "cases.*", "discussion.*"),
    ),
    "forum_duty": Known("start_duty", ("complete_duty", "skip_duty"), ("duty.*",)),
}
COMMON = ("answer_proposal", "acknowledge_escalation", "escalate")
"""Acts that every process has."""


def knows(council: Council, kind: WatchKind, path: str) -> bool:
    """Whether there can be a fact at a dotted path.

    Args:
        council: The procedure, with its forums.
        kind: The kind of process that is asked.
        path: For example `status.section_20.since`.
    """
    first, _, rest = path.partition(".")
    if first == "held":
        return happens(kind, rest)
    if first == "panel":
        forum, _, last = rest.partition(".")
        return forum in council.forums and last in OF_A_PANEL
    return any(fnmatchcase(path, one) for one in (*EVERYWHERE, *OF_KIND[kind].paths))


def happens(kind: WatchKind, key: str) -> bool:
    """Whether an act or event, or an `act:key`, is one of a kind of process.

    Args:
        kind: The kind.
        key: For example `record_review_date:health_assessment`.
    """
    known = OF_KIND[kind]
    act = key.partition(":")[0]
    return act.startswith(TOLD) or act in (known.starts, *known.acts, *known.events)


def faults_of_watches(council: Council, folder: str) -> list[str]:
    """Every fault of what a council says of its long-lived processes, and of what the law says of them.

    Args:
        council: The procedure, of the right shape.
        folder: The name of its folder.
    """
    kinds = {f"{folder}/{PROCESSES}/{kind}.toml": kind for kind in get_args(WatchKind)}
    found: list[str] = []
    for place in places(council, folder):
        if isinstance(place.part, WatchRules):
            kind = kinds[place.file]
            found += [*_parts(council, kind, place), *_authority(place, kind, place.part), *_law(council, place, kind)]
            found += _keys(place.part.deadlines, f"{place.file}: deadlines")
    law = council.law_deadlines
    for kind in get_args(WatchKind):
        own = tuple(one for one in law if one.process == kind)
        found += [*_keys(own, f"law: {kind}"), *(fault for one in own for fault in _of_law(council, kind, one))]
    return list(dict.fromkeys(found))


def _of_law(council: Council, kind: WatchKind, deadline: Deadline) -> Iterator[str]:
    yield from _parts(council, kind, Place(f"law: {deadline.key}", deadline))


def _parts(council: Council, kind: WatchKind, place: Place) -> Iterator[str]:
    for path, part in place.parts():
        key = f"{place.file}: {path}" if path else place.file
        if isinstance(part, Condition):
            yield from _condition(council, kind, part, key)
        elif isinstance(part, Deadline):
            yield from _deadline(council, kind, part, key)
        elif isinstance(part, WatchRequirement):
            yield from _requirement(council, kind, part, key)
        elif isinstance(part, Told):
            yield from _acts(kind, part.on, f"{key}.on")
        elif isinstance(part, Beginning):
            yield from _beginning(council, kind, part, key)


def _condition(council: Council, kind: WatchKind, condition: Condition, key: str) -> Iterator[str]:
    yield from one_question(condition, key)
    yield from lists_and_settings(council, condition, key)
    yield from _paths(council, kind, (condition.path, condition.at, condition.not_above_path), key)
    for field in ("longer_than", "at_least_for", "within"):
        yield from _durations((getattr(condition, field),), f"{key}.{field}")


def _paths(council: Council, kind: WatchKind, paths: Iterable[str | None], key: str) -> Iterator[str]:
    for path in paths:
        if path and not knows(council, kind, path):
            yield f"{key}: a {kind.replace('_', ' ')} knows nothing called {path}. Correct the path."


def _acts(kind: WatchKind, keys: Iterable[str], where: str) -> Iterator[str]:
    for key in keys:
        if not happens(kind, key):
            yield f"{where}: a {kind.replace('_', ' ')} has no act {key}. Correct the act."


def _durations(texts: Iterable[str | None], where: str, *, hours: bool = False) -> Iterator[str]:
    for text in texts:
        wrong = is_duration(text) if text is not None else None
        if wrong and not (hours and text is not None and elapsed(text) is not None):
            yield f"{where}: {wrong}. Correct it."


def _deadline(council: Council, kind: WatchKind, one: Deadline, key: str) -> Iterator[str]:
    yield from _length(one, key)
    yield from _paths(council, kind, one.anchor, f"{key}.anchor")
    yield from _paths(council, kind, (one.judged_on,), f"{key}.judged_on")
    yield from _acts(kind, one.met_by, f"{key}.met_by")
    yield from _sits(council, one, key)
    if not one.anchor:
        yield f"{key}.anchor: is empty, so it would never run. Name a path."
    if ":" in one.key or one.key == ANSWER:
        yield f"{key}.key: is kept for clocks of the engine. Choose another, without a colon."
    if one.repeat and not one.met_by:
        yield f"{key}.repeat: nothing says when it was last held. Name acts in met_by."
    if one.counts_afresh and not one.met_by:
        yield f"{key}.counts_afresh: nothing says what would be counted. Name acts in met_by."
    if one.in_force_from and one.in_force_until and one.in_force_until < one.in_force_from:
        yield f"{key}.in_force_until: lies before in_force_from. Correct one of them."


def _length(one: Deadline, key: str) -> Iterator[str]:
    said = [name for name in ("after", "before", "working_days", "list_by") if getattr(one, name) is not None]
    if len(said) != 1:
        yield f"{key}: needs exactly one of after, before, working_days and list_by. Write one."
    yield from _durations((one.after, one.before), key, hours=True)
    yield from _durations((one.warn,), f"{key}.warn", hours=True)
    yield from _durations(one.repeat, f"{key}.repeat")
    yield from _durations((one.rearm,), f"{key}.rearm")
    if one.more_than and (one.after is None or elapsed(one.after) is not None):
        yield f"{key}.more_than: only the anniversary after some days has a day after it. Write after, in days."
    if sum(bool(way) for way in (one.warn, one.warn_working_days, one.warn_sittings)) > 1:
        yield f"{key}: warns in more than one way. Keep one of warn, warn_working_days and warn_sittings."


def _sits(council: Council, one: Deadline, key: str) -> Iterator[str]:
    for name in ("sitting", "list_by", "proposes"):
        forum = getattr(one, name)
        if forum is not None and forum not in council.forums:
            yield f"{key}.{name}: there is no forum {forum}. Correct the key."
        elif forum is not None and name != "proposes" and council.forums[forum].schedule is None:
            yield f"{key}.{name}: {forum} has no sittings of its own. Name a forum that meets."
    if (one.on_due == "propose") != (one.proposes is not None):
        yield f'{key}.proposes: a forum is named exactly where on_due = "propose". Write both or neither.'
    if (one.warn_sittings or one.sitting_working_days) and one.sitting is None:
        yield f"{key}: counts by sittings of no forum. Name it with sitting."


def _requirement(council: Council, kind: WatchKind, need: WatchRequirement, key: str) -> Iterator[str]:
    asked = [name for name in ("field", "fields", "must", "forbids") if getattr(need, name)]
    if len(asked) != 1:
        yield f"{key}: needs exactly one of field, fields, must and forbids. Write one."
    yield from _acts(kind, need.steps, f"{key}.steps")
    yield from _paths(council, kind, (need.field, *need.fields), f"{key}.{'field' if need.field else 'fields'}")


def _beginning(council: Council, kind: WatchKind, begins: Beginning, key: str) -> Iterator[str]:
    yield from _acts(kind, begins.on, f"{key}.on")
    if getattr(council, begins.process) is None:
        yield f"{key}.process: the council has no file for a {begins.process}. Write it or remove this."


def _authority(place: Place, kind: WatchKind, rules: WatchRules) -> Iterator[str]:
    known = OF_KIND[kind]
    for act in rules.authority:
        if not (happens(kind, act) or act in COMMON):
            yield f"{place.file}: authority.{act}: there is no such act. Remove it."
    for act in (known.starts, *known.acts):
        if act not in rules.authority:
            yield f"{place.file}: authority.{act}: is missing, so nobody could do it. Say which posts may."


def _law(council: Council, place: Place, kind: WatchKind) -> Iterator[str]:
    """Deadlines of the law that there are not, and council's own that would stand in the place of one."""
    rules: BaseModel = place.part
    of_law = {one.key for one in council.law_deadlines if one.process == kind}
    switched: tuple[str, ...] = getattr(rules, "law", ())
    for key in switched:
        if key != "all" and key not in of_law:
            yield f"{place.file}: law: the law has no deadline {key} for a {kind.replace('_', ' ')}. Correct the key."
    on = of_law if "all" in switched else of_law.intersection(switched)
    deadlines: tuple[Deadline, ...] = getattr(rules, "deadlines", ())
    names = on | {one.key for one in deadlines} | {f"{ANSWER}:{one.key}" for one in deadlines if one.proposes}
    if len(names) > FINISHED_KEPT:
        yield f"{place.file}: deadlines: {len(names)} clocks are more than a process keeps. Keep {FINISHED_KEPT}."
    for number, one in enumerate(deadlines):
        if one.key in on:
            where = f"{place.file}: deadlines.{number}.key"
            yield f"{where}: the law's own deadline is called {one.key}. Give this one another name."


def _keys(deadlines: Iterable[Deadline], where: str) -> Iterator[str]:
    """Several of one key are one clock, the first that applies: one without conditions leaves those after it idle."""
    found = list(deadlines)
    always: set[str] = set()
    for number, one in enumerate(found):
        if one.key in always:
            yield f"{where}.{number}.key: another {one.key} before it always applies. Give one of them another name."
        if not (one.when or one.in_force_from or one.in_force_until):
            always.add(one.key)
        if one.no_later_than is not None and one.no_later_than not in {other.key for other in found}:
            yield f"{where}.{number}.no_later_than: there is no deadline {one.no_later_than}. Correct the key."
