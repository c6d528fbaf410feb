"""Whether any input breaks a promise: coverage-guided fuzzing with atheris.

    python -m pip install atheris
    python bench/fuzz.py --minutes 60                        # all targets, one after the other
    python bench/fuzz.py --minutes 5 --target bytes          # one of them
    python bench/fuzz.py --target journal --input FILE       # one input again, with its traceback

Targets:

    text     `repair`: every repair is proven, spans are as stated, a second pass changes nothing
    bytes    detection, repair and conversion of a file's bytes: what is planned is verified
    pieces   the same bytes read in pieces: no byte is lost, and offsets are those of the file
    config   a mojifix.toml is read or refused
    journal  a journal is read or refused, and undoing it makes no file that it does not tell of

A finding is an exception that a target lets through, or an input of a few kilobytes that takes
longer than `PATIENCE`. The smallest input of each finding is kept in a folder that is named at the
end. Prints the number of inputs and of findings by target; exits with 1 if there are findings.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures" / "cases"

LONGEST = 4096
"""Bytes of an input."""

PATIENCE = 20.0
"""Seconds for one input; a thousand times what most take, on a machine that is busy otherwise."""

OLD, NEW = b"It\xe2\x80\x99s old and new.\n", b"It is new.\n"


# --- targets --------------------------------------------------------------------------------------


def on_text(data: bytes) -> None:
    import mojifix
    from mojifix.repair.proof import holds
    from mojifix.repair.splice.splice import splice

    text = _text(data)
    result = mojifix.repair(text)
    assert result.original is text
    assert bool(result.repairs) == (result.text is not text)
    end = 0
    for one in result.repairs:
        assert end <= one.start < one.end <= len(text), "spans overlap, or are out of the text"
        assert text[one.start : one.end] == one.before
        readings = [one.after]
        if one.kind == "undecided":
            readings = [after for after, _ in one.alternatives]
        following = text[one.end : one.end + 1]
        assert any(holds(after, one.before, one.layers, following) for after in readings)
        end = one.end
    assert splice(text, list(result.repairs)) == result.text
    assert not mojifix.repair(result.text).repairs, "a second pass changes the text"


def on_bytes(data: bytes) -> None:
    from mojifix.files.change import planned
    from mojifix.files.fit import as_utf8, fitted, in_utf8, needs_conversion
    from mojifix.files.read import Document, decoded
    from mojifix.model import Result
    from mojifix.repair import repair

    def find(document: Document) -> Result:
        return fitted(document, repair(document.text))

    data = _file(data)
    document = decoded(data)
    if not isinstance(document, Document):
        return
    assert document.offset(0) == len(document.bom)
    assert document.offset(len(document.text)) == len(data)
    planned(data, data, document, find(document), find)
    if needs_conversion(document):
        with suppress(ValueError):  # lone surrogates
            new = in_utf8(document)
            planned(data, new, as_utf8(new), find(as_utf8(new)), find)


def on_pieces(data: bytes) -> None:
    from mojifix.files import pieces
    from mojifix.files.read import Document, decoded
    from mojifix.files.survey import survey

    data = _file(data)
    size = 16 + len(data) // 7
    for charset in ("utf-8", "utf-16-be", "gb18030", "cp1252"):
        parts = list(pieces.cut_up(io.BytesIO(data), charset, size))
        assert b"".join(parts) == data
        assert all(0 < len(part) <= 3 * size for part in parts)
    found = survey(io.BytesIO(data)).document
    if not isinstance(found, Document):
        return
    read = list(pieces.pieces(io.BytesIO(data), found))
    assert b"".join(piece.data for piece in read) == data
    small = decoded(data)
    if isinstance(small, Document) and small.charset == found.charset and not found.unread:
        texts = [p.document.text for p in read if isinstance(p.document, Document)]
        assert "".join(texts) == small.text
        assert found.invalid == small.invalid


def on_config(data: bytes) -> None:
    from mojifix.config import Misconfigured, load

    path = _folder() / "mojifix.toml"
    path.write_bytes(data)
    with suppress(Misconfigured):
        config = load({}, [], str(path))
        for name in ("a.txt", "docs/b.md"):
            assert config.at(name).policy
            assert config.settings.selection.excludes(name) in (True, False)


def on_journal(data: bytes) -> None:
    from mojifix.files.journal import Malformed
    from mojifix.files.precautions import USUAL
    from mojifix.files.undo import undo

    folder = _folder()
    root = folder / "root"
    root.mkdir(exist_ok=True)
    (root / "a.txt").write_bytes(NEW)
    (folder / "journal").write_bytes(data.replace(b"@ROOT@", os.fsencode(root)))
    with (folder / "journal").open("rb") as file, suppress(Malformed):
        list(undo(file, USUAL))
    now = (root / "a.txt").read_bytes()
    # Whoever knows the digest of other bytes may write a journal for them.
    said = sha256(now).hexdigest().encode() in data
    assert now in {OLD, NEW} or said, "a file of other bytes"
    assert os.listdir(root) == ["a.txt"], "something is left over"


TARGETS: dict[str, tuple[float, Callable[[bytes], None]]] = {
    "text": (0.35, on_text),
    "bytes": (0.35, on_bytes),
    "pieces": (0.1, on_pieces),
    "config": (0.1, on_config),
    "journal": (0.1, on_journal),
}
"""The targets with their shares of the time."""


def _text(data: bytes) -> str:
    """Return a text: the bytes as UTF-8, damaged by the channel that the first byte names."""
    from mojifix.charsets.damage import damage
    from mojifix.charsets.registry import channels

    known = list(channels())
    text = data[1:].decode("utf-8", "surrogateescape")
    number = data[0] if data else 0
    if number < len(known):
        with suppress(ValueError):
            return damage(text, known[number])
    return text


def _file(data: bytes) -> bytes:
    """Return a file: the bytes, or their text in the charset that the first byte names."""
    from mojifix.charsets.charset import encode
    from mojifix.files.legacy import LEGACY, UNICODE

    number = data[0] if data else 0
    names = [*LEGACY, *UNICODE]
    if number >= len(names):
        return data[1:]
    text = "".join(map(_char, _text(data[1:])))
    name = names[number]
    if name in UNICODE:
        return text.encode(name, "replace")
    return b"".join(filter(None, (encode(char, LEGACY[name]) for char in text)))


def _char(char: str) -> str:
    return "?" if "\ud800" <= char <= "\udfff" else char


def _folder() -> Path:
    return Path(os.environ["MOJIFIX_FUZZ"])


# --- inputs to begin with -------------------------------------------------------------------------


def seeds(target: str) -> Iterator[bytes]:
    if target == "config":
        yield from _configurations()
    elif target == "journal":
        yield from _journals()
    else:
        for path in sorted(FIXTURES.glob("*.json")):
            for case in json.loads(path.read_text()):
                text = str(case.get("damaged") or case.get("text") or "")
                yield b"\xff" + text.encode("utf-8", "surrogatepass")[:LONGEST]
        for text in (
            "“Ça va?” – déjà vu…",
            "съешь ещё этих",
            "日本語のテキスト。",
            "这个文件",
            "ภาษา",
        ):
            for number in range(0, 256, 5):
                yield bytes([number, 255 - number]) + text.encode()


def _configurations() -> Iterator[bytes]:
    from mojifix.config import hints, key

    for name in map(key, hints()):
        for value in ("true", "0.5", "3", '"auto"', '"utf-8"', '["a", "*.txt", "!b/**"]'):
            yield f"{name} = {value}\n".encode()
    yield b'[[overrides]]\npaths = ["docs/**"]\nmin-confidence = 0.5\n'


def _journals() -> Iterator[bytes]:
    header = b'{"mojifix":"journal","version":1,"root":"@ROOT@"}\n'
    before, after = sha256(OLD).hexdigest(), sha256(NEW).hexdigest()
    patch = [2, OLD[2:-6].hex(), NEW[2:-6].hex()]
    entry = {"path": "a.txt", "patches": [patch], "before": before, "after": after}
    parted = {"path": "a.txt", "patches": [patch]}
    sealed = {"path": "a.txt", "patches": [], "before": before, "after": after}
    dropped = {"path": "a.txt", "dropped": True}
    for lines in ([entry], [parted, sealed], [entry, dropped], [entry, entry], [parted, entry]):
        yield header + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    for path in ("../a.txt", "/a.txt", "b/a.txt", "a\0.txt", "\udcff"):
        yield header + json.dumps(entry | {"path": path}).encode() + b"\n"


# --- running --------------------------------------------------------------------------------------


def fuzz(target: str, folder: Path, seconds: int, seed: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # type: ignore[import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["mojifix"]):
        import mojifix.cli  # noqa: F401

        for module in ("repair.peel", "files.mixed", "files.undo", "files.fit", "files.change"):
            __import__(f"mojifix.{module}")
    check = TARGETS[target][1]
    findings = folder / "findings"

    def one(data: bytes) -> None:
        start = time.monotonic()
        try:
            check(data)
            assert time.monotonic() - start < PATIENCE, "takes too long"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            _keep(findings, data, error)

    arguments = [sys.argv[0], f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-seed={seed}"]
    arguments += ["-print_final_stats=1", "-timeout=120", "-rss_limit_mb=4096", "-verbosity=1"]
    atheris.Setup([*arguments, f"-artifact_prefix={findings}/", str(folder / "corpus")], one)
    atheris.Fuzz()


def _keep(findings: Path, data: bytes, error: Exception) -> None:
    """Keep an input if it is the smallest that ends in this place of the code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(f.filename).stem}:{f.lineno}" for f in reversed(frames[-3:]))
    name = sha256(f"{type(error).__name__} {where}".encode()).hexdigest()[:12]
    path = findings / name
    if not path.exists() or path.stat().st_size > len(data):
        path.write_bytes(data)
        (findings / f"{name}.txt").write_text(f"{type(error).__name__}: {error}\n{where}\n")


def measure(target: str, folder: Path, seconds: int, seed: int) -> tuple[int, list[Path]]:
    """Fuzz one target in a process of its own; return the number of inputs, and the findings."""
    for name in ("corpus", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (folder / "corpus" / f"seed-{number:05}").write_bytes(data[:LONGEST])
    command = [sys.executable, __file__, "--target", target, "--within", str(folder)]
    command += ["--minutes", str(seconds / 60), "--seed", str(seed)]
    # In memory, where nothing waits for a disk.
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as scratch, (folder / "log").open("wb") as log:
        env = {**os.environ, "MOJIFIX_FUZZ": scratch}
        subprocess.run(command, stdout=log, stderr=log, env=env, check=False)
    lines = (folder / "log").read_text("utf-8", "replace")
    units = re.findall(r"number_of_executed_units: (\d+)", lines)
    found = sorted(path for path in (folder / "findings").iterdir() if path.suffix != ".txt")
    if not units and not found:
        sys.exit(f"{target} did not run: {lines[-2000:]}")
    return int(units[-1]) if units else 0, found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60, help="for all targets together")
    parser.add_argument("--target", choices=TARGETS, action="append", help="repeatable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=Path, help="run a target on this input, and stop")
    parser.add_argument("--keep", type=Path, help="a folder for what is found and learnt")
    parser.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    targets = args.target or list(TARGETS)
    if args.input:
        with tempfile.TemporaryDirectory() as scratch:
            os.environ["MOJIFIX_FUZZ"] = scratch
            TARGETS[targets[0]][1](args.input.read_bytes())
        return
    if args.within:
        fuzz(targets[0], args.within, round(60 * args.minutes), args.seed)
        return
    folder = args.keep or Path(tempfile.mkdtemp(prefix="mojifix-fuzz-"))
    shares = sum(TARGETS[name][0] for name in targets)
    print("| target | minutes | inputs | findings |\n|---|--:|--:|--:|")
    sound = True
    for name in targets:
        seconds = round(60 * args.minutes * TARGETS[name][0] / shares)
        inputs, found = measure(name, folder / name, seconds, args.seed)
        print(f"| {name} | {seconds / 60:.0f} | {inputs:,} | {len(found)} |", flush=True)
        for path in found:
            about = path.with_suffix(".txt")
            print(f"{path}: {about.read_text() if about.exists() else 'crashed'}", file=sys.stderr)
        sound = sound and not found
    if sound and not args.keep:
        shutil.rmtree(folder)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
