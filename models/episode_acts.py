"""What each act on a care episode says, in the words, codes and days that people write."""

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from models.acts import Details
from models.episode_words import kind_word, status_word, word_of
from models.phrasing import Label, MaybeWhy, Text
from models.placement_phrasing import FIRST_YEAR, LAST_YEAR, within_reason
from models.referral import Day, Reference

LONDON = ZoneInfo("Europe/London")
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def moment(value: object) -> object:
    """A day or an instant as somebody wrote it; an instant without an offset is Europe/London wall time.

    Args:
        value: ISO text, a date or a datetime. Years that are a slip of the keyboard come back as they are.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > len("2031-01-01") else date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR:
        return (value if value.tzinfo else value.replace(tzinfo=LONDON)).astimezone(UTC)
    return value


Moment = Annotated[datetime | Day, BeforeValidator(moment), AfterValidator(within_reason)]
"""A local day, or an instant (UTC)."""
Word = Annotated[str, BeforeValidator(word_of), Field(pattern=r"^[a-z0-9_.]{1,60}$")]
Status = Annotated[str, BeforeValidator(status_word), Field(pattern=r"^[a-z0-9_.]{1,60}$")]
ReviewKind = Annotated[str, BeforeValidator(kind_word), Field(pattern=r"^[a-z0-9_.]{1,60}$")]


def _words(value: object) -> object:
    several = [value] if isinstance(value, str) else value
    return [word_of(one) for one in several] if isinstance(several, list | tuple) else several


Words = Annotated[tuple[Word, ...], BeforeValidator(_words)]

SINCE = AliasChoices(
    *("since", "from", "on", "date", "start", "starts", "started", "started_on", "start_date", "made_on", "made"),
    *("order_date", "effective_from", "at", "presented_on", "recorded_on", "opened_on", "decided_on"),
)
ENDED = AliasChoices("ended", "ended_on", "end", "end_date", "to", "ceased", "ceased_on")


@cache
def names_of(shape: type[BaseModel]) -> frozenset[str]:
    """Every name by which a field of a shape is understood.

    Args:
        shape: The details of an act.
    """
    found = set(shape.model_fields)
    for field in shape.model_fields.values():
        if isinstance(field.validation_alias, AliasChoices):
            found |= {str(one) for one in field.validation_alias.choices}
    return frozenset(found)


@cache
def _choices(shape: type[BaseModel]) -> tuple[tuple[str, ...], ...]:
    """For each field that goes by several names, these names: the first that somebody used is meant."""
    several = [field.validation_alias for field in shape.model_fields.values()]
    return tuple(tuple(str(one) for one in some.choices) for some in several if isinstance(some, AliasChoices))


class Telling(Details):
    """What an act tells. Fields that nobody here knows of are not used, and people see that (`unread`, their names).

    They stand in the register as they were written, and start no clock.
    """

    unread: SkipJsonSchema[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _sweep(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        if not isinstance(value, dict):
            return value
        known = names_of(cls)
        other = [key for key in value if key not in known and FIELD_NAME.fullmatch(str(key))]
        other += [key for names in _choices(cls) for key in [name for name in names if name in value][1:]]
        kept = {key: said for key, said in value.items() if key not in other}
        return {**kept, "unread": (*kept.get("unread", ()), *other)} if other else kept


SAYS_STATUS = ("status", "code", "legal_status", "kind", "what", "name")
GENERIC = ("status", "legal_status", "legal", "code")
"""What somebody may write in place of a status before its code: `kind = "legal_status"`."""


class StatusSaid(Telling):
    """One status: which, since when (a local day or an instant), and what goes with it where something does.

    `due` and `hearing` are of a court direction. A `team` is that of a case open to it. `until` is when an order ends.
    `sections` and `contributors` are those of a pathway plan.
    """

    status: Annotated[Status, Field(validation_alias=AliasChoices(*SAYS_STATUS))]
    since: Annotated[Moment | None, Field(validation_alias=SINCE)] = None
    ended: Annotated[Moment | None, Field(validation_alias=ENDED)] = None
    until: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("until", "expires", "expires_on", "runs_out"))
    ] = None
    extended: Annotated[bool, Field(validation_alias=AliasChoices("extended", "extension"))] = False
    due: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("due", "due_on", "by", "due_by", "comply_by"))
    ] = None
    hearing: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                "hearing", "next_hearing", "hearing_on", "hearing_date", "before", "before_hearing"
            )
        ),
    ] = None
    reference: Annotated[
        Label | None,
        Field(validation_alias=AliasChoices("reference", "ref", "direction", "placement", "placement_ref", "to")),
    ] = None
    type: Annotated[Word | None, Field(validation_alias=AliasChoices("type", "placement_type", "placement_kind"))] = (
        None
    )
    team: Annotated[Label | None, Field(validation_alias=AliasChoices("team", "to_team", "new_team"))] = None
    unit: Label | None = None
    plan: Word | None = None
    sections: Annotated[
        Words, Field(validation_alias=AliasChoices("sections", "includes", "contents", "sets_out"))
    ] = ()
    contributors: Annotated[
        Words, Field(validation_alias=AliasChoices("contributors", "contributed", "contributions", "views_of"))
    ] = ()
    reasons: Annotated[
        Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "note", "reason_for_new_episode"))
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        if not isinstance(value, dict):
            return {"status": value} if isinstance(value, str) else value
        generic = [key for key in SAYS_STATUS if isinstance(value.get(key), str) and word_of(value[key]) in GENERIC]
        named = [key for key in SAYS_STATUS if key in value and key not in generic]
        return {key: said for key, said in value.items() if key not in generic} if named else value


class RecordStatus(Details):
    """One or several statuses that the child has from now on, or since a day."""

    statuses: tuple[StatusSaid, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        if not isinstance(value, dict) or "statuses" in value:
            return value
        several = value.get("status")
        if isinstance(several, list | tuple):
            rest = {key: said for key, said in value.items() if key != "status"}
            return {"statuses": [{**rest, "status": one} if isinstance(one, str) else one for one in several]}
        return {"statuses": [value]}


class EndStatus(Telling):
    """A status that the child has no more. `reference` says which court direction was complied with."""

    status: Annotated[Status, Field(validation_alias=AliasChoices(*SAYS_STATUS))]
    on: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("on", "ended", "ended_on", "end", "until", "date", "at", "since", "to")),
    ] = None
    reference: Annotated[Label | None, Field(validation_alias=AliasChoices("reference", "ref", "direction"))] = None
    reasons: MaybeWhy = None


class RecordReviewDate(Telling):
    """A review, meeting, visit or hearing: that it was held, or when it is to be.

    `on` is held when it has come and planned when it has not. `forum` is the panel that heard the case, `next` its own
    next review. `attended` are the posts that were there.
    """

    kind: Annotated[ReviewKind, Field(validation_alias=AliasChoices("kind", "review", "what", "type", "subject"))] = (
        "looked_after_review"
    )
    on: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("on", "date", "due", "review_date", "planned_on", "planned", "set_for")),
    ] = None
    held_on: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("held_on", "held", "held_at", "took_place_on", "heard_on"))
    ] = None
    next: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices("next", "next_on", "next_review", "next_date", "next_review_on", "next_due")
        ),
    ] = None
    forum: Label | None = None
    attended: Annotated[
        Words, Field(validation_alias=AliasChoices("attended", "attendees", "present", "attended_by"))
    ] = ()
    reasons: Annotated[MaybeWhy, Field(validation_alias=AliasChoices("reasons", "reason", "note"))] = None

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        if not isinstance(value, dict) or not isinstance(value.get("held"), bool):
            return value
        rest = {key: said for key, said in value.items() if key != "held"}
        return {**rest, "held_on": rest.pop("on", None)} if value["held"] else rest


def _decision(value: object) -> object:
    word = word_of(value) if isinstance(value, str) else value
    words = {"refer": "refer", "referred": "refer", "to_refer": "refer", "yes": "refer", True: "refer"}
    words |= {"not": "not", "not_refer": "not", "do_not_refer": "not", "not_referred": "not", "no": "not"}
    words |= {"not_because": "not", "dont_refer": "not", "not_to_refer": "not", False: "not"}
    return words.get(word, "other") if isinstance(word, str | bool) else value


def _several(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class RecordDiscussion(Telling):
    """A discussion of the child's case: of which kind, when, and what came of it.

    `decision` answers a referral that was proposed: `refer`, or `not_refer` with reasons. `proposal` says which, by its
    forum or deadline, where several are open. A meeting may decide something else, where nothing waits for an answer.
    `actions` are those of a planning meeting.
    """

    kind: Annotated[
        str | None, Field(validation_alias=AliasChoices("kind", "subject", "meeting", "type", "what"), max_length=2_000)
    ] = None
    on: Annotated[Moment | None, Field(validation_alias=AliasChoices("on", "held_on", "date", "held", "at"))] = None
    decision: Annotated[
        Literal["refer", "not", "other"] | None,
        BeforeValidator(_decision),
        Field(validation_alias=AliasChoices("decision", "outcome", "refer")),
    ] = None
    reasons: Annotated[
        Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "because", "rationale"))
    ] = None
    proposal: Annotated[
        Label | None, Field(validation_alias=AliasChoices("proposal", "forum", "deadline", "rule", "panel"))
    ] = None
    referral_ref: Annotated[Reference | None, Field(validation_alias=AliasChoices("referral_ref", "referral"))] = None
    actions: Annotated[tuple[Any, ...], BeforeValidator(_several)] = ()
    summary: Annotated[Text | None, Field(validation_alias=AliasChoices("summary", "notes", "note", "discussion"))] = (
        None
    )
    attended: Annotated[
        Words, Field(validation_alias=AliasChoices("attended", "attendees", "present", "attended_by"))
    ] = ()
    next: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("next", "next_on", "next_review", "next_date"))
    ] = None


class CloseEpisode(Telling):
    """The end of the watch over a child's care, with why."""

    on: Annotated[Moment | None, Field(validation_alias=AliasChoices("on", "closed_on", "date", "ended_on"))] = None
    outcome: Annotated[Word | None, Field(validation_alias=AliasChoices("outcome", "why"))] = None
    reasons: Annotated[Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "note"))] = None
