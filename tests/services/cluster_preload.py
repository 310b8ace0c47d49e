"""Loaded by the workers of the cluster's test: a model of a few words, and slow enough to be killed in its midst."""

import time

from tests.commands.conftest import WordEncoder
from workbench.services.workspace import Workspace


class SlowEncoder(WordEncoder):
    def encode(self, sentences, *, progress=None):
        time.sleep(0.4)
        return super().encode(sentences, progress=progress)


Workspace.encoder = SlowEncoder()
