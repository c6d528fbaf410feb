"""Repair mis-decoded text: bytes that were written in one charset and read in another."""

from mojifix.__about__ import __version__
from mojifix.charsets.damage import damage
from mojifix.charsets.registry import channels
from mojifix.model import Channel, Layer, Policy, Repair, Result
from mojifix.repair import fix_text, repair

__all__ = [
    "Channel",
    "Layer",
    "Policy",
    "Repair",
    "Result",
    "__version__",
    "channels",
    "damage",
    "fix_text",
    "repair",
]
