"""Repair: gate, decode, judge, prove, splice."""

from __future__ import annotations

from dataclasses import replace

from mojifix.charsets.registry import PRIORS, parse_channel
from mojifix.model import APPLIED, Channel, Kind, Policy, Repair, Result
from mojifix.repair.gate import DEAD
from mojifix.repair.judge import both, find, touches
from mojifix.repair.proof import holds


def repair(text: str, policy: Policy | None = None) -> Result:
    """Find the mis-decoded spans of a document and undo what happened to them.

    Every `str` is accepted. Each repair in the result is proven: sent through its layers again, it
    gives what was found.
    """
    policy = policy or Policy()
    if text.isascii():
        return Result(text, text)
    channels = _allowed(policy)
    applied: list[Repair] = []
    suspected: list[Repair] = []
    current = text
    within: list[tuple[int, int]] | None = None
    for _ in range(policy.max_layers):
        found = find(current, channels, policy, within)
        wanted = [r for r in found if r.kind in APPLIED]
        if not applied:
            suspected = [r for r in found if r.kind not in APPLIED]
        composed = _composed(text, current, applied, wanted)
        if composed == applied:
            break
        applied = composed
        current = splice(text, applied)
        # A further layer can only show where one was taken off.
        within = _spans_after(applied)
    done = [(repair.start, repair.end) for repair in applied]
    dead = (match.span() for match in DEAD.finditer(text))
    return Result(
        current,
        text,
        tuple(applied),
        tuple(s for s in suspected if not touches(done, s.start, s.end)),
        tuple(span for span in dead if not touches(done, *span)),
    )


def fix_text(text: str, policy: Policy | None = None) -> str:
    """Return `text` with its damage repaired; the very same object when nothing is repaired."""
    return repair(text, policy).text


def splice(text: str, repairs: list[Repair]) -> str:
    """Return `text` with the spans of `repairs` (sorted, apart) replaced."""
    parts, at = [], 0
    for one in repairs:
        parts += [text[at : one.start], one.after]
        at = one.end
    return "".join([*parts, text[at:]]) if repairs else text


def _spans_after(repairs: list[Repair]) -> list[tuple[int, int]]:
    """Return where the repairs stand in the repaired text."""
    spans, shift = [], 0
    for one in repairs:
        start = one.start + shift
        spans.append((start, start + len(one.after)))
        shift += len(one.after) - (one.end - one.start)
    return spans


def _allowed(policy: Policy) -> tuple[Channel, ...]:
    if policy.channels is None:
        return tuple(PRIORS)
    named = [parse_channel(name) for name in policy.channels]
    return tuple(dict.fromkeys(Channel(c.written_as, c.read_as) for c in named))


def _composed(text: str, current: str, inner: list[Repair], outer: list[Repair]) -> list[Repair]:
    """Return repairs of `text` that do what `inner` and, on its result, `outer` do.

    `current` is that result. A repair of `outer` that can't be proven together with those of
    `inner` that it touches is left out.
    """
    if not inner:
        return outer
    result: list[Repair] = []
    rest = list(inner)
    shift = 0
    waiting = list(outer)
    while waiting:
        new = waiting.pop(0)
        while rest and rest[0].start + shift + len(rest[0].after) <= new.start:
            shift += len(rest[0].after) - (rest[0].end - rest[0].start)
            result.append(rest.pop(0))
        touched: list[Repair] = []
        inside = shift
        while rest and rest[0].start + inside < new.end:
            end = rest[0].start + inside + len(rest[0].after)
            inside += len(rest[0].after) - (rest[0].end - rest[0].start)
            touched.append(rest.pop(0))
            # What one repair covers of the text is proven as one.
            while waiting and waiting[0].start < end:
                following = waiting.pop(0)
                new = both(new, following, current[new.end : following.start]) or new
        joined = _stacked(text, new, touched, shift, inside)
        result += touched if joined is None else [joined]
        shift = inside
    return result + rest


def _stacked(
    text: str, new: Repair, touched: list[Repair], shift: int, shift_behind: int
) -> Repair | None:
    """Return `new`, a repair of the repaired text, as one of `text`; None if unproven."""
    start, end = new.start - shift, new.end - shift_behind
    after = new.after
    if touched:
        first, last = touched[0], touched[-1]
        lead = max(0, new.start - (first.start + shift))
        tail = last.end + shift_behind - new.end
        start = min(start, first.start)
        end = max(end, last.end)
        after = first.after[:lead] + after + (last.after[-tail:] if tail > 0 else "")
    layers = new.layers + (touched[0].layers if touched else ())
    before = text[start:end]
    if not holds(after, before, layers, text[end : end + 1]):
        return None
    confidence = min([new.confidence, *(t.confidence for t in touched)])
    lost = new.lost + sum(t.lost for t in touched)
    kind: Kind = "restored" if lost else "exact"
    return replace(
        new,
        start=start,
        end=end,
        before=before,
        after=after,
        layers=layers,
        kind=kind,
        lost=lost,
        confidence=confidence,
    )
