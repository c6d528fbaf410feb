"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places.
"""

EXACT = (3.083, 0.287, 0.0, -2.694, -3.044, 0.006, -0.834)
RESTORED = (0.024, 0.253, -0.433, -0.717, -1.311, 0.173, -0.877)
