"""What is done with one file, and what became of it.

What only some files need is imported there: most are clean UTF-8.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from mojifix.config import Config, Settings
from mojifix.files import faults
from mojifix.files.discover import Found, Skipped, Source, Unreachable, why
from mojifix.files.durable import Changed, opened
from mojifix.files.exempt import still_off, whole, without_exempt
from mojifix.files.fit import as_utf8, fitted, in_utf8, needs_conversion
from mojifix.files.leftovers import Leftover
from mojifix.files.pieces import LARGE, Piece, pieces
from mojifix.files.precautions import Precautions
from mojifix.files.read import WORTH_TELLING, Document, Opaque, Stamp, decoded, read, stamp_of
from mojifix.model import Result
from mojifix.repair import repair
from mojifix.report import charset
from mojifix.report.concise import concise, everything, still_there, unrepaired
from mojifix.report.escape import escaped, shown_path
from mojifix.report.summary import Tally

if TYPE_CHECKING:
    from mojifix.files.change import Change, Patch
    from mojifix.files.rewrite import Replacement
    from mojifix.files.survey import Survey
    from mojifix.report.diff import Style


@dataclass(frozen=True, slots=True)
class Task:
    """What is done with each file.

    `fix`: files are repaired, not only looked at. `diff`: how diffs are written; None for no diffs.
    `quiet`: nothing is told but errors.
    """

    fix: bool
    config: Config
    diff: Style | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Large:
    """A file that is worked on in pieces: it is read as `like` says, and maybe `converted`."""

    source: Source
    like: Document
    converted: bool


class LeftAlone(ValueError):
    """A file that can't be worked on, for a reason in words for the user."""


@dataclass(slots=True)
class Outcome:
    """What became of one file.

    `out` is for standard output: what other programs read (findings, diffs). `err` is the rest.
    `path` is that of a file in whose folder something is to be written or swept: `change`, if any,
    provided that its stamp is still `stamp`. `large` is a file that is still to be worked on, in
    pieces.
    """

    out: str = ""
    err: str = ""
    tally: Tally = field(default_factory=Tally)
    path: str = ""
    stamp: Stamp | None = None
    change: Change | None = None
    large: Large | None = None

    def say(self, lines: Iterable[str]) -> None:
        """Tell the user something, a line each."""
        self.err += "".join(f"{line}\n" for line in lines)

    def fail(self, path: str, reason: str) -> None:
        """Tell of an error, and count it."""
        self.tally.add_error()
        self.say([f"mojifix: {shown_path(path)}: {escaped(reason)}"])

    def leave(self, path: str, reason: str, quiet: bool) -> None:
        """Tell why a file is left alone, and count it."""
        self.tally.add_left_alone()
        if not quiet:
            self.say([f"mojifix: {shown_path(path)}: left alone: {reason}"])


def process(task: Task, source: Found) -> Outcome:
    """Do `task` with one file; what is to be written is planned and verified, not written."""
    outcome = Outcome()
    if isinstance(source, Unreachable):
        outcome.fail(source.path, source.reason)
    elif isinstance(source, Skipped):
        outcome.leave(source.path, source.reason, task.quiet)
    elif isinstance(source, Leftover):
        outcome.path = source.path if task.fix else ""
    else:
        try:
            _process_file(task, outcome, source)
        except OSError as error:
            # What was told until here did not come about.
            outcome = Outcome()
            outcome.fail(source.path, why(error))
    return outcome


def _left_by_link(source: Source) -> str:
    """Return the root of the project that a link in the path of a file leads out of; "" if none."""
    real, path = os.path.realpath(source.path), os.path.abspath(source.path)
    if real == path:
        return ""
    from mojifix.files.roots import inside, root_of

    root = root_of(os.curdir)
    is_link = source.named and os.path.islink(source.path)
    return root if (is_link or inside(path, root)) and not inside(real, root) else ""


def _process_file(task: Task, outcome: Outcome, source: Source) -> None:
    backup = task.config.settings.backup
    if backup and not source.named and source.path.endswith(backup):
        return
    if task.fix and (root := _left_by_link(source)):
        reason = f"a symbolic link that leads out of {shown_path(root)}"
        outcome.leave(source.path, reason, task.quiet)
        return
    if os.stat(source.path).st_size > LARGE:
        _survey(task, outcome, source)
        return
    found, stamp = read(source.path)
    faults.point("read")
    data, document = _read(task, outcome, source.path, found)
    if isinstance(document, Opaque) and document.gaps:
        _survey(task, outcome, source)
        return
    if isinstance(document, Opaque):
        _leave(task, outcome, source, document)
        return
    change, result = _planned(task, outcome, source.path, found, data, document)
    if change:
        if task.fix and change.patches:
            outcome.path, outcome.stamp, outcome.change = source.path, stamp, change
        faults.point("planned")
    _report(task, outcome, source.path, document, result)


def _planned(
    task: Task, outcome: Outcome, path: str, found: bytes, data: bytes, document: Document
) -> tuple[Change | None, Result]:
    """Return the verified change of bytes that were `found`, if there is any, and what it repairs.

    `data` are those bytes, or what they were converted to. Raises `Unverified`.
    """
    result = _found(task, outcome, path, document)
    if not (result.repairs or (task.fix and data is not found)):
        return None, result
    from mojifix.files.change import planned

    find = partial(_found, task, Outcome(), path)
    return planned(found, data, document, result, find)


def surveyed(path: str, asked: str | None) -> Survey:
    """Return what there is to say of a file, in bounded memory; raises OSError."""
    from mojifix.files.survey import summed_up, survey, with_gaps

    if os.stat(path).st_size > LARGE:
        with opened(path) as file:
            return survey(file, asked)
    data, _ = read(path)
    document = decoded(data, asked)
    if isinstance(document, Opaque) and document.gaps:
        return with_gaps(data, document)
    return summed_up(data, document)


def _leave(task: Task, outcome: Outcome, source: Source, document: Opaque) -> None:
    if source.named or not document.binary:
        outcome.leave(source.path, document.reason, task.quiet)


def _survey(task: Task, outcome: Outcome, source: Source) -> None:
    """Find out how to work on a file in pieces, and leave that to be done."""
    settings = task.config.at(source.path)
    found = surveyed(source.path, asked_for(settings))
    document = found.document
    if isinstance(document, Opaque):
        _leave(task, outcome, source, document)
        return
    with opened(source.path) as file:
        first = next(pieces(file, document)).document
    converting = isinstance(first, Document) and _converts(settings, document, first.text)
    if converting and document.unread:
        reason = f"{document.charset} has no character for bytes in {document.unread} of its lines"
        outcome.leave(source.path, reason, task.quiet)
        return
    _tell_charset(task, outcome, finding(source.path, found), converting)
    outcome.path = source.path if task.fix else ""
    outcome.large = Large(source, document, converting)


def process_large(task: Task, large: Large, precautions: Precautions) -> Iterator[Outcome]:
    """Do `task` with a file in pieces; yields what to tell of each, and then the counts.

    Raises OSError; then nothing is written.
    """
    from hashlib import sha256

    from mojifix.files.change import patched
    from mojifix.files.rewrite import Replacement

    total, path = Outcome(), large.source.path
    before, after = sha256(), sha256()
    with opened(path) as file, ExitStack() as writing:
        stamp = stamp_of(os.fstat(file.fileno()))
        new: Replacement | None = None
        for piece, result, changes in _repaired_pieces(task, total, large, file):
            before.update(piece.data)
            after.update(patched(piece.data, changes))
            for patch in changes:
                new = new or writing.enter_context(Replacement(path, stamp, precautions))
                new.add(replace(patch, start=piece.start + patch.start))
            total.tally.add_piece(result)
            yield _told(task, path, result, (piece.line, piece.column))
        if new:
            new.commit(before.hexdigest(), after.hexdigest())
    total.tally.add_pieces(written=task.fix)
    if large.converted:
        total.tally.add_converted(written=task.fix)
    yield total


def _repaired_pieces(
    task: Task, total: Outcome, large: Large, file: BinaryIO
) -> Iterator[tuple[Piece, Result, tuple[Patch, ...]]]:
    """Yield each piece of a file with what was found in it and the patches, verified, of the piece.

    None at all when a comment says that the whole file is to be kept.
    """
    from mojifix.files.change import planned

    settings = task.config.at(large.source.path)
    off, unfit = False, 0
    for piece in pieces(file, large.like):
        document, data = piece.document, piece.data
        if isinstance(document, Opaque):
            if not large.like.unread:
                raise Changed
            yield piece, Result("", ""), ()
            continue
        if piece.start == 0 and whole(document.text):
            return
        if large.converted:
            data, document = _converted(data, document)
        result, ignored, left = _findings(settings, document, off)
        total.tally.add_ignored(ignored)
        unfit += left
        changes: tuple[Patch, ...] = ()
        if result.repairs or (task.fix and data is not piece.data):
            find = partial(_repairable, settings, off)
            change, result = planned(piece.data, data, document, result, find)
            changes = change.patches if task.fix else ()
        yield piece, result, changes
        off = still_off(document.text, off)
    if unfit and not task.quiet:
        total.say([charset.unfit(large.source.path, large.like.charset, unfit)])


def _told(task: Task, path: str, result: Result, first: tuple[int, int]) -> Outcome:
    """Return what to tell of a piece of a file. Instead of a diff, what was repaired is listed."""
    outcome = Outcome()
    if task.fix:
        listed = result.repairs if task.diff else ()
        outcome.out = "".join(f"{x}\n" for x in concise(path, result.original, listed, first))
        if not task.quiet:
            outcome.say(concise(path, result.text, still_there(result), first))
    elif not task.quiet:
        found = everything(result)
        outcome.out = "".join(f"{x}\n" for x in concise(path, result.original, found, first))
    return outcome


def _read(task: Task, outcome: Outcome, path: str, data: bytes) -> tuple[bytes, Document | Opaque]:
    """Return the bytes to repair, converted if that is asked for, and what they say."""
    settings = task.config.at(path)
    document = decoded(data, asked_for(settings))
    if isinstance(document, Opaque):
        return data, document
    converting = _converts(settings, document, document.text)
    new = data, document
    if converting:
        try:
            new = _converted(data, document)
        except LeftAlone as reason:
            return data, Opaque(str(reason), binary=False)
        outcome.tally.add_converted(written=task.fix)
    if not task.quiet and (converting or document.invalid or document.charset != "utf-8"):
        from mojifix.files.survey import summed_up

        _tell_charset(task, outcome, finding(path, summed_up(data, document)), converting)
    return new


def _converts(settings: Settings, document: Document, text: str) -> bool:
    """Tell whether a file is to be converted to UTF-8; `text` is that at its start."""
    return settings.to != "keep" and needs_conversion(document) and not whole(text)


def _converted(data: bytes, document: Document) -> tuple[bytes, Document]:
    """Return bytes and document in UTF-8; raises LeftAlone."""
    try:
        new = in_utf8(document)
    except ValueError:
        raise LeftAlone("it has lone surrogates, which UTF-8 can't say") from None
    return (data, document) if new == data else (new, as_utf8(new))


def _tell_charset(task: Task, outcome: Outcome, found: charset.Finding, converting: bool) -> None:
    """Tell what the user should know about the charset of a file that is repaired."""
    if not task.quiet:
        conversion = charset.conversion(found, written=task.fix)
        outcome.say(conversion if converting else charset.notes(found))


def asked_for(settings: Settings) -> str | None:
    """Return our name of the charset that the user says files are in, if any."""
    if not settings.charset:
        return None
    from mojifix.files.legacy import known

    return known(settings.charset)


def finding(path: str, found: Survey) -> charset.Finding:
    """Return what to tell about the charset of a file."""
    document = found.document
    if isinstance(document, Opaque):
        likely = tuple(g for g in document.guesses if g.confidence >= WORTH_TELLING)
        return charset.Finding(path, None, likely, document.binary)
    return charset.Finding(
        path,
        ("ascii" if found.ascii else document.charset, document.confidence),
        newline=found.newline,
        bom=bool(document.bom),
        invalid=document.invalid,
        unread=document.unread,
        second=document.second,
        lines=found.lines,
        declared=found.declared,
    )


def _found(task: Task, outcome: Outcome, path: str, document: Document) -> Result:
    """Find what there is to repair in a text, but for what the user wants to keep."""
    if whole(document.text):
        return Result(document.text, document.text)
    result, ignored, unfit = _findings(task.config.at(path), document)
    outcome.tally.add_ignored(ignored)
    if unfit and not task.quiet:
        outcome.say([charset.unfit(path, document.charset, unfit)])
    return result


def _repairable(settings: Settings, off: bool, document: Document) -> Result:
    return _findings(settings, document, off)[0]


def _findings(settings: Settings, document: Document, off: bool = False) -> tuple[Result, int, int]:
    """Return what there is to repair, how much is kept, and how many repairs don't fit the charset.

    `off`: what stands before the document was kept, up to its end.
    """
    result = repair(document.text, settings.policy)
    result, ignored = without_exempt(result, settings.exemptions, off)
    fit = fitted(document, result)
    return fit, ignored, len(result.repairs) - len(fit.repairs)


def _report(task: Task, outcome: Outcome, path: str, document: Document, result: Result) -> None:
    if task.fix:
        outcome.tally.add_fixed(result)
    else:
        outcome.tally.add_checked(result)
    if task.diff:
        from mojifix.report.diff import unified

        bom = "\ufeff" if document.bom else ""
        outcome.out += "".join(unified(path, result.original, result.repairs, task.diff, bom))
    if task.quiet:
        return
    if task.fix:
        outcome.say(concise(path, result.text, still_there(result)))
    elif task.diff:
        outcome.say(concise(path, result.original, unrepaired(result)))
    else:
        found = concise(path, result.original, everything(result))
        outcome.out += "".join(f"{line}\n" for line in found)


def filtered(task: Task, outcome: Outcome, found: bytes, name: str) -> bytes:
    """Return `found`, called `name`, repaired, and tell of it; as it is where it is left alone."""
    data, document = _read(task, outcome, name, found)
    if isinstance(document, Opaque):
        outcome.leave(name, document.reason, task.quiet)
        return found
    from mojifix.files.change import Unverified, patched

    try:
        change, result = _planned(task, outcome, name, found, data, document)
    except Unverified as error:
        outcome.fail(name, why(error))
        return found
    _report(task, outcome, name, document, result)
    return patched(found, change.patches) if change else found
