"""Names for widgets that say what they were drawn for: a click or a tick never falls on something else."""

from __future__ import annotations

from hashlib import sha256


def mark_of(*what: object) -> str:
    """Return a short name for what a widget shows: the same for the same values, in every process."""
    return sha256(repr(what).encode("utf-8", "surrogatepass")).hexdigest()[:16]
