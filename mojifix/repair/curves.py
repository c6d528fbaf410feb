"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (1.783, 0.213, 0.0, -1.536, -0.849, 0.006, -1.578, 0.743, 0.325)
RESTORED = (0.775, 0.328, -0.373, -1.556, 0.0, -0.012, -0.998, -0.129, 0.0)
UNDECIDED = (1.113, 0.283, -2.096, 0.886, 0.0, 0.774, 0.0, -0.373, 0.0)
