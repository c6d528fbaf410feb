"""Repairs beside one another, and in their text."""
