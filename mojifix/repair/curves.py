"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places.
"""

EXACT = (3.415, 0.187, 0.0, -2.084, -2.486, 0.045, -1.195)
RESTORED = (0.342, 0.212, -0.744, -1.387, -1.893, 0.192, -0.763)
