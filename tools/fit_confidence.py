"""Fit the curves of `repair/judge/confidence.py`, and write `repair/judge/curves.py`.

    python tools/fit_confidence.py           # three minutes on one core

Damages the texts of `fixtures/dev/`, clean sentences among them, as `bench/calibration.py` does,
and looks at which repairs are right. Logistic regression of that on a handful of features, with a
small penalty on the weights. The same code and texts give the same curves. To be run again whenever
the language model, the lattice or the judgement changes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path

import numpy as np

from mojifix.repair.judge.confidence import CURVES, curve_of, features
from mojifix.repair.peel import uncalibrated

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "mojifix" / "repair" / "judge" / "curves.py"

SEED, CASES = 1, 2500
"""Of the sample of damaged texts."""

PENALTY = 1.0
"""On the square of each weight, as if it were known to be 0 from so many repairs."""

HEAD = '''"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

'''

Sample = tuple[tuple[float, ...], str, bool]
"""The features of a repair, the name of its curve, and whether it was right."""


def sampled() -> list[Sample]:
    """Return the repairs of the damaged texts."""
    sys.path.insert(0, str(ROOT / "bench"))
    calibration, material = map(import_module, ("calibration", "material"))

    found: list[Sample] = []
    for case in islice(calibration.mixture(material.Sampler("dev", SEED)), CASES):
        damage = calibration.Damage(case)
        if not damage.traced():
            continue
        result = uncalibrated(case.damaged)
        repairs = (*result.repairs, *result.suspected)
        for repair, of in zip(repairs, features(result), strict=True):
            if repair.kind != "quoted":
                found.append((of, curve_of(repair), damage.made(repair)))
    return found


def fitted(samples: Sequence[Sample], curve: str) -> tuple[float, ...]:
    """Return the curve of a name, by the samples that are on it (Newton's method)."""
    x = np.array([(1.0, *of) for of, name, _ in samples if name == curve])
    y = np.array([right for _, name, right in samples if name == curve], dtype=float)
    weights = np.zeros(x.shape[1])
    penalty = np.diag([0.0] + [PENALTY] * (x.shape[1] - 1))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - p) - penalty @ weights
        curvature = (x.T * (p * (1 - p))) @ x + penalty
        weights = weights + np.linalg.solve(curvature, slope)
    return tuple(round(float(weight), 3) for weight in weights)


def written(curves: dict[str, tuple[float, ...]]) -> str:
    """Return the module that holds the curves."""
    return HEAD + "".join(f"{name} = {curve}\n" for name, curve in curves.items())


def main() -> None:
    """Fit the curves and write them."""
    samples = sampled()
    curves = {name: fitted(samples, name) for name in CURVES}
    for name, curve in curves.items():
        # Undecided places are those that are surely damaged: of how surely, little is left to tell.
        if curve[1] <= 0 and name != "UNDECIDED":
            raise SystemExit(f"{name} falls with the model's probability: {curve}")
    TARGET.write_text(written(curves), "utf-8")


if __name__ == "__main__":
    main()
