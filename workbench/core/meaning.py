"""How near in meaning two segments are, on the scale of 0–100 that translators read."""

from __future__ import annotations

MEANING_SCORER = "cos-centred|v1"
MEANING_FLOOR = 40.0  # below, what is nearest is seldom about the same thing
# A cosine of 1 says the same in other words at best: whoever takes it over still has to read every word.
MEANING_CEILING = 84.0


def likeness(cosine: float) -> float:
    """Return the likeness, 0–:data:`MEANING_CEILING`, of two segments from the cosine of their centred vectors."""
    return round(max(cosine, 0.0) * MEANING_CEILING, 1)
