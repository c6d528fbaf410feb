"""What text looks like: the only place that knows numbers about languages."""

from __future__ import annotations

from functools import lru_cache
from pkgutil import get_data

from mojifix.language.lexicon import Lexicon
from mojifix.language.ngrams import Trigrams


@lru_cache(maxsize=1)
def trigrams() -> Trigrams:
    """Return the language model, read on the first call."""
    return Trigrams(_bytes("model.bin"))


@lru_cache(maxsize=1)
def known_words() -> Lexicon:
    """Return the words that are known, read on the first call."""
    return Lexicon(_bytes("lexicon.bin"))


@lru_cache(maxsize=1)
def common_words() -> str:
    """Return the commonest words of each language, a line each: its name, and the words by rank.

    `tools/train_model.py` makes the list of wordfreq's.
    """
    return _bytes("words.txt").decode()


@lru_cache(maxsize=1)
def common_letters() -> str:
    """Return the letters beyond ASCII of each language that has some, a line each.

    Its name, and each letter with its share among them, in thousandths, the commonest first.
    `tools/train_model.py` makes the list of the training text.
    """
    return _bytes("letters.txt").decode()


@lru_cache(maxsize=1)
def common_trigrams() -> str:
    """Return the trigrams of ASCII letters and spaces that tell languages apart.

    The first line names the languages, any other one is a trigram and a letter for each of them:
    `a` if it lacks it, up to `o`, a step of half a nat each. `tools/train_model.py` makes the list
    of the training text.
    """
    return _bytes("trigrams.txt").decode()


@lru_cache(maxsize=1)
def common_pictures() -> str:
    """Return the commonest emoji in one line, each with its share among them, in millionths.

    `tools/train_model.py` makes the list of wordfreq's.
    """
    return _bytes("pictures.txt").decode()


def _bytes(name: str) -> bytes:
    """Return a file of this package, also out of a zip."""
    # importlib.resources would take as long to load as the model does.
    data = get_data(__name__, name)
    assert data is not None, "import systems without data are not supported"
    return data
