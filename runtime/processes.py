"""Whether there is a process, for what lies outside the activities."""

from activities.processes import status_of

__all__ = ["status_of"]
