"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places.
"""

EXACT = (3.534, 0.247, 0.0, -2.181, -3.144, 0.005, -0.84)
RESTORED = (0.039, 0.253, -0.412, -0.664, -1.355, 0.058, -0.777)
