"""Facts of which posts are told at once, what may not happen until somebody confirms it, and who confirmed what."""

from datetime import datetime

from models.acts import Confirm
from models.deciding import Confirmation
from models.errors import RefusalCode, Refused
from models.journey import Confirmed, JourneyState, WantedSitting
from models.people import Actor
from models.vocabulary import JourneyAct, Stage
from rules.authority import system, titles
from rules.conditions import all_hold
from rules.form import plain_name
from rules.journeys.common import notices, role_here, today
from rules.journeys.knowing import known
from rules.journeys.tasks import open_by_rule
from rules.process import note

AT_ONCE = 0
"""Working days: what an alert asks for is due on the day itself."""


def raise_alerts(state: JourneyState, now: datetime) -> None:
    """Tell posts of facts that have become true, each once; remember what may not happen before a confirmation.

    Args:
        state: The journey: referred, amended or redirected.
        now: UTC.
    """
    facts = known(state, today(now))
    for alert in state.forum.alerts:
        if alert.key in state.alerted or not all_hold(alert.when, facts, today(now), state.procedure):
            continue
        state.alerted.append(alert.key)
        if alert.hold is not None and alert.hold not in {*state.holds, *(one.key for one in state.confirmed)}:
            state.holds = [*state.holds, alert.hold]
        if alert.action is not None:
            open_by_rule(state, alert.key, alert.action, alert.owner, AT_ONCE, now)
        note(
            state,
            now,
            "alert",
            system(state.procedure),
            cites=alert.cites,
            details={"hold": alert.hold},
            notices=notices(f"alert:{alert.key}", alert.tells),
            text=alert.key,
        )


def confirmations(state: JourneyState, now: datetime) -> list[Confirmation]:
    """What has to be confirmed on this case.

    Args:
        state: The journey.
        now: UTC.
    """
    facts = known(state, today(now))
    return [one for one in state.forum.confirmations if all_hold(one.when, facts, today(now), state.procedure)]


def unconfirmed(state: JourneyState, now: datetime) -> list[Confirmation]:
    """What has to be confirmed and is not yet.

    Args:
        state: The journey.
        now: UTC.
    """
    done = {one.key for one in state.confirmed}
    return [one for one in confirmations(state, now) if one.key not in done]


def waits_for(state: JourneyState, now: datetime) -> tuple[str, ...]:
    """What has to be confirmed before a panel decides, and is not yet: titles.

    Args:
        state: The journey.
        now: UTC.
    """
    return tuple(one.title or one.key for one in unconfirmed(state, now) if one.before_decision == "required")


def may_be_confirmed(state: JourneyState) -> bool:
    """Whether the forum has anything that somebody confirms.

    Args:
        state: The journey.
    """
    return bool(state.forum.confirmations)


def _named(state: JourneyState, key: str) -> Confirmation:
    wanted = plain_name(key)
    for one in state.forum.confirmations:
        if wanted in (plain_name(one.key), plain_name(one.title)):
            return one
    raise Refused(
        RefusalCode.UNKNOWN,
        "Nothing of that name is confirmed here.",
        f"Name one of: {', '.join(one.key for one in state.forum.confirmations)}.",
    )


def check_confirm(state: JourneyState, details: Confirm, actor: Actor, now: datetime) -> None:
    """It is something that this post confirms, and that has happened."""
    one = _named(state, details.key)
    if actor.post not in one.posts:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This is for the {titles(state.procedure, one.posts)} to confirm.",
            "Ask them.",
            one.cites[0],
        )
    if details.on is not None and details.on > today(now):
        raise Refused(
            RefusalCode.INVALID,
            "What has not happened yet cannot be confirmed.",
            "Confirm it on the day, or give the day on which it was.",
            one.cites[0],
        )


def apply_confirm(state: JourneyState, details: Confirm, actor: Actor, now: datetime) -> None:
    """Record it; what waited for it may happen. A sitting that has the case learns of it with its papers."""
    one = _named(state, details.key)
    said = Confirmed(key=one.key, by=actor, at=now, on=details.on, note=details.note)
    state.confirmed = [*(other for other in state.confirmed if other.key != one.key), said]
    state.holds = [hold for hold in state.holds if hold != one.key]
    if state.booking is not None and state.stage in (Stage.LISTED, Stage.RESERVED) and state.wanted is None:
        state.wanted = WantedSitting(forum=state.booking.forum, sitting=state.booking.sitting)  # its papers changed
    note(
        state,
        now,
        JourneyAct.CONFIRM,
        actor,
        cites=one.cites,
        details=details.model_dump(mode="json"),
        notices=notices("confirmed", (role_here(state, "manager"),)),
        text=one.key,
    )


def flag_unconfirmed(state: JourneyState, now: datetime) -> None:
    """Show what was decided without a confirmation that should have come first.

    Args:
        state: The journey, being decided.
        now: UTC.
    """
    said = [f"Decided without: {one.title or one.key} ({one.cites[0]})" for one in unconfirmed(state, now)]
    state.flags = [*dict.fromkeys([*state.flags, *said])]
