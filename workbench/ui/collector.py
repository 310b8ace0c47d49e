"""Keep Python's garbage collector from stopping everybody: what lives long is set aside.

Streamlit collects all garbage after every run of a page. A full collection looks at every object there is, and the
indexes of a large memory are millions that live as long as the process: with 100,000 units it held all sessions up for
200 ms after each key. So when a full collection was slow, all that it found alive is moved out of the collector's
sight (``gc.freeze``); reference counting still frees it. Once an hour everything is looked at again.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

SLOW = 0.03  # seconds a full collection may take before what it found alive is set aside
LOOK_AGAIN = 3600.0  # seconds after which what was set aside is looked at again: cycles of ended sessions are in it
OLDEST = 2  # the generation whose collection is a full one


class SetAside:
    """The hook in the collector; there is one a process (:func:`set_long_lived_aside`).

    Args:
        slow: Seconds from which a full collection counts as slow.
        clock: Seconds that only grow.
    """

    def __init__(self, slow: float = SLOW, clock: Callable[[], float] = time.monotonic) -> None:
        self.slow = slow
        self.clock = clock
        self.began = 0.0
        self.looked = clock()

    def __call__(self, phase: str, about: Mapping[str, int]) -> None:
        """Take note of a collection; called by the collector when one begins and ends."""
        if about.get("generation") != OLDEST:
            return
        now = self.clock()
        if phase == "start":
            if now - self.looked > LOOK_AGAIN:
                self.looked = now
                gc.unfreeze()
            self.began = now
        elif now - self.began > self.slow:
            gc.freeze()  # right after a full collection nothing of it is garbage


def set_long_lived_aside() -> None:
    """Hook into the collector, once a process."""
    if not any(isinstance(callback, SetAside) for callback in gc.callbacks):
        gc.callbacks.append(SetAside())
