"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (-0.075, 0.307, 0.0, -1.177, -0.644, 0.018, -0.653, 1.001, 0.413)
RESTORED = (0.48, 0.238, -0.449, -0.997, 0.0, -0.064, -1.211, -0.003, 0.0)
