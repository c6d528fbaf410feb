"""Candidates: what words were before a charset, by codecs, by their look and by their language."""
