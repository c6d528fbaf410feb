"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (1.678, 0.208, 0.0, -1.471, -0.526, 0.007, -1.48, 0.724, 0.303)
RESTORED = (0.435, 0.326, -0.401, -1.341, 0.0, -0.073, -1.109, -0.037, 0.0)
UNDECIDED = (1.115, 0.237, -2.347, 0.473, 0.0, 0.803, -0.0, -0.231, 0.0)
