"""Folds the log into the read models: one module a read model, and nothing but the log goes in.

Every reader calls `catch_up` before it reads. `rebuild` empties the read models and folds the whole log anew, with the
same result. `refold_processes` does so for some processes, after content of theirs was erased.
"""

from register.fold.catching_up import CHUNK, Mark, catch_up, fold_next, folded_until, rebuild, refold, refold_processes

__all__ = ["CHUNK", "Mark", "catch_up", "fold_next", "folded_until", "rebuild", "refold", "refold_processes"]
