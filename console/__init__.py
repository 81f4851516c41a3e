"""The command line: what `starter.py` offers, one file a group of commands."""
