from __future__ import annotations

import gc

import pytest

from workbench.services.collecting import no_collecting


def test_the_collector_starts_again_when_the_last_pause_ends_even_by_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"), no_collecting():
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with no_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
