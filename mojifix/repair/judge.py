"""The decision: which explanations of a document become repairs."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS
from mojifix.language import trigrams
from mojifix.language.ngrams import Trigrams
from mojifix.model import Channel, Layer, Policy, Repair
from mojifix.repair.evidence import first_settings, learned
from mojifix.repair.gate import DEAD, suspects
from mojifix.repair.lattice import TEMPERATURE, Lattice, Piece, Settings, Window
from mojifix.repair.proof import holds
from mojifix.repair.propose import ftfy_candidates

WINDOW = 1000
"""Code points of a line that are decoded at once: it bounds the memory of a lattice."""

_LINE = re.compile(r"[^\n]+")
_CUT = re.compile(r".*[\x00-\x7f]", re.DOTALL)


def one_layer(
    text: str,
    channels: Sequence[Channel],
    policy: Policy,
    within: Sequence[tuple[int, int]] | None = None,
) -> list[Repair]:
    """Return the repairs, applied and suspected, that take one layer of damage off `text`.

    `within` limits the search to the lines that hold these spans, which are sorted.
    """
    windows = list(_windows(text, channels, within))
    if not windows:
        return []
    model = trigrams()
    settings = first_settings(channels, policy.restore, text)
    found = [Lattice(text, window, settings, model).best_path() for window in windows]
    taught = learned(settings, (piece for pieces in found for piece in pieces), text)
    if taught:
        settings = taught
        found = [Lattice(text, window, settings, model).best_path() for window in windows]
    repairs = [repair for pieces in found for repair in _repairs(text, pieces)]
    judged = [_judged(text, _deepened(text, r, settings, model, policy), policy) for r in repairs]
    joined = _joined(text, _whole(judged))
    return _with_ftfy(text, windows, joined, settings, model, policy)


def _windows(
    text: str, channels: Sequence[Channel], within: Sequence[tuple[int, int]] | None
) -> Iterator[Window]:
    """Yield the suspect parts of a document, each inside one line."""
    for line in _LINE.finditer(text):
        start, end = line.span()
        if line.group().isascii() or DEAD.search(line.group()):
            continue
        if within is not None:
            at = bisect_left(within, start, key=lambda span: span[1])
            if at == len(within) or within[at][0] > end:
                continue
        hits = {channel: suspects(channel).search(text, start, end) for channel in channels}
        found = tuple(channel for channel, hit in hits.items() if hit)
        if not found:
            continue
        at = min(hit.start() for hit in hits.values() if hit)
        while at > start and text[at - 1] >= "\x80":
            at -= 1
        while at < end:
            cut = min(at + WINDOW, end)
            if cut < end and (whole := _CUT.match(text, at + WINDOW // 2, cut)):
                cut = whole.end()
            yield Window(at, cut, start, end, found)
            at = cut


def _repairs(text: str, pieces: Sequence[Piece]) -> Iterator[Repair]:
    for piece in pieces:
        losses = set(piece.losses)
        if len(losses) > 1:
            continue
        channel = Channel(piece.channel.written_as, piece.channel.read_as, *losses)
        yield Repair(
            piece.start,
            piece.end,
            text[piece.start : piece.end],
            piece.after,
            (Layer(channel),),
            "restored" if losses else "exact",
            len(piece.losses),
            piece.confidence,
            piece.alternatives,
        )


def _judged(text: str, repair: Repair, policy: Policy) -> Repair:
    """Return `repair` as it is if it may be applied, else as a suspected one."""
    proven = holds(repair.after, repair.before, repair.layers, text[repair.end : repair.end + 1])
    allowed = policy.restore or not repair.lost
    if proven and allowed and repair.confidence >= policy.min_confidence:
        return repair
    return replace(repair, kind="suspected")


def _deepened(
    text: str, repair: Repair, settings: Settings, model: Trigrams, policy: Policy
) -> Repair:
    """Return `repair` with the layers below it when only together they give natural text.

    Taking one layer off text with several leaves damage, which is no more natural than what was
    found.
    """
    best = repair
    after, layers = repair.after, repair.layers
    while len(layers) < policy.max_layers and best.confidence < policy.min_confidence:
        deeper = _transcoded(after, settings)
        if deeper is None or repair.lost:
            break
        after, channel = deeper
        layers = (Layer(channel), *layers)
        weight = _gain(text, repair.start, repair.end, after, model)
        weight += sum(settings.entry[layer.channel] for layer in layers)
        if _probability(weight) > best.confidence:
            best = replace(
                best, after=after, layers=layers, confidence=_probability(weight), alternatives=()
            )
    return best


def _transcoded(text: str, settings: Settings) -> tuple[str, Channel] | None:
    """Return what the whole of `text` was before one more layer, by the likeliest channel."""
    for channel in sorted(settings.entry, key=lambda channel: -settings.entry[channel]):
        data = encode(text, CHARSETS[channel.read_as])
        before = None if data is None else decode(data, CHARSETS[channel.written_as])
        if before is not None and before != text:
            return before, channel
    return None


def _probability(weight: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, TEMPERATURE * weight))))


def _whole(repairs: Sequence[Repair]) -> list[Repair]:
    """Return repairs of which those that touch are all applied or all suspected.

    Half of a damaged sentence is no repair.
    """
    result: list[Repair] = []
    group: list[Repair] = []
    for repair in repairs:
        if group and group[-1].end != repair.start:
            result += _agreed(group)
            group = []
        group.append(repair)
    return result + _agreed(group)


def _agreed(group: Sequence[Repair]) -> list[Repair]:
    doubtful = any(repair.kind == "suspected" for repair in group)
    return [replace(repair, kind="suspected") if doubtful else repair for repair in group]


def _joined(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Join repairs that touch, went through the same layers and are proven as one."""
    joined: list[Repair] = []
    for repair in repairs:
        last = joined[-1] if joined else None
        if last and last.end == repair.start and "suspected" not in (last.kind, repair.kind):
            both = _both(last, repair)
            if both and holds(both.after, both.before, both.layers, text[both.end : both.end + 1]):
                joined[-1] = both
                continue
        joined.append(repair)
    return joined


def _both(left: Repair, right: Repair) -> Repair | None:
    layers = {repair.layers for repair in (left, right) if repair.lost} or {left.layers}
    if len(layers) > 1 or str(left.layers[0]) != str(right.layers[0]):
        return None
    return Repair(
        left.start,
        right.end,
        left.before + right.before,
        left.after + right.after,
        layers.pop(),
        "restored" if left.lost or right.lost else "exact",
        left.lost + right.lost,
        min(left.confidence, right.confidence),
    )


def _with_ftfy(
    text: str,
    windows: Sequence[Window],
    repairs: list[Repair],
    settings: Settings,
    model: Trigrams,
    policy: Policy,
) -> list[Repair]:
    """Add what ftfy's heuristics find where the lattice found nothing that may be applied."""
    for window in windows:
        channels = [c for c in window.channels if not CHARSETS[c.read_as].leads]
        if not channels:
            continue
        line = text[window.line_start : window.line_end]
        for candidate in ftfy_candidates(line, channels):
            start, end = window.line_start + candidate.start, window.line_start + candidate.end
            touching = [r for r in repairs if r.start < end and start < r.end]
            if any(repair.kind != "suspected" for repair in touching):
                continue
            gain = _gain(text, start, end, candidate.after, model)
            weight = gain + settings.entry[candidate.layers[0].channel]
            confidence = _probability(weight)
            lost = sum("removed" in edit for layer in candidate.layers for edit in layer.edits)
            repair = Repair(
                start,
                end,
                text[start:end],
                candidate.after,
                candidate.layers,
                "restored" if lost else "exact",
                lost,
                confidence,
            )
            repairs = [r for r in repairs if r not in touching]
            repairs.append(_judged(text, repair, policy))
    return sorted(repairs, key=lambda repair: repair.start)


def _gain(text: str, start: int, end: int, after: str, model: Trigrams) -> float:
    """Return by how much the log probability of the text grows if the span becomes `after`."""
    left = ("\n\n" + text[max(0, start - 2) : start])[-2:]
    right = text[end : end + 2]

    def score(span: str) -> float:
        whole = left + span + right
        return sum(model[whole[i : i + 3]] for i in range(len(whole) - 2))

    return score(after) - score(text[start:end])
