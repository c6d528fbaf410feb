"""The words of a text together: which of their readings fit one damage best."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from mojifix.repair.reading import Chain, Reading

TEMPERATURE = 0.9
"""By which log weights are multiplied before they count as probabilities: an n-gram model takes
neighbouring characters for independent evidence, which they are not."""


LEAVING, SPARING = -10.0, -2.0
"""Log weight of a word as it is behind one inside a chain: damage seldom spares a word. The same in
a text of which it has spared most."""

BEGINNING = -4.0
"""Log weight of entering a chain in the middle of a text: damage seldom begins there."""


def most_probable(
    words: Sequence[Sequence[Reading]],
    entry: Callable[[Chain], float],
    spared: float,
    leaving: float = LEAVING,
) -> list[tuple[Reading, float]]:
    """Return the most probable reading of each word, with its probability.

    `words` are the readings of the words of a text, one after the other. A word is as it is or
    inside a chain; entering a chain costs its `entry`, a word as it is `spared`, staying in it is
    free, leaving it costs `leaving`. Readings that differ in the chain alone are one; the likeliest
    chain is given.
    """
    costs = {reading.chain: spared for readings in words for reading in readings}
    for chain in costs:
        costs[chain] = TEMPERATURE * (entry(chain) if chain else spared + leaving)
    staying = TEMPERATURE * spared

    def arriving(chain: Chain, states: dict[Chain, float], total: float) -> float:
        entered = total + costs[chain] + (TEMPERATURE * BEGINNING if chain and ahead else 0.0)
        if chain not in states:
            return entered
        return _add(entered, states[chain] if chain else states[chain] + staying)

    ahead: list[dict[Chain, float]] = []
    states: dict[Chain, float] = {(): 0.0}
    for readings in words:
        total = _log_sum(states.values())
        ahead.append({r.chain: arriving(r.chain, states, total) for r in readings})
        states = {r.chain: ahead[-1][r.chain] + TEMPERATURE * r.weight for r in readings}
    best: list[tuple[Reading, float]] = []
    states, total = {}, 0.0
    for readings, before in zip(reversed(words), reversed(ahead), strict=True):
        mass = {}
        for reading in readings:
            following = total
            if reading.chain in states:
                stay = states[reading.chain]
                following = _add(total, stay if reading.chain else stay + staying)
            mass[reading.chain] = TEMPERATURE * reading.weight + following
        best.append(_likeliest(readings, {chain: before[chain] + mass[chain] for chain in mass}))
        states = mass
        total = _log_sum(
            weight + costs[chain] + (TEMPERATURE * BEGINNING if chain else 0.0)
            for chain, weight in mass.items()
        )
    best.reverse()
    return best


def _likeliest(readings: Sequence[Reading], mass: dict[Chain, float]) -> tuple[Reading, float]:
    total = _log_sum(mass.values())
    by_text: dict[str, float] = {}
    for reading in readings:
        share = math.exp(mass[reading.chain] - total)
        by_text[reading.after] = by_text.get(reading.after, 0.0) + share
    after = max(by_text, key=by_text.__getitem__)
    same = (reading for reading in readings if reading.after == after)
    return max(same, key=lambda r: mass[r.chain]), min(1.0, by_text[after])


def _log_sum(weights: Iterable[float]) -> float:
    values = list(weights)
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def _add(a: float, b: float) -> float:
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))
