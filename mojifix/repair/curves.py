"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (0.864, 0.241, 0.0, -0.86, -0.355, 0.009, -1.044, 0.851, 0.374)
RESTORED = (0.246, 0.257, -0.422, -0.685, 0.0, -0.261, -1.255, 0.065, 0.0)
