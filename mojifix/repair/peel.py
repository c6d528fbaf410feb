"""All layers of damage: what is found in a text is undone, and the result is looked at again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from mojifix.charsets.damage import through
from mojifix.charsets.registry import UNICODE
from mojifix.model import APPLIED, Channel, Kind, Layer, Policy, Repair, Result
from mojifix.repair.decode.dense import dense_lines, repairs_of, repairs_of_words, undone
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.decode.whole import told_whole
from mojifix.repair.find import find, is_clean, is_known_clean, transcoder_of
from mojifix.repair.gate.dead import dead_spans
from mojifix.repair.gate.quoted import told_apart
from mojifix.repair.gate.scripts import is_plain
from mojifix.repair.judge.confidence import calibrated
from mojifix.repair.judge.judge import undecided
from mojifix.repair.proof import holds
from mojifix.repair.splice.spans import both, replaced, touches
from mojifix.repair.splice.splice import splice

SURE = 0.99
"""The model's own probability of a repair that tells other records of the channels of a source."""

MOSTLY = 0.9
"""Share of the repairs of a text which others have to agree with that are of all of it."""

_DEFAULT = Policy()


def peel(text: str, policy: Policy | None = None, known: Sequence[Channel] = ()) -> Result:
    """Find the mis-decoded spans of a text and undo what happened to them, layer by layer.

    `known` are channels through which the source of the text is known to have gone.
    """
    return calibrated(uncalibrated(text, policy, known))


def uncalibrated(text: str, policy: Policy | None = None, known: Sequence[Channel] = ()) -> Result:
    """Return what `peel` does, with the model's own probabilities as confidence."""
    policy = policy or _DEFAULT
    if not known and is_plain(text):
        return _as_is(text)
    transcoder = transcoder_of(policy.channels, policy.max_layers)
    clean = partial(is_clean, transcoder=transcoder)
    whole = undone(text, policy, clean)
    if whole is None:
        if not known and is_known_clean(text, transcoder):
            return _as_is(text)
        # Whether it is out of a legacy charset takes longer to tell.
        whole = undone(text, policy, clean, transcoder)
    return _peeled(text, policy, repairs_of(text, whole[1]) if whole else [], known)


def fixed(text: str, policy: Policy | None = None) -> str:
    """Return the text that `peel` makes of a text that is not plain."""
    policy = policy or _DEFAULT
    transcoder = transcoder_of(policy.channels, policy.max_layers)
    clean = partial(is_clean, transcoder=transcoder)
    whole = undone(text, policy, clean)
    if whole is None:
        if is_known_clean(text, transcoder):
            return text
        whole = undone(text, policy, clean, transcoder)
    return whole[0] if whole else _peeled(text, policy, [], ()).text


def _as_is(text: str) -> Result:
    """Return the result for a text in which nothing shows damage but dead text."""
    return Result(text, text, dead=tuple(dead_spans(text)))


def _peeled(text: str, policy: Policy, applied: list[Repair], known: Sequence[Channel]) -> Result:
    """Return what `peel` does if a text is damaged from end to end, or else is not."""
    transcoder = transcoder_of(policy.channels, policy.max_layers)
    clean = partial(is_clean, transcoder=transcoder)
    if not known and not applied and clean(text):
        return _as_is(text)
    applied = applied or dense_lines(text, policy, clean)
    current = splice(text, applied)
    suspected: list[Repair] = []
    done: list[Repair] | None = None
    # What was damaged from end to end tells of the rest.
    tells = bool(applied) and not clean(current)
    for turn in range(policy.max_layers):
        seen = {*known, *(layer.channel for one in applied for layer in one.layers)}
        found = find(current, transcoder, policy, done, sorted(seen, key=str) if tells else known)
        if not applied:
            found = _as_whole(text, found, transcoder)
        if turn == 0:
            suspected = _moved_back([r for r in found if r.kind not in APPLIED], applied)
        together = _composed(text, current, applied, [r for r in found if r.kind in APPLIED])
        if together == applied:
            if done is None:
                break
            # What a second run would find in the result is found now.
            done, tells = None, False
            continue
        applied = together
        current = splice(text, applied)
        if not known and _is_done(current, applied):
            break
        # A further layer can only show where one was taken off.
        done, tells = _moved_after(applied), True
    single = _undecided(text, applied, suspected, policy)
    if single:
        applied = sorted([*applied, *single], key=lambda one: one.start)
        current = splice(text, applied)
    spans = [(repair.start, repair.end) for repair in applied]
    suspected = [one for one in suspected if not touches(spans, one.start, one.end)]
    told = sorted([*spans, *((one.start, one.end) for one in suspected)])
    dead = tuple(span for span in dead_spans(text) if not touches(told, *span))
    return Result(current, text, tuple(applied), tuple(suspected), dead)


def _as_whole(text: str, found: Sequence[Repair], transcoder: Transcoder) -> list[Repair]:
    """Return repairs with those of a text that went through one legacy charset as a whole.

    None are added unless they say the same as nearly all that were `found` and may be applied.
    """
    done = [one for one in found if one.kind in APPLIED]
    channels = Counter(one.layers[0].channel for one in done if not one.lost)
    if not channels or any(one.kind == "quoted" for one in found):
        return list(found)
    channel, _ = channels.most_common(1)[0]
    whole = None if channel.written_as in UNICODE else told_whole(text, transcoder, channel)
    if whole is None:
        return list(found)
    layers = (Layer(whole.channel),)
    agreeing = [
        one for one in done if holds(one.after, one.before, layers, text[one.end : one.end + 1])
    ]
    if len(agreeing) < MOSTLY * len(done):
        return list(found)
    # What is found in a word that speaks against the channel stays.
    together = replaced(repairs_of_words(text, whole), agreeing)
    return replaced((one for one in found if one.kind not in APPLIED), together)


def _is_done(current: str, applied: Iterable[Repair]) -> bool:
    """Tell whether a repaired text shows no more damage, nor the repairs a loss."""
    # A question mark may be a letter that was lost before.
    return is_plain(current) and "?" not in current and not any(one.lost for one in applied)


def _undecided(
    text: str, applied: list[Repair], suspected: list[Repair], policy: Policy
) -> list[Repair]:
    """Return repairs of single places that surely lost something, nobody knows what.

    They have gone through a channel that the text is known to have gone through. Of a span of which
    all is doubtful nothing is undecided.
    """
    known = {layer.channel.lossless for one in applied for layer in one.layers}
    done = [(one.start, one.end) for one in applied]
    ends = [-1, *(one.end for one in suspected)]
    starts = [*(one.start for one in suspected), len(text) + 1]
    single = (
        undecided(text, one, policy)
        for number, one in enumerate(suspected)
        if one.kind == "suspected"
        and one.layers[0].channel.lossless in known
        and ends[number] < one.start
        and one.end < starts[number + 1]
        and not touches(done, one.start - 1, one.end + 1)
    )
    found = [one for one in single if one]
    if not found or policy.include_quoted:
        return found
    together = sorted([*applied, *found], key=lambda one: one.start)
    quoted = {one.start for one in told_apart(text, together) if one.kind == "quoted"}
    return [one for one in found if one.start not in quoted]


def _moved_back(found: list[Repair], applied: list[Repair]) -> list[Repair]:
    """Return what is found in the repaired text, outside the repairs, at its place in the text."""
    spans = [(one.start, one.end) for one in _moved_after(applied)]
    moved = []
    for one in found:
        if not touches(spans, one.start, one.end):
            before = bisect_left(spans, one.end, key=lambda span: span[1])
            shift = applied[before - 1].end - spans[before - 1][1] if before else 0
            moved.append(replace(one, start=one.start + shift, end=one.end + shift))
    return moved


def shared(results: Iterable[Result]) -> Sequence[Channel]:
    """Return the channels that at least two of these uncalibrated results surely show."""
    counts: Counter[Channel] = Counter()
    for result in results:
        sure = (repair for repair in result.repairs if repair.confidence >= SURE)
        counts.update({layer.channel.lossless for repair in sure for layer in repair.layers})
    return sorted((channel for channel, count in counts.items() if count > 1), key=str)


def _moved_after(repairs: list[Repair]) -> list[Repair]:
    """Return repairs with their spans in the repaired text."""
    moved, shift = [], 0
    for one in repairs:
        start = one.start + shift
        moved.append(replace(one, start=start, end=start + len(one.after)))
        shift += len(one.after) - (one.end - one.start)
    return moved


def _composed(text: str, current: str, inner: list[Repair], outer: list[Repair]) -> list[Repair]:
    """Return repairs of `text` that do what `inner` and, on its result, `outer` do.

    `current` is that result. A repair of `outer` that can't be proven together with those of
    `inner` that it touches is left out; so are these where they are no more than a part of it,
    for a second run would repair what they leave.
    """
    if not inner:
        return outer
    result: list[Repair] = []
    rest = deque(_cut(text, inner, sorted({at for one in outer for at in (one.start, one.end)})))
    shift = 0
    waiting = deque(outer)
    while waiting:
        new = waiting.popleft()
        while rest and rest[0].start + shift + len(rest[0].after) <= new.start:
            shift += len(rest[0].after) - (rest[0].end - rest[0].start)
            result.append(rest.popleft())
        touched: list[Repair] = []
        inside = shift
        while rest and rest[0].start + inside < new.end:
            end = rest[0].start + inside + len(rest[0].after)
            inside += len(rest[0].after) - (rest[0].end - rest[0].start)
            touched.append(rest.popleft())
            # What one repair covers of the text is proven as one.
            while waiting and waiting[0].start < end:
                following = waiting.popleft()
                new = both(new, following, current[new.end : following.start]) or new
        joined = _stacked(text, new, touched, shift, inside)
        if joined is not None:
            result.append(joined)
        elif sum(len(one.after) for one in touched) > new.end - new.start:
            result += touched
        shift = inside
    return [*result, *rest]


def _stacked(
    text: str, new: Repair, touched: list[Repair], shift: int, shift_behind: int
) -> Repair | None:
    """Return `new`, a repair of the repaired text, as one of `text`; None if unproven."""
    start, end = new.start - shift, new.end - shift_behind
    lead = tail = ""
    if touched:
        first, last = touched[0], touched[-1]
        lead = first.after[: max(0, new.start - (first.start + shift))]
        tail = last.after[len(last.after) - max(0, last.end + shift_behind - new.end) :]
        start = min(start, first.start)
        end = max(end, last.end)
    # What lost nothing went through the same channel as its neighbours that did.
    layers = new.layers + (min(touched, key=lambda t: not t.lost).layers if touched else ())
    before = text[start:end]
    is_undecided = new.kind == "undecided"
    probable = new.alternatives[0][0] if is_undecided else new.after
    if not holds(lead + probable + tail, before, layers, text[end : end + 1]):
        return None
    confidence = min([new.confidence, *(t.confidence for t in touched)])
    lost = new.lost + sum(t.lost for t in touched)
    kind: Kind = "undecided" if is_undecided else "restored" if lost else "exact"
    return replace(
        new,
        start=start,
        end=end,
        before=before,
        after=lead + new.after + tail,
        layers=layers,
        kind=kind,
        lost=lost,
        confidence=confidence,
        alternatives=tuple((lead + was + tail, share) for was, share in new.alternatives),
    )


def _cut(text: str, repairs: list[Repair], borders: list[int]) -> Iterator[Repair]:
    """Yield repairs cut at `borders`, places in the repaired text, where both parts are proven."""
    shift = 0
    for one in repairs:
        rest = one
        at = one.start + shift
        shift += len(one.after) - (one.end - one.start)
        first = bisect_right(borders, at)
        for border in borders[first : bisect_left(borders, at + len(one.after))]:
            if one.lost:
                break
            parts = _parts(text, rest, len(rest.after) - (at + len(one.after) - border))
            if parts:
                yield parts[0]
                rest = parts[1]
        yield rest


def _parts(text: str, repair: Repair, place: int) -> tuple[Repair, Repair] | None:
    """Return a repair as two, cut at a place of `after`; None where both aren't proven."""
    before: str | None = repair.after[:place]
    for layer in repair.layers:
        before = None if before is None else through(before, layer.channel)
    if before is None or not repair.before.startswith(before):
        return None
    cut = repair.start + len(before)
    left = replace(repair, end=cut, before=before, after=repair.after[:place])
    right = replace(
        repair, start=cut, before=repair.before[len(before) :], after=repair.after[place:]
    )
    following = text[repair.end : repair.end + 1]
    return (left, right) if holds(right.after, right.before, right.layers, following) else None
