"""Discussions of a child's case, and the answers that they give to a referral that was proposed (A6)."""

import re
from datetime import date, datetime

from models.care_episode import EpisodeState
from models.episode_acts import RecordDiscussion
from models.episode_words import kind_word
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.watch import Proposal
from rules.authority import next_up, title
from rules.episodes.facts import as_text, reckon, show_unread
from rules.process import note
from rules.watches.proposals import answer
from rules.watches.reckoning import local_day
from rules.working_days import local

PLAIN_WORD = re.compile(r"[a-z0-9_]{1,40}")
DISCUSSION = "discussion"
"""The kind of a discussion whose subject is written in words of its own: those go to the register only."""


def kind_of(details: RecordDiscussion) -> str:
    """Of which kind a discussion was.

    Args:
        details: What was recorded.
    """
    word = kind_word(details.kind) if details.kind else DISCUSSION
    return word if PLAIN_WORD.fullmatch(word) else DISCUSSION


def answered(state: EpisodeState, details: RecordDiscussion) -> list[Proposal]:
    """The open proposals that a decision answers: those named, else all that go to the one forum.

    Args:
        state: The episode.
        details: What was recorded.
    """
    named = (details.proposal, kind_of(details), details.kind)
    found = [one for one in state.open_proposals if {one.forum, one.deadline, one.cites}.intersection(named)]
    return found if found or details.proposal is not None else state.open_proposals


def check_discussion(state: EpisodeState, details: RecordDiscussion, actor: Actor, now: datetime) -> None:
    """A "not" says why, and one decision does not answer for two forums."""
    if details.on is not None and local_day(details.on) > local(now).date():
        raise Refused(
            RefusalCode.INVALID, "A discussion that is still to come cannot be recorded.", "Give the day it was held."
        )
    if details.decision is None:
        return
    found = answered(state, details)
    if details.decision == "other" and found:
        raise Refused(
            RefusalCode.INVALID,
            "A referral is proposed here, and this neither refers nor says that nobody does.",
            'Decide "refer", or "not_refer" with reasons; what else was agreed stands in summary.',
            found[0].cites,
        )
    if details.decision == "not" and not details.reasons:
        rule = found[0].cites if found else None
        raise Refused(
            RefusalCode.INCOMPLETE, "Somebody who does not refer says why.", "Add reasons, in a sentence.", rule
        )
    if details.decision == "not":
        _require_who_decides(state, found, actor)
    forums = list(dict.fromkeys(one.forum for one in found))
    if len(forums) > 1:
        raise Refused(
            RefusalCode.INVALID,
            "Referrals to more than one forum are proposed here.",
            f"Say which with proposal: {', '.join(forums)}.",
        )


def _require_who_decides(state: EpisodeState, found: list[Proposal], actor: Actor) -> None:
    """Anybody may refer; whoever answers to the post that was asked does not settle for it that nobody does."""
    for one in found:
        above = next_up(state.procedure, actor.post)
        while above is not None and above != one.to:
            above = next_up(state.procedure, above)
        if above is not None:
            raise Refused(
                RefusalCode.NOT_AUTHORISED,
                f"That a case is not referred is for the {title(state.procedure, one.to).lower()} to say.",
                f"Ask the {title(state.procedure, one.to).lower()}, or refer the case.",
                one.cites,
            )


def apply_discussion(state: EpisodeState, details: RecordDiscussion, actor: Actor, now: datetime) -> None:
    """Remember it, and answer what was proposed."""
    kind = kind_of(details)
    on = details.on or now
    path = f"discussion.{kind}"
    state.said = {**state.said, f"{path}.on": as_text(on), f"{path}.actions": len(details.actions)}
    if details.next is not None:
        state.said = {**state.said, f"review.{kind}.next": as_text(details.next), f"review.{kind}.outstanding": True}
    if details.decision in ("refer", "not") and (found := answered(state, details)):
        said = details.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        note(state, now, "record_discussion", actor, cites=(found[0].cites,), details=said, text=kind)
        for proposal in found:
            answer(state, proposal, details.decision, details.reasons, details.referral_ref, actor, now)
    show_unread(state, details)
    reckon(state)


def also_discussion(details: RecordDiscussion) -> tuple[str, ...]:
    """By which name it is known: `record_discussion:KIND`."""
    return (f"record_discussion:{kind_of(details)}",)


def on_discussion(details: RecordDiscussion, now: datetime) -> date:
    """The local day on which it was held."""
    return local_day(details.on) if details.on is not None else local(now).date()
