"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (1.438, 0.205, 0.0, -0.845, -0.462, 0.008, -1.242, 0.784, 0.347)
RESTORED = (0.25, 0.266, -0.376, -0.738, 0.0, -0.212, -1.251, 0.042, 0.0)
