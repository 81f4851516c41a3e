"""Words between processes: what a watch learns from journeys and from other watches, and how it tells them.

A word says that something happened (`what`) and carries plain facts of it: references, codes and days. It arrives at
least once and is taken once. What a word tells is kept as facts and as `held`, so that deadlines can ask for it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from models.errors import RefusalCode
from models.people import Actor
from models.process import Delivery, Notice, ProcessState, Word
from models.vocabulary import Outcome
from models.watch import Proposal, WatchState, watch_id
from rules.authority import system
from rules.process import note
from rules.watches.deadlines import happened
from rules.watches.proposals import answer
from rules.watches.reckoning import local_day
from rules.working_days import local

REFERRED: Final = "referred"
HEARD: Final = "heard"
DECIDED: Final = "decided"
CLOSED: Final = "closed"
OF_A_JOURNEY = (REFERRED, HEARD, DECIDED, CLOSED)
"""What a journey tells. Facts: `forum`, `referral_ref`, `child_ref`, and where known `outcome`, `on`, `sitting`,
`next_review`, `starts`, `ends` and `renew_by` (local days), `referred_at` (when it last went to its forum, ISO with
offset), and `told`: the processes that are told by the journey itself."""
PLACEMENT_STARTED: Final = "placement_started"
PLACEMENT_CHANGED: Final = "placement_changed"
PLACEMENT_ENDED: Final = "placement_ended"
OF_A_PLACEMENT = (PLACEMENT_STARTED, PLACEMENT_CHANGED, PLACEMENT_ENDED)
"""What a placement tells its child's care episode. Facts: `placement_ref`, `on` (the day), and anything else that the
placement knows under plain names (`kind`, `provider_ref`, `connected_person`, `ends`, `reason`)."""
OPEN_PLACEMENTS = "placements.open"
NOT_OF_THE_FORUM = ("forum", "told", "child_ref", "referred_at")


def tell(  # noqa: PLR0913 - a word has that many parts
    state: ProcessState,
    to: str,
    what: str,
    facts: Mapping[str, Any],
    by: Actor,
    *,
    optional: bool = False,
) -> None:
    """Let another process know; it goes out with the next batch.

    Args:
        state: Who tells.
        to: The other process.
        what: What happened.
        facts: Plain facts of it; what is `None` is left out.
        by: Whose act it was.
        optional: There need not be such a process, and nobody is told when there is none.
    """
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    word = Word(
        message_id=f"{state.process_id}#{state.sequence}:{what}",
        what=what,
        sender=state.process_id,
        by=by,
        facts={name: value for name, value in said.items() if value is not None},
    )
    state.undelivered.append(Delivery(to=to, word=word, optional=optional))


def tell_episode(state: WatchState, what: str, facts: Mapping[str, Any], by: Actor) -> None:
    """Let the care episode of the child know; where the council keeps none of this child, nothing happens.

    Args:
        state: A placement, package or transfer.
        what: What happened, such as `PLACEMENT_STARTED`.
        facts: Plain facts of it.
        by: Whose act it was.
    """
    if state.child is not None:
        tell(
            state,
            watch_id("care_episode", state.procedure.key, state.child.reference),
            what,
            facts,
            by,
            optional=True,
        )


def take(state: WatchState, word: Word, now: datetime) -> None:
    """What every watch does with a word: of a journey it keeps what the forum said, of a placement where the child is.

    The kernel does this first, before `Kind.word`, which need not do it again. A journey about another child, whose
    form names this watch by mistake, answers nothing here.

    Args:
        state: The watch.
        word: What happened.
        now: UTC.
    """
    child = word.facts.get("child_ref")
    if state.child is not None and child not in (None, state.child.reference):
        note(state, now, "word_refused", system(state.procedure), code=RefusalCode.INVALID, text=word.sender)
    elif word.what in OF_A_JOURNEY:
        from_journey(state, word, now)
        pass_on(state, word)
    elif word.what in OF_A_PLACEMENT:
        from_placement(state, word, now)


def from_journey(state: WatchState, word: Word, now: datetime) -> None:
    """Keep what a forum said, and answer the proposal that it answers.

    Facts are `panel.FORUM.NAME` with the names of `OF_A_JOURNEY` and `panel.FORUM.stage` (the last word); `held` gets
    `told_WHAT`, `told_WHAT:FORUM` and, of a decision, `told_decided:FORUM:OUTCOME`.

    Args:
        state: The watch.
        word: One of `OF_A_JOURNEY`.
        now: UTC.
    """
    forum, outcome = str(word.facts.get("forum", "")), word.facts.get("outcome")
    facts = {f"panel.{forum}.{name}": value for name, value in word.facts.items() if name not in NOT_OF_THE_FORUM}
    state.facts = {**state.facts, **facts, f"panel.{forum}.stage": word.what}
    keys = [f"told_{word.what}", f"told_{word.what}:{forum}"]
    if word.what == DECIDED and outcome is not None:
        keys.append(f"told_decided:{forum}:{outcome}")
    happened(state, keys, _day(word, now), now)
    if word.what != CLOSED:
        _answer(state, word, forum, now)
    elif outcome == Outcome.WITHDRAWN:
        _say_withdrawn(state, word, forum, now)


def pass_on(state: WatchState, word: Word) -> None:
    """A care episode knows where the child lives: what a forum says of the child reaches the placements that run.

    A placement that the journey tells by itself (`told`) is left out.

    Args:
        state: Any watch.
        word: One of `OF_A_JOURNEY`, as the journey told it.
    """
    if state.kind != "care_episode":
        return
    for reference in state.facts.get(OPEN_PLACEMENTS, []):
        process = watch_id("placement", state.procedure.key, reference)
        if process not in word.facts.get("told", ()):
            tell(state, process, word.what, word.facts, word.by)


def _answer(state: WatchState, word: Word, forum: str, now: datetime) -> None:
    reference = word.facts.get("referral_ref")
    for proposal in state.open_proposals:
        if proposal.forum == forum and _is_meant(proposal, word, now):
            answer(state, proposal, "refer", None, reference, word.by, now)


def _is_meant(proposal: Proposal, word: Word, now: datetime) -> bool:
    """Whether a journey is the referral that was proposed: the one that it names, or one referred since.

    A case that went to the forum before is another matter, whatever becomes of it now. Where a word does not say when
    it was referred, only that it is referred now counts.
    """
    if proposal.referral_ref is not None and proposal.referral_ref == word.facts.get("referral_ref"):
        return True
    said = word.facts.get("referred_at")
    if said is None:
        return word.what == REFERRED and now >= proposal.at
    return datetime.fromisoformat(said) >= proposal.at


def _say_withdrawn(state: WatchState, word: Word, forum: str, now: datetime) -> None:
    """A referral that was proposed is withdrawn: whoever it was proposed to learns that nobody hears it any more."""
    proposal = proposal_of(state, forum, word.facts.get("referral_ref"))
    if proposal is None:
        return
    told = (Notice(post=proposal.to, subject=f"referral_withdrawn:{forum}"),)
    note(state, now, "referral_withdrawn", system(state.procedure), cites=(proposal.cites,), notices=told, text=forum)


def proposal_of(state: WatchState, forum: str, referral_ref: str | None) -> Proposal | None:
    """The latest proposal that a referral to a forum answers; `None` where nobody proposed it.

    Args:
        state: The watch.
        forum: The forum's key.
        referral_ref: The referral.
    """
    fits = (one for one in reversed(state.proposals) if (one.forum, one.referral_ref) == (forum, referral_ref))
    return next(fits, None)


def from_placement(state: WatchState, word: Word, now: datetime) -> None:
    """Keep where the child is: `placement.NAME` of the latest, and the references of all that run (`placements.open`).

    `held` gets `told_WHAT` and `told_WHAT:REFERENCE`. The end of one placement leaves the facts of another as they are.

    Args:
        state: The child's care episode.
        word: One of `OF_A_PLACEMENT`.
        now: UTC.
    """
    reference = str(word.facts.get("placement_ref", ""))
    running = [one for one in state.facts.get(OPEN_PLACEMENTS, []) if one != reference]
    if word.what != PLACEMENT_ENDED:
        running.append(reference)
    facts = {**state.facts, OPEN_PLACEMENTS: running}
    latest = word.what == PLACEMENT_STARTED or facts.get("placement.placement_ref") in (None, reference)
    if word.what == PLACEMENT_STARTED:
        facts = {name: value for name, value in facts.items() if not name.startswith("placement.")}
    if latest:
        facts |= {f"placement.{name}": value for name, value in word.facts.items()}
        facts["placement.open"] = word.what != PLACEMENT_ENDED
        facts[f"placement.{word.what.removeprefix('placement_')}_on"] = _day(word, now).isoformat()
    state.facts = facts
    happened(state, [f"told_{word.what}", f"told_{word.what}:{reference}"], _day(word, now), now)


def _day(word: Word, now: datetime) -> date:
    """The day that a word tells of; the day it came where it names none."""
    said = word.facts.get("on")
    return local_day(said) if said is not None else local(now).date()
