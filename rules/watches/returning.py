"""A deadline brings a matter back to its forum by itself, with its history, where the form that began it is kept.

The proposal stands beside it: the referral answers it, and where no referral could begin it stays a person's to make.
"""

from datetime import datetime

from models.deadlines import Deadline
from models.identifiers import journey_id, reference_after
from models.process import Notice, NotStarted, Starting
from models.referral import Prior, Referral
from models.watch import Proposal, WatchState
from rules.authority import system
from rules.process import not_started

JOURNEY = "journey"


def bring_back(state: WatchState, deadline: Deadline, proposal: Proposal) -> Proposal:
    """Begin the referral that a deadline proposes, where it may.

    Its reference is the watch's with the deadline's key and a number, so that it begins once.

    Args:
        state: The watch.
        deadline: What has come due.
        proposal: What it proposes.

    Returns:
        The proposal, with the reference of the referral where one begins.
    """
    if not deadline.brings_back or state.form is None or deadline.proposes is None:
        return proposal
    before = sum(one.deadline == deadline.key and one.answer is not None for one in state.proposals)
    reference = reference_after(state.reference, f"{deadline.key}.{before + 1}")
    starting = Starting(
        kind=JOURNEY,
        council=state.procedure.key,
        reference=reference,
        by=state.started_by,
        form=_form(state, state.form, deadline.proposes, reference),
    )
    state.starting = [*state.starting, starting]
    return proposal.model_copy(update={"referral_ref": reference})


def _form(state: WatchState, form: Referral, forum: str, reference: str) -> Referral:
    """The form that began it, as a referral of its own: what was wished for once is not wished for again."""
    request = form.request.model_copy(update={"sitting": None, "direct": False})
    whole = {
        "referral_ref": reference,
        "forum": forum,
        "request": request,
        "prior": {**form.prior, **_said(state)},
        "came_from": state.process_id,
    }
    return form.model_copy(update=whole)


def _said(state: WatchState) -> dict[str, Prior]:
    """What forums have said since, by their words."""
    found: dict[str, Prior] = {}
    for path, outcome in state.facts.items():
        first, _, rest = path.partition(".")
        forum, _, name = rest.partition(".")
        if (first, name) == ("panel", "outcome"):
            on, reference = (state.facts.get(f"panel.{forum}.{more}") for more in ("on", "referral_ref"))
            found[forum] = Prior.model_validate({"outcome": outcome, "on": on, "reference": reference})
    return found


def not_returned(state: WatchState, refused: NotStarted, now: datetime) -> None:
    """What should have begun by itself could not: a proposed referral is a person's to make, and they see why.

    Args:
        state: The watch.
        refused: What, and why.
        now: UTC.
    """
    told: list[str] = []
    proposals: list[Proposal] = []
    for one in state.proposals:
        meant = one.referral_ref is not None and journey_id(state.procedure.key, one.referral_ref) == refused.process_id
        told += [one.to] if meant else []
        proposals.append(one.model_copy(update={"referral_ref": None}) if meant else one)
    state.proposals = proposals
    by_itself = state.started_by.staff == system(state.procedure).staff
    otherwise = state.procedure.roles.manager if by_itself else state.started_by.post
    posts = dict.fromkeys(told or [otherwise])
    not_started(state, refused, now, tuple(Notice(post=post, subject="not_started") for post in posts))
