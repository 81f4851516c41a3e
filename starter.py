"""Waymark's command line: `python starter.py --help`."""

from console.app import main

if __name__ == "__main__":
    main()
