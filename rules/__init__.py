"""The rules: pure functions and state-machine tables. "Now" is always an argument, in UTC."""
