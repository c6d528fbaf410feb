"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (0.382, 0.253, 0.0, -0.872, -0.865, 0.02, -0.656, 1.046, 0.453)
RESTORED = (0.608, 0.228, -0.378, -0.855, 0.0, -0.042, -1.169, -0.036, 0.0)
