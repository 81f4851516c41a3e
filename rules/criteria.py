"""Which criteria a case meets, and which forum they point to (HIL-004 to HIL-035, decisions A8, B1 and B14)."""

from dataclasses import dataclass
from datetime import date

from models.journey import CriterionMet
from models.procedure import Council, Criterion
from models.referral import Referral
from rules.conditions import all_hold, fact


@dataclass(frozen=True)
class Assessment:
    """All criteria that a case meets, the forum they recommend, and dates that are missing to tell."""

    met: list[CriterionMet]
    recommended: str
    data_quality: list[str]
    unknown: list[str]


def _is_met(criterion: Criterion, referral: Referral, council: Council, today: date) -> CriterionMet | None:
    rule = criterion.cites[0]
    if criterion.unless and all_hold(criterion.unless, referral, today, council.settings):
        return None
    found = bool(criterion.when) and all_hold(criterion.when, referral, today, council.settings)
    if found or rule in referral.criteria:
        return CriterionMet(rule=rule, forum="", found=found)
    return None


def _recommended(met: list[CriterionMet], referral: Referral, council: Council, today: date) -> str:
    for onward in council.forums[referral.forum].onward:
        if onward.on == "referral" and all_hold(onward.when, referral, today, council.settings):
            return onward.forum
    pointed = {criterion.forum for criterion in met}
    for key, forum in council.forums.items():
        if key in pointed and pointed.intersection(forum.outranks):
            return key
    return referral.forum if referral.forum in pointed or not pointed else min(pointed)


def assess(referral: Referral, council: Council, today: date) -> Assessment:
    """All criteria met across the council's forums, in order of rule id.

    Args:
        referral: The intake form: its declared criteria and its facts.
        council: The procedure.
        today: Local date, for criteria that count time.
    """
    met: list[CriterionMet] = []
    gaps: list[str] = []
    known: set[str] = set()
    for key, forum in council.forums.items():
        for criterion in forum.criteria:
            known.add(criterion.cites[0])
            answer = _is_met(criterion, referral, council, today)
            if answer is not None:
                met.append(answer.model_copy(update={"forum": key}))
                if criterion.needs and fact(referral, criterion.needs) is None:
                    gaps.append(f"{criterion.cites[0]}: {criterion.needs} is not filled in, so it cannot be checked")
    met.sort(key=lambda criterion: criterion.rule)
    return Assessment(
        met=met,
        recommended=_recommended(met, referral, council, today),
        data_quality=gaps,
        unknown=[rule for rule in referral.criteria if rule not in known],
    )
