"""Waymark's worker: `python worker.py` runs it until SIGTERM or Ctrl-C, `python worker.py --check` asks how it is."""

from console.app import main_of
from console.serving import work

if __name__ == "__main__":
    main_of(work)
