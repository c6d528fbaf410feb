"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (2.237, 0.162, 0.0, -0.841, -0.685, 0.006, -1.882, 0.771, 0.354)
RESTORED = (0.908, 0.319, -0.38, -1.576, 0.0, -0.039, -0.97, -0.141, 0.0)
UNDECIDED = (0.354, 0.238, -2.468, 0.564, 0.0, 0.681, 0.0, 0.015, 0.0)
