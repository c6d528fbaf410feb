"""Make the published tables that the charsets are checked against, and the runs made from them.

    python tools/make_charset_index.py [--cache .corpus/charsets]

Writes `fixtures/charsets/index.json.xz`, every byte sequence of the WHATWG's encoding indexes and
of Windows' code pages with its character, and `mojifix/charsets/tables.py`, what Python's codecs
lack of them. The same sources give the same tables. Needs `npm`, `apt-get` and `dpkg-deb`
(Debian 12).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import struct
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "fixtures" / "charsets" / "index.json.xz"
TABLES = ROOT / "mojifix" / "charsets" / "tables.py"

NONE = "\ufffd"

WIDTH = 38
"""Characters of a run on one line of source; most of them are two columns wide."""


class Source(NamedTuple):
    """A pinned package."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str


WHATWG = Source(
    "@kayahr/text-encoding",
    "2.2.0",
    "kayahr-text-encoding-2.2.0.tgz",
    "93df2bb471480650a644697349ce4f0608f287e7b019aff07422bb3b03ffa862",
    "MIT; the indexes are the WHATWG's, BSD-3-Clause",
)
WINDOWS = Source(
    "libwine",
    "8.0~repack-4",
    "libwine_8.0~repack-4_amd64.deb",
    "512b715f32fccf2ebec2b63f23d9d83394d30e27cc5570a8ef92c5d3627ef305",
    "made of the Unicode Consortium's mappings and best-fit tables, Unicode licence",
)

SINGLE_BYTE = {
    "latin-1": ("windows-1252", 28591),
    **{f"cp{page}": (f"windows-{page}", page) for page in (874, *range(1250, 1259))},
    **{f"iso-8859-{part}": (f"iso-8859-{part}", 28590 + part) for part in (2, 4, 5, 7, 8, 13, 15)},
    "iso-8859-9": ("windows-1254", 28599),
    "iso-8859-16": ("iso-8859-16", 0),
    "mac-roman": ("macintosh", 10000),
    "mac-cyrillic": ("x-mac-cyrillic", 10007),
    "cp866": ("ibm866", 866),
    **{f"cp{page}": ("", page) for page in (437, 850, 852, 855)},
    "koi8-r": ("koi8-r", 20866),
    "koi8-u": ("koi8-u", 21866),
}
"""Our names with the WHATWG's name of the encoding and Windows' number of the code page."""

MULTI_BYTE = {"gbk": 936, "big5": 950, "cp949": 949, "cp932": 932}

Table = dict[bytes, str]


def fetched(source: Source, cache: Path) -> Path:
    """Return the pinned file; downloads it when the cache lacks it.

    Raises SystemExit when the download isn't the pinned file.
    """
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / source.file
    if not path.exists():
        command = ["apt-get", "download", f"{source.name}={source.version}"]
        if source is WHATWG:
            command = ["npm", "pack", "--silent", f"{source.name}@{source.version}"]
        subprocess.run(command, cwd=cache, check=True)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise SystemExit(f"{path}: sha256 is {digest}, not {source.sha256} as pinned")
    return path


class Indexes:
    """The WHATWG's indexes, read as its decoders read them: sequences of bytes to characters."""

    def __init__(self, package: Path) -> None:
        self._package = package

    def __getitem__(self, name: str) -> list[Any]:
        # One file has another ending.
        end = "json" if name.startswith("x-mac") else "js"
        with tarfile.open(self._package) as tar:
            member = tar.extractfile(f"package/data/{name}.{end}")
            assert member
            text = member.read().decode().removeprefix("export default ").rstrip().rstrip(";")
        index: list[Any] = json.loads(text)
        return index

    def single(self, name: str) -> Table:
        """Return a single-byte encoding."""
        return {bytes([0x80 + n]): chr(c) for n, c in enumerate(self[f"{name}.cp"]) if c}

    def gb18030(self) -> Table:
        """Return gb18030 but for the sequences of four bytes; the decoder of gbk is the same."""
        index = self["gb18030.cp"]
        table = {b"\x80": "€"}
        for lead in range(0x81, 0xFF):
            for column, trail in enumerate((*range(0x40, 0x7F), *range(0x80, 0xFF))):
                if code := index[(lead - 0x81) * 190 + column]:
                    table[bytes((lead, trail))] = chr(code)
        return table

    def big5(self) -> Table:
        """Return Big5 with Hong Kong's characters."""
        index = self["big5.cp"]
        table = {}
        for lead in range(0x81, 0xFF):
            for column, trail in enumerate((*range(0x40, 0x7F), *range(0xA1, 0xFF))):
                if code := index[(lead - 0x81) * 157 + column]:
                    table[bytes((lead, trail))] = chr(code)
        # Four sequences that the standard gives in words.
        accents = (
            ("88 62", "Ê\u0304"),
            ("88 64", "Ê\u030c"),
            ("88 A3", "ê\u0304"),
            ("88 A5", "ê\u030c"),
        )
        return table | {bytes.fromhex(sequence): text for sequence, text in accents}

    def euc_kr(self) -> Table:
        """Return EUC-KR with the extension of Windows."""
        index = self["euc-kr.cp"]
        table = {}
        for lead in range(0x81, 0xFF):
            for column, trail in enumerate(range(0x41, 0xFF)):
                place = (lead - 0x81) * 190 + column
                if place < len(index) and index[place]:
                    table[bytes((lead, trail))] = chr(index[place])
        return table

    def shift_jis(self) -> Table:
        """Return Shift_JIS with the extensions of Windows."""
        index = self["jis0208.cp"]
        table = {b"\x80": "\x80"} | {bytes([b]): chr(0xFF61 - 0xA1 + b) for b in range(0xA1, 0xE0)}
        for row, lead in enumerate((*range(0x81, 0xA0), *range(0xE0, 0xFD))):
            for column, trail in enumerate((*range(0x40, 0x7F), *range(0x80, 0xFD))):
                place = row * 188 + column
                if 8836 <= place <= 10715:
                    table[bytes((lead, trail))] = chr(0xE000 - 8836 + place)
                elif place < len(index) and index[place]:
                    table[bytes((lead, trail))] = chr(index[place])
        return table

    def euc_jp(self) -> Table:
        """Return EUC-JP with half-width katakana (8E) and JIS X 0212 (8F)."""
        table = {bytes((0x8E, b)): chr(0xFF61 - 0xA1 + b) for b in range(0xA1, 0xE0)}
        for prefix, name in ((b"", "jis0208.cp"), (b"\x8f", "jis0212.cp")):
            for place, code in enumerate(self[name][: 94 * 94]):
                row, column = divmod(place, 94)
                if code:
                    table[prefix + bytes((0xA1 + row, 0xA1 + column))] = chr(code)
        return table


def code_page(nls: bytes) -> Table:
    """Return the characters of a code page, from Windows' format `c_NUMBER.nls`."""
    words = struct.unpack(f"<{len(nls) // 2}H", nls[: len(nls) // 2 * 2])
    missing, at = words[4], words[0] + 1
    singles = words[at : at + 0x100]
    at += 0x101 + (0x100 if words[at + 0x100] else 0)
    offsets = words[at + 1 : at + 0x101] if words[at] else (0,) * 0x100
    table = {}
    for lead in range(0x80, 0x100):
        if not offsets[lead]:
            if singles[lead] != missing:
                table[bytes([lead])] = chr(singles[lead])
            continue
        for trail in range(0x100):
            code = words[at + 1 + offsets[lead] + trail]
            # 932's mark for what it lacks is a character that it has, at 8145.
            if code != missing or (lead, trail) == (0x81, 0x45):
                table[bytes((lead, trail))] = chr(code)
    return table


def packed(table: Mapping[bytes, str]) -> dict[str, str]:
    """Pack a table: a lead (or prefix) in hexadecimal to the characters of the trails 00 to FF.

    U+FFFD stands for none, and is cut off at the end. Sequences of two characters stand on their
    own.
    """
    rows: dict[str, list[str]] = {}
    alone = {}
    for sequence, text in sorted(table.items()):
        if len(text) > 1:
            alone[sequence.hex() + "="] = text
            continue
        rows.setdefault(sequence[:-1].hex(), [NONE] * 0x100)[sequence[-1]] = text
    return {lead: "".join(row).rstrip(NONE) for lead, row in rows.items()} | alone


def tables(cache: Path) -> tuple[dict[str, Table], dict[str, Table], list[list[int]]]:
    """Return the WHATWG's and Windows' tables under our names, and gb18030's ranges."""
    indexes = Indexes(fetched(WHATWG, cache))
    archive = fetched(WINDOWS, cache)
    folder = cache / WINDOWS.name
    if not folder.exists():
        folder.mkdir()
        tar = subprocess.run(
            ["dpkg-deb", "--fsys-tarfile", str(archive)], check=True, stdout=subprocess.PIPE
        )
        subprocess.run(
            ["tar", "-x", "-C", str(folder), "./usr/share/wine/nls"], input=tar.stdout, check=True
        )
    nls = folder / "usr" / "share" / "wine" / "nls"
    whatwg = {ours: indexes.single(name) for ours, (name, _) in SINGLE_BYTE.items() if name}
    whatwg |= {
        "gbk": indexes.gb18030(),
        "big5": indexes.big5(),
        "cp949": indexes.euc_kr(),
        "cp932": indexes.shift_jis(),
        "euc-jp": indexes.euc_jp(),
    }
    pages = MULTI_BYTE | {ours: page for ours, (_, page) in SINGLE_BYTE.items() if page}
    windows = {
        ours: code_page((nls / f"c_{page}.nls").read_bytes()) for ours, page in pages.items()
    }
    return whatwg, windows, indexes["gb18030.ranges"]


def is_private(text: str | None) -> bool:
    return text is not None and "\ue000" <= text <= "\uf8ff"


def lacking(table: Table, *codecs: str) -> Table:
    """Return the pairs that Python reads otherwise, or that none of the codecs reads."""
    missing = {}
    for sequence, text in table.items():
        if len(sequence) != 2:
            continue
        for codec in codecs:
            try:
                read = sequence.decode(codec)
            except UnicodeDecodeError:
                continue
            if read != text:
                missing[sequence] = text
            break
        else:
            missing[sequence] = text
    return missing


def runs(table: Table, trails: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the first sequence of each run of neighbours, gaps up to three, and its characters."""
    places = {(s[0] * len(trails) + trails.index(s[1])): text for s, text in table.items()}
    first, run = -1, ""
    for place in sorted(places):
        gap = place - first - len(run)
        if run and gap <= 3:
            run += NONE * gap + places[place]
            continue
        if run:
            yield _sequence(first, trails), run
        first, run = place, places[place]
    if run:
        yield _sequence(first, trails), run


def _sequence(place: int, trails: Sequence[int]) -> int:
    lead, column = divmod(place, len(trails))
    return lead * 0x100 + trails[column]


def literal(name: str, table: Table, trails: Sequence[int]) -> str:
    """Return the runs of a table as Python source."""
    lines = [f"{name} = {{"]
    for first, run in runs(table, trails):
        pieces = [escaped(run[n : n + WIDTH]) for n in range(0, len(run), WIDTH)]
        if len(pieces) == 1:
            lines.append(f'    0x{first:04X}: "{pieces[0]}",')
            continue
        lines += [f"    0x{first:04X}: (", *(f'        "{piece}"' for piece in pieces), "    ),"]
    return "\n".join([*lines, "}"])


def escaped(run: str) -> str:
    return "".join(c if c.isprintable() and c != NONE else ascii(c)[1:-1] for c in run)


HEADER = '''"""What browsers read where the standard library's codecs differ or have nothing.

Made by `tools/make_charset_index.py` from the WHATWG's encoding indexes (BSD-3-Clause); do not
edit. They are `Charset.runs`.
"""

# fmt: off
'''


def source(whatwg: Mapping[str, Table], windows: Mapping[str, Table]) -> str:
    """Return `mojifix/charsets/tables.py`."""
    big5 = {
        sequence: text
        for sequence, text in whatwg["big5"].items()
        if is_private(windows["big5"].get(sequence)) or sequence not in windows["big5"]
    }
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    parts = [
        literal("BIG5", lacking(big5, "cp950", "big5hkscs"), trails),
        literal("EUC_JP", lacking(whatwg["euc-jp"], "euc_jp"), range(0xA1, 0xFF)),
    ]
    return HEADER + "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".corpus" / "charsets")
    whatwg, windows, ranges = tables(parser.parse_args().cache)
    index = {
        "sources": [WHATWG._asdict(), WINDOWS._asdict()],
        "whatwg": {name: packed(table) for name, table in whatwg.items()},
        "windows": {name: packed(table) for name, table in windows.items()},
        "gb18030-ranges": ranges,
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    INDEX.parent.mkdir(parents=True, exist_ok=True)
    INDEX.write_bytes(lzma.compress(text.encode("utf-8", "surrogatepass"), preset=9))
    TABLES.write_text(source(whatwg, windows), "utf-8")
    print(f"{INDEX}: {INDEX.stat().st_size:,} bytes, {TABLES}: {TABLES.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
