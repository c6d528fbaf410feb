"""What text looks like: the only place that knows numbers about languages."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from mojifix.language.ngrams import Trigrams


@lru_cache(maxsize=1)
def trigrams() -> Trigrams:
    """Return the language model, read on the first call."""
    return Trigrams(files(__name__).joinpath("model.bin").read_bytes())


@lru_cache(maxsize=1)
def common_words() -> str:
    """Return the commonest words of each language, a line each: its name, and the words by rank.

    `tools/train_model.py` makes the list of wordfreq's.
    """
    return files(__name__).joinpath("words.txt").read_bytes().decode()
