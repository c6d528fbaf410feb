"""Bytes and disks: which files there are, what they say, and how they are rewritten."""
