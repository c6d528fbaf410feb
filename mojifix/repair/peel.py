"""All layers of damage: what is found in a text is undone, and the result is looked at again."""

from __future__ import annotations

from mojifix.charsets.registry import PRIORS, parse_channel
from mojifix.model import APPLIED, Channel, Policy, Repair, Result
from mojifix.repair.gate import DEAD
from mojifix.repair.judge import find, touches
from mojifix.repair.splice import composed, spans_after, splice


def peel(text: str, policy: Policy | None = None) -> Result:
    """Find the mis-decoded spans of a text and undo what happened to them, layer by layer."""
    policy = policy or Policy()
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
    dead = (match.span() for match in DEAD.finditer(text))
    return Result(
        current,
        text,
        tuple(applied),
        tuple(s for s in suspected if not touches(done, s.start, s.end)),
        tuple(span for span in dead if not touches(done, *span)),
    )


def _allowed(policy: Policy) -> tuple[Channel, ...]:
    if policy.channels is None:
        return tuple(PRIORS)
    named = [parse_channel(name) for name in policy.channels]
    return tuple(dict.fromkeys(Channel(c.written_as, c.read_as) for c in named))
