"""Repair mis-decoded text: bytes that were written in one charset and read in another."""

from mojifix.__about__ import __version__
from mojifix.repair import fix_text, repair, repair_many

TYPE_CHECKING = False  # as type checkers take it; to import `typing` would cost most of the time
if TYPE_CHECKING:
    from mojifix.charsets.damage import damage
    from mojifix.charsets.registry import channels
    from mojifix.model import Channel, Layer, Policy, Repair, Result

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
    "repair_many",
]

if not TYPE_CHECKING:  # which would take every name for one of this module
    _ROOMS = {"channels": "charsets.registry", "damage": "charsets.damage"}

    def __getattr__(name: str) -> object:
        """Load a public name when it is first asked for: programs start without."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(f"mojifix.{_ROOMS.get(name, 'model')}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
