"""What Waymark says when it will not do something: a code, a sentence and what to do next."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why an act was refused. The values are the failure types that Temporal reports."""

    NOT_AUTHORISED = "not_authorised"
    ILLEGAL_MOVE = "illegal_move"
    SAME_PERSON = "same_person"
    INCOMPLETE = "incomplete"
    MISSING_DOCUMENT = "missing_document"
    PAST_CUT_OFF = "past_cut_off"
    SITTING_FULL = "sitting_full"
    INQUORATE = "inquorate"
    NOT_INDEPENDENT = "not_independent"
    PROHIBITED = "prohibited"
    OVER_LIMIT = "over_limit"
    UNKNOWN = "unknown"
    INVALID = "invalid"


class Refused(Exception):  # noqa: N818 - the field's own word: an act is refused
    """An act that the rules do not allow.

    The sentence and the remedy never hold a name or narrative: they travel through Temporal in the clear.

    Args:
        code: Why.
        sentence: One sentence that a social worker understands.
        remedy: What to do next, one sentence.
        rule: The catalogue id of the rule that refuses, where there is one.
    """

    def __init__(self, code: RefusalCode, sentence: str, remedy: str, rule: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.rule = rule


class ProcedureFault(Exception):  # noqa: N818 - a fault in a council's file, not in the program
    """One or more faults in a council's procedure files, each with file, key and remedy.

    Args:
        faults: One sentence each.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
