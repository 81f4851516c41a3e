"""A child's care episode: what status the child has and since when, what is reviewed, and what each act says.

Facts that it keeps, all under dotted paths (days and instants as ISO text; conditions and anchors ask for them):

- `status.NAME.since` while a status runs, `status.NAME.ended` once it has ended, `status.NAME.until` and
  `status.NAME.extended` where somebody said so. NAME is a word: an SSDA903 code is kept under its word (`CODES`), and
  every legal status that means so also runs `looked_after`. Team and case: `status.open_to_team.since` starts again
  with another team, `case.opened_on` never does.
- `legal_status.code` (SSDA903) and `legal_status.since`; `statuses`, the list of what runs; `team`, `unit`.
- `looked_after.prior_days`; `looked_after.thirteen_weeks_on`, the day on which 13 weeks in all are reached, and
  `looked_after.law_thirteen_weeks_on`, the same by the test of the law (after 14, past 16).
- `review.KIND.next`, `review.KIND.held`, `review.KIND.outstanding` (true until the next is held).
- `discussion.KIND.on`, `discussion.KIND.actions` (how many).
- `court_direction.due_by`, `court_direction.hearing`, `court_direction.outstanding`.
- `panel.FORUM.on`, `panel.FORUM.next_review`: when a panel heard the case, and its own next review of it.
- `placement.placement_ref`, `placement.kind`, `placement.since`; `transfer.planned_on`; `pathway_plan.sections` and
  `pathway_plan.contributors`; whatever else was said at the opening, as `episode.NAME`.

Acts are also known as `record_status:NAME`, `end_status:NAME`, `record_discussion:KIND`, `record_review_date:KIND` (it
was held) and `set_review_date:KIND` (it is to be held). Words taken of other processes: those of every watch (panels
and placements, as `panel.FORUM.*` and `placement.*`), and `models.episode_words.WORDS_TAKEN`.
"""

from enum import StrEnum
from typing import Any

from pydantic import Field

from models.episode_acts import Moment
from models.episode_opening import LookedAfterPeriod
from models.process import Shape
from models.watch import WatchedChild, WatchState


class EpisodeStage(StrEnum):
    """The stages of a care episode."""

    OPEN = "open"
    CLOSED = "closed"


class Spell(Shape):
    """A status from when it began until it ended; the last spell of each status is kept."""

    since: Moment
    ended: Moment | None = None
    until: Moment | None = None
    extended: bool = False
    team: str | None = None


class Direction(Shape):
    """A direction of the court: to be complied with by its day, and before the next hearing."""

    reference: str
    due: Moment | None = None
    hearing: Moment | None = None
    complied: Moment | None = None


class EpisodeState(WatchState):
    """All that a care episode knows. `facts` are reckoned anew from the rest after every change."""

    stage: EpisodeStage = EpisodeStage.OPEN
    child: WatchedChild
    team: str = ""
    spells: dict[str, Spell] = {}
    periods: list[LookedAfterPeriod] = []
    prior_days: int = 0
    directions: list[Direction] = []
    said: dict[str, Any] = Field(default={}, description="Facts that were said as they are, by path")
