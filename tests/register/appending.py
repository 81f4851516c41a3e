"""A process that only appends: what the fault tests start, kill and wait for.

It appends the events of one journey, one after another, and tries each again until the register has it, as Temporal
does. After each it says so on its standard output. Halfway it waits for a line, if somebody may send it one.
"""

import sys
import time

from sqlalchemy.exc import SQLAlchemyError

from register.database import connect_register
from register.log import line_of
from register.writer import Writer
from tests.register.entries import entry

AGAIN_AFTER = 0.02
"""Seconds between two tries."""


def append_all(url: str, process_id: str, events: int) -> None:
    """Append so many events, in batches of one to three.

    Args:
        url: The register's.
        process_id: Whose.
        events: How many.
    """
    engine = connect_register(url)
    writer = Writer(engine)
    sequence, halfway = 1, events // 2
    while sequence <= events:
        if sequence > halfway:
            sys.stdin.readline()
            halfway = events
        batch = [entry(one, process_id) for one in range(sequence, min(sequence + sequence % 3, events) + 1)]
        try:
            writer.submit([line_of(one) for one in batch]).result()
        except SQLAlchemyError as error:
            print(f"failed {type(error).__name__}", flush=True)  # noqa: T201 - what the test listens for
            time.sleep(AGAIN_AFTER)
        else:
            sequence = batch[-1].sequence + 1
            print(f"recorded {batch[-1].sequence}", flush=True)  # noqa: T201 - likewise
    engine.dispose()


if __name__ == "__main__":
    append_all(sys.argv[1], sys.argv[2], int(sys.argv[3]))
