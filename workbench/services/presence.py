"""Who is at which segment just now: kept in the process's memory, as it is worth nothing a minute later."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

STAYS = 60.0  # seconds after which somebody who says nothing is thought gone: three times an open page's silence


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody at work on a version: their name, and the row they have open."""

    name: str
    key: int


class Presence:
    """Remembers who is where. Safe to share between threads.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[Someone, float]] = {}
        self._lock = Lock()

    def here(self, place: str, window: str, name: str, key: int) -> None:
        """Note that somebody has a row open.

        Args:
            place: The version they work on.
            window: Tells the windows of one person apart.
        """
        now = self._clock()
        with self._lock:
            for other in [w for w, (_, seen) in self._seen.items() if now - seen > STAYS]:
                del self._seen[other]
            self._seen[place, window] = (Someone(name, key), now)

    def others(self, place: str, windows: set[str]) -> list[Someone]:
        """Return who else works on a version, by name; one's own ``windows`` are left out."""
        now = self._clock()
        with self._lock:
            found = {
                someone
                for (where, window), (someone, seen) in self._seen.items()
                if where == place and window not in windows and now - seen <= STAYS
            }
        return sorted(found, key=lambda someone: (someone.name, someone.key))
