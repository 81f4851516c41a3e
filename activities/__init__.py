"""Effects outside the processes, one file each. Idempotent by process id and sequence, or by message id."""
