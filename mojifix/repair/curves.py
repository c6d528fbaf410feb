"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (0.942, 0.187, 0.0, -1.45, -1.688, 0.013, -1.242, 1.012, 0.753)
RESTORED = (0.248, 0.217, -0.379, -0.657, 0.0, -0.181, -1.218, 0.025, 0.0)
