"""What lives long is kept out of the collector's way after a slow full collection, and looked at again in time."""

import gc

import pytest

from workbench.ui.collector import LOOK_AGAIN, SetAside, set_long_lived_aside


@pytest.fixture
def hook():
    """A hook under a clock of its own: every look at it takes as long as the test says."""

    class Clock:
        now = 0.0
        step = 0.0

        def __call__(self):
            self.now += self.step
            return self.now

    clock = Clock()
    made = SetAside(slow=0.5, clock=clock)
    before = list(gc.callbacks)
    gc.unfreeze()
    gc.callbacks[:] = [made]  # pages of other tests hook in too
    yield clock
    gc.callbacks[:] = before
    gc.unfreeze()


def test_a_slow_full_collection_sets_aside_what_is_alive(hook):
    hook.step = 1.0
    gc.collect()
    assert gc.get_freeze_count() > 1000


def test_a_quick_or_partial_collection_sets_nothing_aside(hook):
    gc.collect()
    hook.step = 1.0
    gc.collect(0)
    assert gc.get_freeze_count() == 0


def test_what_was_set_aside_is_looked_at_again_after_an_hour(hook):
    hook.step = 1.0
    gc.collect()
    hook.step = 0.0
    hook.now += LOOK_AGAIN + 1
    gc.collect()
    assert gc.get_freeze_count() == 0


def test_hooking_in_twice_hooks_in_once():
    before = list(gc.callbacks)
    try:
        set_long_lived_aside()
        set_long_lived_aside()
        assert sum(isinstance(callback, SetAside) for callback in gc.callbacks) == 1
    finally:
        gc.callbacks[:] = before
