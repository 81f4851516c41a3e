"""Every watch: which workflows there are, with the rules of their kinds, and the acts that start them."""

from typing import Any

from models.deadlines import WatchKind
from rules.watches.kinds import Kind
from workflows.care_episode import CareEpisode
from workflows.case_transfer import CaseTransfer
from workflows.forum_duty import ForumDuty
from workflows.placement import Placement
from workflows.support_package import SupportPackage
from workflows.unit_meeting import UnitMeeting

WATCHES: tuple[type[Any], ...] = (CareEpisode, Placement, SupportPackage, ForumDuty, CaseTransfer, UnitMeeting)
"""The workflow classes; each in a module of its own."""
KINDS: dict[WatchKind, Kind[Any]] = {kind.kind: kind for kind in (one.kind for one in WATCHES)}
STARTING_ACTS: dict[str, WatchKind] = {kind.starts: kind.kind for kind in KINDS.values()}
"""The acts that start a watch, and what each starts."""
