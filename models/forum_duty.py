"""A recurring duty of a council's forums: one occurrence of it, and what each act says.

Rules HIL-108, HIL-110, HAC-223, HAC-302, HAC-332 and HAC-354; each council's duties stand under `[[duties]]`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, Field

from models.acts import Details
from models.phrasing import Label, MaybeWhy, Text, Why
from models.procedure import Duty
from models.referral import Day
from models.watch import WatchState


class DutyStage(StrEnum):
    """Where an occurrence stands."""

    TO_DO = "to_do"
    DONE = "done"
    SKIPPED = "skipped"


class StartDuty(Details):
    """One occurrence of a duty, by its key. `on` is its day, today when left out; `due` goes before the file's days."""

    duty: Annotated[Label, Field(validation_alias=AliasChoices("duty", "key", "name"))]
    forum: Label | None = None
    on: Annotated[Day | None, Field(validation_alias=AliasChoices("on", "date", "occurrence"))] = None
    due: Day | None = None
    reasons: MaybeWhy = None


class CompleteDuty(Details):
    """The duty is done: where what came of it is kept, or a note."""

    evidence: Annotated[
        Label | None, Field(validation_alias=AliasChoices("evidence", "evidence_reference", "reference", "document"))
    ] = None
    note: Annotated[Text | None, Field(validation_alias=AliasChoices("note", "notes", "findings", "summary"))] = None
    on: Annotated[date | datetime | None, Field(validation_alias=AliasChoices("on", "at", "date", "done_on"))] = None


class SkipDuty(Details):
    """The duty is left out this time, and why."""

    reasons: Why


class ForumDutyState(WatchState):
    """Everything that an occurrence knows. `asked` is the day by which it is done, where somebody said one."""

    stage: DutyStage = DutyStage.TO_DO
    duty: Duty
    on: date
    asked: date | None = None
