"""The case transfer: everything that its workflow needs, in one place."""

from datetime import date, datetime

from models.case_transfer import (
    AskForInformation,
    CaseTransferState,
    Closing,
    CompleteTransfer,
    RaiseDispute,
    RecordEvent,
    RecordJointVisit,
    RequestTransfer,
    ReturnCase,
    SettleDispute,
    Stay,
    SupplyInformation,
    TransferStage,
)
from rules.process import ActRule, nothing_more
from rules.transfers import acts, disputes
from rules.transfers.moves import MOVES
from rules.transfers.naming import rules
from rules.transfers.starting import begin
from rules.transfers.timing import keep_time
from rules.watches.kinds import Kind, WatchAct, earliest_owner
from rules.working_days import local


def waiting_on(state: CaseTransferState) -> str | None:
    """Whose move it is: the receiving unit's, the sending unit's, or those with whom a dispute lies.

    Args:
        state: The transfer.
    """
    all_rules = rules(state)
    if state.stage is TransferStage.IN_DISPUTE:
        return all_rules.disputes.posts[disputes.level(state)]
    if state.stage in (TransferStage.TRANSFERRED, TransferStage.COVERED):
        return earliest_owner(state, all_rules.due.receiver)
    return all_rules.due.receiver


def after(state: CaseTransferState, now: datetime) -> None:
    """What follows from every change: a dispute ends with its transfer, and what is due is reckoned anew.

    Args:
        state: The transfer.
        now: UTC.
    """
    disputes.end_with_transfer(state, now)
    keep_time(state, now)


def _visited(said: RecordJointVisit, now: datetime) -> date:
    return said.on or local(now).date()


ACTS: dict[str, WatchAct[CaseTransferState]] = {
    "ask_for_information": WatchAct(ActRule(AskForInformation, acts.check_ask, acts.apply_ask)),
    "supply_information": WatchAct(
        ActRule(SupplyInformation, acts.check_supply, acts.apply_supply), also_of=acts.supplied
    ),
    "record_joint_visit": WatchAct(ActRule(RecordJointVisit, acts.check_visit, acts.apply_visit), on=_visited),
    "complete_transfer": WatchAct(
        ActRule(CompleteTransfer, acts.check_complete, acts.apply_complete), would_set=acts.completing
    ),
    "record_event": WatchAct(ActRule(RecordEvent, acts.check_event, acts.apply_event), would_set=acts.recording),
    "raise_dispute": WatchAct(ActRule(RaiseDispute, disputes.check_raise, disputes.apply_raise)),
    "settle_dispute": WatchAct(ActRule(SettleDispute, disputes.check_settle, disputes.apply_settle)),
    "stay": WatchAct(ActRule(Stay, acts.check_stay, acts.apply_stay)),
    "withdraw_request": WatchAct(ActRule(Closing, acts.check_withdraw, acts.apply_withdraw)),
    "return_case": WatchAct(ActRule(ReturnCase, acts.check_return, acts.apply_return)),
    "close_transfer": WatchAct(ActRule(Closing, nothing_more, acts.apply_close, acts.left_over)),
}

CASE_TRANSFER: Kind[CaseTransferState] = Kind(
    kind="case_transfer",
    starts="request_transfer",
    shape=RequestTransfer,
    begin=begin,
    moves=MOVES,
    acts=ACTS,
    ended=acts.over,
    waiting_on=waiting_on,
    after=after,
    on_due={"dispute": disputes.not_settled, "missing_information": disputes.information_late},
)
