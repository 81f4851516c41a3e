"""Which criteria a case meets, and which forum they point to (HIL-004 to HIL-035, decisions A8, B1 and B14)."""

from dataclasses import dataclass
from datetime import date

from models.intake import Criterion
from models.journey import CriterionMet
from models.procedure import Council, Forum
from models.referral import Referral
from rules.conditions import Facts, all_hold, fact


@dataclass(frozen=True)
class Assessment:
    """All criteria that a case meets, the forum they recommend, and dates that are missing to tell."""

    met: list[CriterionMet]
    recommended: str
    data_quality: list[str]
    unknown: list[str]


def in_use(criterion: Criterion, council: Council) -> bool:
    """Whether the council uses a criterion: some are used only where a setting of its own says so.

    Args:
        criterion: The criterion.
        council: The procedure.
    """
    if criterion.in_use is None:
        return True
    setting = council.settings.get(criterion.in_use)
    return setting is not None and bool(setting.value)


def _is_met(criterion: Criterion, facts: Facts, council: Council, today: date, declared: set[str]) -> bool | None:
    """Whether a criterion is met: `True` when the facts show it, `False` when the team declares it, else `None`."""
    if not in_use(criterion, council):
        return None
    if criterion.unless and all_hold(criterion.unless, facts, today, council):
        return None
    if criterion.when and all_hold(criterion.when, facts, today, council):
        return True
    dated = criterion.points and criterion.needs and fact(facts, criterion.needs) is not None
    return False if criterion.cites[0] in declared and not dated else None


def met_at(forum: Forum, facts: Facts, declared: tuple[str, ...], council: Council, today: date) -> dict[str, bool]:
    """The criteria of one forum that a case meets, and whether its facts show it.

    For points, a date that says otherwise goes before what the team declares. Others are met because one of those that
    imply them is.

    Args:
        forum: The forum.
        facts: What is known of the case.
        declared: Rule ids that the team declares.
        council: The procedure.
        today: Local date, for criteria that count time.
    """
    met: dict[str, bool] = {}
    for criterion in forum.criteria:
        found = _is_met(criterion, facts, council, today, set(declared))
        if found is not None:
            met[criterion.cites[0]] = found
    for criterion in forum.criteria:
        if met.keys() & set(criterion.implied_by):
            met.setdefault(criterion.cites[0], True)
    return met


def _points_to(forum: Forum, met: dict[str, bool], kind: str) -> bool:
    """Whether criteria recommend a forum: those that only count points, or follow from such, do not."""
    if forum.oversight or (forum.kinds and kind not in forum.kinds):
        return False
    counted = {criterion.cites[0] for criterion in forum.criteria if criterion.points}
    implied = {criterion.cites[0] for criterion in forum.criteria if counted & set(criterion.implied_by) & met.keys()}
    return bool(met.keys() - counted - implied)


def _recommended(pointed: set[str], facts: Facts, here: str, council: Council, today: date) -> str:
    for onward in council.forums[here].onward:
        if onward.on == "referral" and all_hold(onward.when, facts, today, council):
            return onward.forum
    for key, forum in council.forums.items():
        if key in pointed and pointed.intersection(forum.outranks):
            return key
    return next(iter(pointed)) if len(pointed) == 1 and here not in pointed else here


def assess(referral: Referral, council: Council, today: date, facts: Facts | None = None) -> Assessment:
    """All criteria met across the council's forums, in order of rule id.

    The forum that the case was referred to stands, unless one forum alone is pointed to, or outranks another that is.
    What only counts points is found at the forum that counts them; elsewhere it is listed when the team declares it.

    Args:
        referral: The intake form: its declared criteria and its facts.
        council: The procedure.
        today: Local date, for criteria that count time.
        facts: What else is known of the case; left out: the form alone.
    """
    facts = facts or referral
    met: dict[str, CriterionMet] = {}
    gaps: list[str] = []
    pointed: set[str] = set()
    here_first = sorted(council.forums.items(), key=lambda forum: forum[0] != referral.forum)
    for key, forum in here_first:
        found = met_at(forum, facts, referral.criteria, council, today)
        scores = key != referral.forum and any(criterion.points for criterion in forum.criteria)
        for rule, shown in found.items():
            if not scores or rule in referral.criteria:
                met.setdefault(rule, CriterionMet(rule=rule, forum=key, found=shown))
        if found and _points_to(forum, found, referral.request.kind):
            pointed.add(key)
        gaps += [
            f"{one.cites[0]}: {one.needs} is not filled in, so it cannot be checked"
            for one in forum.criteria
            if one.cites[0] in found and one.needs and fact(facts, one.needs) is None
        ]
    known = {criterion.cites[0] for forum in council.forums.values() for criterion in forum.criteria}
    return Assessment(
        met=sorted(met.values(), key=lambda criterion: criterion.rule),
        recommended=_recommended(pointed, facts, referral.forum, council, today),
        data_quality=list(dict.fromkeys(gaps)),
        unknown=[rule for rule in referral.criteria if rule not in known],
    )
