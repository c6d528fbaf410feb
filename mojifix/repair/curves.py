"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (0.273, 0.284, 0.0, -1.108, -0.737, 0.018, -0.84, 0.914, 0.414)
RESTORED = (0.135, 0.243, -0.429, -0.68, 0.0, 0.064, -1.266, 0.058, 0.0)
