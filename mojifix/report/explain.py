"""The way of one text through its damage, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from mojifix.charsets.charset import LOSSES, Charset, decode, encode
from mojifix.charsets.damage import through
from mojifix.charsets.edits import EDITS
from mojifix.charsets.registry import CHARSETS
from mojifix.model import Layer, Repair, Result, rounded
from mojifix.report.escape import escaped, visible

_LONGEST = 8
"""Bytes that a reader may need for one character, with room to spare."""


def explain(result: Result, colour: bool = False) -> Iterator[str]:
    """Yield the lines, without line feeds, that tell what happened to `result.original`."""
    if not result.repairs and not result.suspected:
        if not result.dead:
            yield "nothing found: no part of this text looks mis-decoded"
        for start, end in result.dead:
            dead = visible(result.original[start:end])
            yield f"unrecoverable: {dead}, code points {start} to {end}"
        return
    if result.repairs:
        yield f"repaired: {escaped(result.text)}"
    else:
        yield "nothing repaired"
    findings = sorted([*result.repairs, *result.suspected], key=lambda one: one.start)
    for number, repair in enumerate(findings, 1):
        yield ""
        heading = f"{number}. {visible(repair.before)} → {visible(repair.after)}"
        yield f"\x1b[1m{heading}\x1b[0m" if colour else heading
        yield from _finding(repair)


def _finding(repair: Repair) -> Iterator[str]:
    yield f"   code points {repair.start} to {repair.end}"
    yield f"   {repair.kind}, confidence {rounded(repair.confidence)}"
    if repair.lost:
        yield f"   lost in {repair.lost} {'place' if repair.lost == 1 else 'places'}"
    text: str | None = repair.after
    for place, layer in enumerate(repair.layers, 1):
        yield f"   layer {place}: {layer}"
        if text is not None:
            yield from _layer(text, layer)
            text = through(text, layer.channel)
        for edit in layer.edits:
            text = None if text is None else EDITS[edit](text)
            yield f"     edited afterwards: {edit}"
    if repair.alternatives:
        yield "   also considered:"
        for after, confidence in repair.alternatives:
            yield f"     {visible(after)} {rounded(confidence)}"


def _layer(text: str, layer: Layer) -> Iterator[str]:
    written_as, read_as = layer.channel.written_as, layer.channel.read_as
    data = encode(text, CHARSETS[written_as])
    if data is None:
        return
    yield f"     {visible(text)} written as {written_as}: {_hex(data)}"
    read = through(text, layer.channel)
    if read is None:
        return
    yield f"     read as {read_as}: {visible(read)}{_loss(layer.channel.loss)}"
    lost = list(lost_bytes(data, CHARSETS[read_as], layer.channel.loss))
    if lost:
        places = ", ".join(f"{_hex(data[start:end])} at byte {start}" for start, end in lost)
        yield f"     lost: {places}"


def _loss(name: str) -> str:
    """Return what a reader did with bytes that it has no character for, in words."""
    if not name:
        return ""
    loss = LOSSES[name]
    done = f"replaced by {escaped(loss.mark)}" if loss.mark else "dropped"
    together = ", and the byte after each," if loss.swallows == 2 else ""
    return f" (bytes without a character{together} {done})"


def lost_bytes(data: bytes, reader: Charset, loss: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `data`, in bytes, for which `reader` has no character under `loss`."""
    at = 0
    while at < len(data):
        ends = range(at + 1, min(at + _LONGEST, len(data)) + 1)
        whole = next((end for end in ends if _is_read(data[at:end], reader, loss)), None)
        if whole is None:
            whole = reader.lost_at(data, at, LOSSES[loss or "drop"])
            yield at, whole
        at = whole


def _is_read(part: bytes, reader: Charset, loss: str) -> bool:
    """Tell whether `reader` has a character for some bytes, as it is where it has `loss`."""
    if not loss or LOSSES[loss].patches:
        return decode(part, reader) is not None
    try:
        part.decode(reader.codec)
    except UnicodeDecodeError:
        return False
    return True


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
