"""Apologies, and cover for whoever cannot come (HRT-055 to HRT-057, HIL-051, HIL-061; decision C4).

Notice is asked for some elapsed hours before a sitting (A4). Later notice is noted and never refused.
"""

from datetime import datetime, timedelta

from models.acts import Apologies
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice
from models.sitting import Apology, SittingState
from models.vocabulary import SittingAct
from rules import clocks
from rules.authority import role
from rules.eyes import in_whose_place
from rules.process import note

COVER = "cover"


def check_apologies(state: SittingState, details: Apologies, actor: Actor, _now: datetime) -> None:
    """For somebody else only whoever runs the sittings, once that person has sent them."""
    if details.absent in (None, in_whose_place(actor)):
        return
    administrator = role(state.procedure, state.forum_key, "administrator")
    if actor.post != administrator:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Only the {state.procedure.posts[administrator].title} finds cover for somebody else.",
            "Send your own apologies, or ask them.",
        )
    if not any(sent.staff == details.absent for sent in state.apologies):
        raise Refused(
            RefusalCode.UNKNOWN,
            "That person has sent no apologies for this sitting.",
            "Name one who has.",
        )


def apply_apologies(state: SittingState, details: Apologies, actor: Actor, now: datetime) -> None:
    """Absence and substitute go on record; who runs the sittings finds cover where nobody is named yet."""
    absent = details.absent or in_whose_place(actor)
    before = next((sent for sent in state.apologies if sent.staff == absent), None)
    sent = Apology(
        staff=absent,
        post=before.post if before else actor.post,
        at=before.at if before else now,
        substitute=details.substitute or (before.substitute if before else None),
    )
    state.apologies = [*(other for other in state.apologies if other.staff != absent), sent]
    if before is None:
        state.flags = [*state.flags, *_late(state, sent)]
    _watch_cover(state, sent, now)
    told = (Notice(post=role(state.procedure, state.forum_key, "administrator"), subject="apologies"),)
    note(state, now, SittingAct.SEND_APOLOGIES, actor, details=details.model_dump(mode="json"), notices=told)


def stop_looking(state: SittingState, now: datetime) -> None:
    """The sitting has begun: nobody looks for cover any more.

    Args:
        state: The sitting.
        now: UTC.
    """
    for name in [name for name in state.clocks if name.startswith(f"{COVER}:")]:
        clocks.stop(state, name, now)


def _late(state: SittingState, sent: Apology) -> list[str]:
    rule = state.forum.cover
    if rule is None or state.starts - sent.at >= timedelta(hours=rule.notice_hours):
        return []
    return [f"Apologies of {sent.staff} less than {rule.notice_hours} hours before ({rule.cites[0]})"]


def _watch_cover(state: SittingState, sent: Apology, now: datetime) -> None:
    if state.forum.cover is None:
        return
    name = f"{COVER}:{sent.staff}"
    if sent.substitute is not None:
        clocks.meet(state, name, now)
    elif name not in state.clocks and now < state.starts:
        administrator = role(state.procedure, state.forum_key, "administrator")
        clocks.start(state, name, COVER, state.starts, administrator, now)
