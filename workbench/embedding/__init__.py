"""Sentence vectors: the bundled model prepared as a sentence-transformers folder, and the encoder around it.

Importing this package, and opening an encoder, imports neither torch nor sentence-transformers: the first sentence
encoded does.
"""

from workbench.embedding.encoder import Encoder, open_encoder

__all__ = ["Encoder", "open_encoder"]
