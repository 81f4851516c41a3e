"""The weekly meeting of a social work unit: every case discussed and recorded, and what was not is carried."""
