"""The first test: what clean text looks like, and where text shows that it may be damaged."""
