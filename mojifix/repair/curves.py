"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (1.686, 0.204, 0.0, -1.349, -0.428, 0.007, -1.57, 0.768, 0.267)
RESTORED = (0.791, 0.325, -0.364, -1.564, 0.0, -0.076, -1.016, -0.126, 0.0)
UNDECIDED = (0.902, 0.291, -2.14, 0.8, 0.0, 0.789, 0.0, -0.342, 0.0)
