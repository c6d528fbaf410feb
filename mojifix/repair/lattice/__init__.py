"""Spans from which bytes were lost: the most probable path through all ways to read them."""
