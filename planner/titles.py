"""What things that are due are called in words: by the council's files where they say it."""

from models.deadlines import Deadline
from models.procedure import Council
from models.watch import PREFIX

WORDS = {
    "action": "Action",
    "allocation": "Allocation to a worker",
    "alternative_plan": "Safe alternative",
    "approval_end": "End of what was approved",
    "birthday": "Birthday on which the law changes",
    "circulation": "Papers go out to the members",
    "court_date": "Place at a sitting before the court date",
    "cover": "Cover for a member who cannot come",
    "cut_off": "Cut-off of the next sitting",
    "decision_sheet": "Approval of the decision sheet",
    "emergency_form": "Form after an emergency",
    "emergency_hearing": "Hearing of an emergency",
    "list_by": "Hearing within its window",
    "listing": "Place at a sitting",
    "minutes": "Draft of the minutes",
    "minutes_approval": "Approval of the minutes",
    "not_done": "Answer to an action that was not done",
    "post_decision": "Decision by a post",
    "renewal": "Renewal of what was approved",
    "response": "Response to who referred",
    "review": "Listing of the review",
    "sitting_end": "End of a sitting without cases",
    "sitting_opening": "Opening of the sitting",
    "submissions": "Cut-off for submissions",
    "task": "Task of the unit meeting",
    "unlawful_placement": "A lawful home for the child",
}
"""Clocks that the engine runs for every council, by what their names begin with."""
ANSWER = "referral"
BIRTHDAY = "birthday"
OF_CASES = ("decision_sheet",)
"""Clocks whose names end in the reference of a case."""
CONTRACT_ENDS = "contract.ends"
AT_ONCE = "P0D"


class Titles:
    """What clocks of one council watch, in words.

    Args:
        council: The whole procedure.
    """

    def __init__(self, council: Council) -> None:
        self._known = {(PREFIX[law.process], law.key): law.title for law in council.law_deadlines}
        for kind, prefix in PREFIX.items():
            rules = getattr(council, kind)
            self._known |= {(prefix, one.key): one.title for one in (rules.deadlines if rules else ())}
        self._known |= {(PREFIX["forum_duty"], duty.key): duty.title for duty in council.duties}

    def of(self, kind: str, name: str) -> str:
        """One clock.

        Args:
            kind: What its process's id begins with.
            name: The clock's.
        """
        first, _, rest = name.partition(":")
        if first == ANSWER and rest:
            return f"Refer, or say why not: {self.of(kind, rest)}"
        found = self._known.get((kind, name)) or self._known.get((kind, first)) or WORDS.get(first)
        return found or first.replace("_", " ").capitalize()


def case_of(name: str) -> str | None:
    """The reference of a case that a clock's name ends in, where it does.

    Args:
        name: The clock's.
    """
    first, _, rest = name.partition(":")
    return rest if rest and first in OF_CASES else None


def ends_of_contracts(council: Council) -> tuple[str, ...]:
    """The clocks of placements that are due when a contract ends.

    Args:
        council: The whole procedure.
    """
    return tuple(one.key for one in _about_contracts(council) if one.after == AT_ONCE)


def listings_of_contracts(council: Council) -> dict[str, str]:
    """The clocks of placements by which a contract that ends is brought to a panel, and the forum of that.

    Args:
        council: The whole procedure.
    """
    return {one.key: forum for one in _about_contracts(council) if (forum := one.proposes or one.sitting or "")}


def _about_contracts(council: Council) -> tuple[Deadline, ...]:
    rules = council.placement
    return tuple(one for one in rules.deadlines if CONTRACT_ENDS in one.anchor) if rules else ()
