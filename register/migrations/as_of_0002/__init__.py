"""The tables of version 0002, as they were when it was made: later changes have versions of their own."""
