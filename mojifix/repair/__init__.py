"""Repair: gate, decode, judge, prove, splice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

# By its name annotations are found at runtime, too, and the model is loaded only then.
import mojifix


def repair(text: str, policy: mojifix.Policy | None = None) -> mojifix.Result:
    """Find the mis-decoded spans of a document and undo what happened to them.

    Every `str` is accepted. Each repair in the result is proven: sent through its layers again, it
    gives what was found. Raises TypeError for what is no `str`.
    """
    # Loaded here, and no more of it than is needed: programs that import mojifix start at once.
    if not isinstance(text, str):
        raise TypeError(_no_text(text))
    if text.isascii() and "???" not in text:
        from mojifix.model import Result

        return Result(text, text)
    from mojifix.repair.peel import peel

    return peel(text, policy)


def fix_text(text: str, policy: mojifix.Policy | None = None) -> str:
    """Return `text` with its damage repaired; the very same object when nothing is repaired.

    Raises TypeError for what is no `str`.
    """
    if not isinstance(text, str):
        raise TypeError(_no_text(text))
    # Nearly all text is let out by one pattern: that is done without any detour.
    if text.isascii():
        return text
    is_plain, fixed = _rooms or _loaded()
    return text if is_plain(text) else fixed(text, policy)


def _no_text(given: object) -> str:
    hint = ": bytes are decoded first" if isinstance(given, bytes | bytearray) else ""
    return f"expected text, not {type(given).__name__}{hint}"


_rooms: tuple[Callable[[str], bool], Callable[[str, mojifix.Policy | None], str]] | None = None


def _loaded() -> tuple[Callable[[str], bool], Callable[[str, mojifix.Policy | None], str]]:
    global _rooms  # noqa: PLW0603
    from mojifix.repair.gate.scripts import is_plain
    from mojifix.repair.peel import fixed

    _rooms = is_plain, fixed
    return _rooms


def repair_many(
    texts: Iterable[str], policy: mojifix.Policy | None = None, *, pooled: bool = False
) -> Iterator[mojifix.Result]:
    """Yield what `repair` finds in each of many records, in their order.

    Records are documents of their own. If they are `pooled`, they are of one source: all are held
    in memory, and the channels that several of them surely went through are known for the others.
    Raises TypeError, when the first result is asked for, if `texts` is one text.
    """
    if isinstance(texts, str):
        raise TypeError("texts must be several texts, not one")
    if not pooled:
        for text in texts:
            yield repair(text, policy)
        return
    from mojifix.repair.peel import peel, shared, uncalibrated

    records = list(texts)
    known = shared(uncalibrated(text, policy) for text in records if not text.isascii())
    for text in records:
        yield repair(text, policy) if text.isascii() else peel(text, policy, known)
