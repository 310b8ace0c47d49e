"""A pause of Python's garbage collector for work that makes many lasting objects and no cycles."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_pauses = 0
_was_enabled = False


@contextmanager
def no_collecting() -> Iterator[None]:
    """Let the collector rest: building 70,000 terms it looks at all of them again and again, a third of the time.

    The collector is the whole process's: it starts again when the last of several threads is through. Reference
    counting frees what it can meanwhile, so that this is for bounded work (a file under the size limit).
    """
    global _pauses, _was_enabled
    with _lock:
        if not _pauses:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses and _was_enabled:
                gc.enable()
