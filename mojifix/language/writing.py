"""The scripts that a text is written in: what its lost letters are likely to be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

FEWEST = 4
"""Letters beyond ASCII from which on a text tells its scripts."""

LEAST = -5.0
"""Log weight of a letter of a script that a text has not, beside its commonest one."""


_NO_SCRIPT = frozenset(
    ("IDEOGRAPHIC", "MICRO", "FEMININE", "MASCULINE", "MODIFIER", "HALFWIDTH", "FULLWIDTH")
)
"""First words of the names of letters that are not the name of a script: 々, µ, ª, º, ʼ, Ａ."""


_WIDE_MARK = re.compile("[\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff5b-\uff65]")
_EAST_ASIAN = ("HAN", "KANA", "HANGUL")
"""What the names of the scripts begin with that have such marks."""


class Scripts(dict[str, float]):
    """The log weights of scripts; of those that are not among them, `LEAST`."""

    def __missing__(self, name: str) -> float:
        return LEAST


def small(text: str) -> str:
    """Return text in small letters, İ as i, of which `str.lower` makes two characters."""
    return text.replace("İ", "i").lower()


def scripts_of(text: str) -> Mapping[str, float] | None:
    """Return the log weight of each script in a text beside its commonest one.

    From `LEAST` to 0. None where the text has too few letters beyond ASCII to tell.
    """
    counts = Counter(script(char) for char in text if char >= "\x80")
    del counts[""]
    if counts.total() < FEWEST:
        return None
    most = max(counts.values())
    return Scripts({name: max(LEAST, math.log(count / most)) for name, count in counts.items()})


def weight_among(scripts: Mapping[str, float], char: str) -> float:
    """Return the log weight of a character in a text whose scripts weigh what `scripts_of` tells.

    0 for what stands among the letters of all scripts; marks of full width stand among those of
    East Asia only.
    """
    if _WIDE_MARK.match(char):
        return 0.0 if any(name.startswith(_EAST_ASIAN) for name in scripts) else LEAST
    name = script(char)
    return scripts[name] if name else 0.0


@lru_cache(maxsize=1 << 14)
def script(char: str) -> str:
    """Return the script of a letter, "" if it is none or stands among those of several.

    The first word of its Unicode name. Both kana are one, of any width. Han characters are told
    apart by the charsets that have them: GB 2312 those of the mainland, Big5 those of Taiwan, both
    or none.
    """
    if not char.isalpha():
        return ""
    name = unicodedata.name(char, "")
    if "KATAKANA" in name or "HIRAGANA" in name:
        return "KANA"
    if name.startswith("CJK"):
        return f"HAN {_has('gb2312', char)} {_has('big5', char)}"
    first = name.partition(" ")[0]
    return "" if first in _NO_SCRIPT else first


def _has(codec: str, char: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
