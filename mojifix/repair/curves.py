"""What turns probabilities into confidence, made by `tools/fit_confidence.py`.

A constant, then the weight of: log odds, logarithm of the lost bytes, density of losses, legacy
writer, edits, open places, and of what went through the channel, out of UTF-8 and out of others.
"""

EXACT = (-0.023, 0.284, 0.0, -1.972, -1.536, 0.011, -1.056, 1.013, 0.466)
RESTORED = (-0.146, 0.243, -0.479, -0.558, -0.159, -0.063, -1.18, 0.079, -0.626)
