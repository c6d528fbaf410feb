"""Repair: gate, decode, judge, prove, splice."""

from __future__ import annotations

from mojifix.charsets.registry import PRIORS, parse_channel
from mojifix.model import APPLIED, Channel, Policy, Repair, Result
from mojifix.repair.gate import dead_spans
from mojifix.repair.judge import find, touches
from mojifix.repair.scripts import is_plain
from mojifix.repair.splice import composed, spans_after, splice


def repair(text: str, policy: Policy | None = None) -> Result:
    """Find the mis-decoded spans of a document and undo what happened to them.

    Every `str` is accepted. Each repair in the result is proven: sent through its layers again, it
    gives what was found.
    """
    policy = policy or Policy()
    if text.isascii() or (is_plain(text) and "???" not in text):
        return Result(text, text)
    channels = _allowed(policy)
    applied: list[Repair] = []
    suspected: list[Repair] = []
    current = text
    within: list[tuple[int, int]] | None = None
    for _ in range(policy.max_layers):
        seen = {layer.channel.lossless for repair in applied for layer in repair.layers}
        found = find(current, channels, policy, within, sorted(seen, key=str) if within else ())
        if not applied:
            suspected = [r for r in found if r.kind not in APPLIED]
        together = composed(text, current, applied, [r for r in found if r.kind in APPLIED])
        if together == applied:
            if within is None:
                break
            # What a second run would find in the result is found now.
            within = None
            continue
        applied = together
        current = splice(text, applied)
        # A further layer can only show where one was taken off.
        within = spans_after(applied)
    done = [(repair.start, repair.end) for repair in applied]
    return Result(
        current,
        text,
        tuple(applied),
        tuple(s for s in suspected if not touches(done, s.start, s.end)),
        tuple(span for span in dead_spans(text) if not touches(done, *span)),
    )


def fix_text(text: str, policy: Policy | None = None) -> str:
    """Return `text` with its damage repaired; the very same object when nothing is repaired."""
    return repair(text, policy).text


def _allowed(policy: Policy) -> tuple[Channel, ...]:
    if policy.channels is None:
        return tuple(PRIORS)
    named = [parse_channel(name) for name in policy.channels]
    return tuple(dict.fromkeys(Channel(c.written_as, c.read_as) for c in named))
