"""The rehearsals as tests: each file is one story, and each story is one test."""
