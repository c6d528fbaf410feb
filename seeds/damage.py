"""Make `article.damaged.txt` out of `article.txt`: run `python seeds/damage.py`.

The article was written as UTF-8 and read as GBK, and the reader dropped the bytes for which it had
no character. That happened to all of it but the places in INTACT, which came from another source.
"""

from __future__ import annotations

import re
from pathlib import Path

import mojifix

HERE = Path(__file__).parent
CHANNEL = "utf-8>gbk:drop"
INTACT = (
    "region’s",
    "can’t",
    "reading”",
    "council’s",
    "insurers’",
    "Morrow’s",
    "budget later.”",
    "©",
)


def damage(text: str) -> str:
    """Damage all of `text` but the places in INTACT."""
    intact = "|".join(map(re.escape, INTACT))
    parts = re.split(f"({intact})", text)
    parts[::2] = [mojifix.damage(part, CHANNEL) for part in parts[::2]]
    return "".join(parts)


def main() -> None:
    original = (HERE / "article.txt").read_bytes().decode("utf-8")
    (HERE / "article.damaged.txt").write_bytes(damage(original).encode("utf-8"))


if __name__ == "__main__":
    main()
