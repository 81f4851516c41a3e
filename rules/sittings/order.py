"""The order of an agenda: who has a place, who waits, and which children share one place.

Rules HIL-082 to HIL-085, HRT-037, HAC-269 to HAC-273, HAC-323, HAC-350 and HAC-387; decisions A16, D3 and D6.
"""

from models.sitting import Case, CasePapers, SittingState
from models.vocabulary import CaseState

ON_AGENDA = (CaseState.LISTED, CaseState.BEING_HEARD, CaseState.HEARD, CaseState.DECIDED, CaseState.APPROVED)
"""States in which a case takes one of the places."""


def case_of(state: SittingState, referral_ref: str) -> Case | None:
    """The case of a referral on this agenda; `None` when it is not here or left.

    Args:
        state: The sitting.
        referral_ref: The referral reference.
    """
    gone = (CaseState.RELEASED, CaseState.CARRIED_OVER)
    return next((c for c in state.cases if c.papers.referral_ref == referral_ref and c.state not in gone), None)


def reserves(state: SittingState) -> list[Case]:
    """The reserve list: as somebody ordered it, by rank or score, carried-over cases first, then in order of asking.

    Args:
        state: The sitting.
    """
    waiting = [case for case in state.cases if case.state is CaseState.RESERVED]
    return sorted(
        waiting,
        key=lambda case: (*precedence(state, case), not case.carried_over, case.booked_at, case.papers.referral_ref),
    )


def precedence(state: SittingState, case: Case) -> tuple[int, int, int]:
    """What goes before the time of asking: the order that somebody gave, then the rank (1 first), then the score.

    Args:
        state: The sitting.
        case: The case.
    """
    ref, papers = case.papers.referral_ref, case.papers
    ordered = state.order.index(ref) if ref in state.order else len(state.order)
    return ordered, LAST if papers.rank is None else papers.rank, -(papers.score or 0)


def place_key(state: SittingState, papers: CasePapers) -> str:
    """What takes one place: a case, or all the children of a family together (A16).

    Args:
        state: The sitting.
        papers: Of the case.
    """
    by_family = state.forum.capacity is not None and state.forum.capacity.unit == "family"
    return f"family:{papers.family}" if by_family and papers.family else papers.referral_ref


def taken(state: SittingState) -> int:
    """How many places are taken.

    Args:
        state: The sitting.
    """
    return len({place_key(state, case.papers) for case in agenda(state)})


NO_LIMIT = 10_000
"""More cases than any meeting hears."""
LAST = NO_LIMIT
"""Where a case without a rank stands among those that have one."""


def agenda(state: SittingState) -> list[Case]:
    """The cases with a place, in order of their slots.

    Args:
        state: The sitting.
    """
    listed = [case for case in state.cases if case.state in ON_AGENDA]
    return sorted(listed, key=lambda case: case.slot or 0)


def limit(state: SittingState) -> int:
    """How many cases the sitting hears without its chair agreeing to more.

    Args:
        state: The sitting.
    """
    return (state.forum.capacity.cases or NO_LIMIT) if state.forum.capacity else 0


def replace(state: SittingState, case: Case) -> None:
    """Put a changed case in the place of the old one.

    Args:
        state: The sitting.
        case: The case as it is now.
    """
    ref = case.papers.referral_ref
    state.cases = [case if item.papers.referral_ref == ref else item for item in state.cases]


def members(state: SittingState) -> list[str]:
    """The posts that sit on every case, to whom the papers go.

    Args:
        state: The sitting.
    """
    seats = [seat for seat in state.forum.seats if seat.role in ("chair", "independent", "member")]
    return list(dict.fromkeys(post for seat in seats for post in seat.post))
