"""The version, in its only place: the build back end and `mojifix --version` read it here."""

__version__ = "0.1.0"
