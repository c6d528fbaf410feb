"""What other programs do to text after it was damaged: the edits that a repair may state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

EDITS: Mapping[str, Callable[[str], str]] = {
    "nbsp-to-space": lambda text: text.replace("\xa0", " "),
    "nbsp-removed": lambda text: text.replace("\xa0", ""),
}
"""Each edit by its name, as a function from the text before the edit to the text after it."""
