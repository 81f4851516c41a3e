"""Who has to consent to a Regulation 24 placement: the Director, and each person with parental responsibility.

HIL-099: the Director's consent; a delegate's where it cannot wait, confirmed by the Director the next working day (B3).
HIL-100: each person with parental responsibility is asked for section 20 consent, who has the capacity to give it (B5).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from models.errors import RefusalCode, Refused
from models.placement import PlacementState, RecordCheck
from models.placement_parts import ResponsiblePerson, SuitabilitySaid
from rules.placements.facts import day_of, moment, put

DIRECTOR = "director"
DIRECTOR_CONSENT = ("director_consent", "directors_consent", "director_s_consent", "consent_of_the_director")
SECTION_20 = ("section_20", "section_20_consent", "s20", "s20_consent", "s_20_consent")
PARENTAL = "HIL-100"


def require_responsible(persons: Iterable[ResponsiblePerson]) -> None:
    """Refuse a consent of somebody who has no parental responsibility, such as the carer.

    Args:
        persons: Who is named.

    Raises:
        Refused: `invalid`.
    """
    if any(one.consent and not one.parental_responsibility for one in persons):
        raise Refused(
            RefusalCode.INVALID,
            "Only somebody with parental responsibility can consent to section 20.",
            "Ask each person with parental responsibility; a carer without it cannot sign.",
            PARENTAL,
        )


def require_whole_answer(details: RecordCheck) -> None:
    """Refuse an answer about section 20 that leaves out whose it is, or whether they have the capacity to give it.

    Args:
        details: The check.

    Raises:
        Refused: `incomplete`, or `invalid` for somebody without parental responsibility.
    """
    person = person_of(details)
    if person is None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "Section 20 consent is asked of one person at a time.",
            "Give the reference of the person with parental responsibility.",
            PARENTAL,
        )
    if person.consent and person.capacity is None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "Consent counts only from somebody who has the capacity to give it.",
            "Say in capacity whether the person has it.",
            PARENTAL,
        )
    require_responsible((person,))


def person_of(details: RecordCheck) -> ResponsiblePerson | None:
    """Whose answer a check records; `None` when nobody is named.

    Args:
        details: The check.
    """
    if details.person is None:
        return None
    words = {"given": True, "signed": True, "consented": True, "yes": True, "refused": False, "no": False}
    consent = details.consent if details.consent is not None else words.get(details.result or "")
    if consent is None and details.result is None:
        consent = details.capacity
    return ResponsiblePerson(
        person=details.person,
        parental_responsibility=details.parental_responsibility,
        capacity=details.capacity,
        consent=consent,
    )


def take_answers(state: PlacementState, persons: Iterable[ResponsiblePerson]) -> None:
    """Keep what people with parental responsibility answered, the last answer of each.

    Args:
        state: The placement.
        persons: Those whose answers are new.
    """
    known = {one.person: one for one in state.responsible}
    known |= {one.person: one for one in persons if one.parental_responsibility}
    state.responsible = tuple(known.values())
    everybody = state.responsible
    if not everybody:
        return
    able = [one for one in everybody if one.capacity]
    put(
        state,
        {
            "consent.section_20_asked": len(everybody),
            "consent.section_20_given": len(able) == len(everybody) and all(one.consent for one in able),
            "consent.section_20_refused": any(one.consent is False for one in everybody),
            "consent.section_20_without_capacity": any(one.capacity is False for one in everybody),
        },
    )


def take_director(state: PlacementState, said: SuitabilitySaid | None, now: datetime) -> None:
    """Keep the Director's consent, or that of a delegate, which the Director still has to confirm.

    Args:
        state: The placement.
        said: What is told of it when the placement starts or changes.
        now: UTC.
    """
    if said is not None:
        _consented(state, said.by or DIRECTOR, {"on": day_of(said.at, now), "given": said.approved}, now)


def take_director_check(state: PlacementState, details: RecordCheck, post: str, now: datetime) -> None:
    """Keep a consent that is recorded by whoever gives it.

    Args:
        state: The placement.
        details: The check.
        post: The post that records it.
        now: UTC.
    """
    _consented(state, details.by or post, {"on": day_of(details.on, now), "given": details.consent is not False}, now)


def _consented(state: PlacementState, by: str, said: dict[str, Any], now: datetime) -> None:
    whose = "director" if by == DIRECTOR else "delegate"
    put(
        state,
        {
            f"consent.{whose}_given": said["given"],
            f"consent.{whose}_on": said["on"],
            f"consent.{whose}_recorded_at": moment(None, now),
            "consent.director_by": by,
        },
    )
