"""The way of one text through its damage, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from mojifix.charsets.charset import LOSSES, Charset, decode, encode
from mojifix.charsets.damage import through
from mojifix.charsets.edits import EDITS
from mojifix.charsets.registry import CHARSETS
from mojifix.model import Layer, Repair, Result
from mojifix.report.concise import rounded
from mojifix.report.escape import escaped, visible

_LOSSES = {
    "": "",
    "drop": "bytes without a character dropped",
    "replace": "bytes without a character replaced by U+FFFD",
    "question": "bytes without a character replaced by ?",
    "substitute": "bytes without a character replaced by ?",
    "swallow": "bytes without a character, and the byte after each, replaced by ?",
}

_LONGEST = 8
"""Bytes that a reader may need for one character, with room to spare."""


def explain(result: Result, colour: bool = False) -> Iterator[str]:
    """Yield the lines, without line feeds, that tell what happened to `result.original`."""
    if not result.repairs and not result.suspected:
        yield "nothing found: no part of this text looks mis-decoded"
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
        yield f"   {repair.lost} lost {'byte' if repair.lost == 1 else 'bytes'} inferred"
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
    loss = _LOSSES.get(layer.channel.loss, layer.channel.loss)
    yield f"     read as {read_as}: {visible(read)}" + (f" ({loss})" if loss else "")
    lost = list(lost_bytes(data, CHARSETS[read_as], layer.channel.loss))
    if lost:
        places = ", ".join(f"{_hex(data[start:end])} at byte {start}" for start, end in lost)
        yield f"     lost: {places}"


def lost_bytes(data: bytes, reader: Charset, loss: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `data`, in bytes, for which `reader` has no character under `loss`."""
    at = 0
    while at < len(data):
        ends = range(at + 1, min(at + _LONGEST, len(data)) + 1)
        whole = next((end for end in ends if decode(data[at:end], reader) is not None), None)
        if whole is None:
            whole = reader.lost_at(data, at, LOSSES[loss or "drop"])
            yield at, whole
        at = whole


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
