"""State machines as tables: which moves are legal in which stage.

One `transitions` machine a process, built once when the module is read and shared by every workflow: its models are the
process states. `DO_NOT_MOVE` marks an act that is legal in a stage and leaves it as it is.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from transitions import Machine

DO_NOT_MOVE = "="


class Move(NamedTuple):
    """One row: what happens, in which stages, and which stage it leads to."""

    trigger: str
    sources: tuple[StrEnum, ...]
    to: StrEnum | str


class Moves:
    """A table of moves, run by a shared machine.

    Args:
        stages: Every stage.
        initial: Where a process starts.
        table: The legal moves.
    """

    def __init__(self, stages: type[StrEnum], initial: StrEnum, table: Iterable[Move]) -> None:
        self.stages = stages
        self.initial = initial
        self.table = tuple(table)
        self._machine = Machine(
            model=None,
            states=stages,
            initial=initial,
            auto_transitions=False,
            send_event=False,
            model_attribute="stage",
        )
        for move in self.table:
            self._machine.add_transition(move.trigger, list(move.sources), None if move.to == DO_NOT_MOVE else move.to)
        self._legal = {
            stage: tuple(dict.fromkeys(move.trigger for move in self.table if stage in move.sources))
            for stage in stages
        }

    def legal(self, stage: StrEnum) -> tuple[str, ...]:
        """What may happen in a stage, in the table's order.

        Args:
            stage: Where the process stands.
        """
        return self._legal[stage]

    def fire(self, trigger: str, process: Any) -> None:  # noqa: ANN401 - any state with a `stage`
        """Make a move that was checked to be legal.

        Args:
            trigger: The move.
            process: The state whose `stage` changes.

        Raises:
            transitions.MachineError: The move is not legal here: a fault of the program, not of a person.
        """
        self._machine.events[trigger].trigger(process)
