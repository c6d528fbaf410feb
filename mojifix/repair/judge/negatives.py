"""Repairs that would do harm: what they change is no damage, however likely they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from mojifix.charsets.registry import CHARSETS, UNICODE
from mojifix.language import known_words
from mojifix.language.identification import SAMPLE, are_common, is_word_of, told_language
from mojifix.language.writing import script
from mojifix.model import APPLIED, Channel, Repair
from mojifix.repair.decode.chance import (
    is_by_chance,
    is_no_korean,
    is_utf8_by_chance,
    takes_away,
)
from mojifix.repair.decode.propose import may_be_letter
from mojifix.repair.decode.transcode import CERTAIN, FEW
from mojifix.repair.gate.customary import IN_ORDER, is_alphabet, is_converted, is_row
from mojifix.repair.gate.floors import is_shrunk
from mojifix.repair.gate.parts import is_east_asian
from mojifix.repair.gate.strange import is_apostrophe
from mojifix.repair.gate.telling import CONTROL, MARKS, is_one_of_several
from mojifix.repair.judge.support import SPACES, changed_words
from mojifix.repair.splice.spans import beside, touches

LISTED = 4
"""Different letters, apart by spaces or each in quotes, from which on they are listed."""

NEAR = 3
"""Code points between a letter that stands alone and the end of the word before it, at most."""

AROUND = 100
"""Code points of a line, before a repair and behind it, in which quotation marks are paired, and
letters looked at."""

CLOSED = 2
"""Characters beyond ASCII, at most, of a repair that may close what no quotation opened."""

_CLOSING, _STRAY = re.compile("[”»“™®]"), re.compile("[^“„”»]*\\w”")
_WHOLE = re.compile("[ßà-áä-ìñ-öø-ý](?![\x80-\xbf])|[ãâ](?=[a-z])|[ÀÁÉÊÍÓÔÕÚ](?=[\\s.,;:!?)]|\\Z)")
"""Letters of Western Europe that begin no character out of UTF-8."""

_LETTERS = re.compile(r"(?<!\S)(?:[^\W\d_\x00-\x7f] ){3,}(?:[^\W\d_\x00-\x7f](?!\S))?")
_QUOTED = re.compile(r"""(?:(["'])[^\x00-\x7f]\1,?[ ]?){4,}""")


def without_lone(
    text: str, repairs: Sequence[Repair], seen: Sequence[Channel] = ()
) -> list[Repair]:
    """Return repairs of which those that spoil their line are suspected, if nothing supports them.

    A repair is supported by another one through its channel that spoils nothing, and if that is one
    of the channels that were `seen` in the text before.
    """
    done = [(repair.start, repair.end) for repair in repairs if repair.kind in APPLIED]
    from_unicode = any(channel.written_as in UNICODE for channel in seen)
    spoils = [
        repair.kind in APPLIED
        and (_spoils(text, repair, done) or (not from_unicode and _is_among_whole(text, repair)))
        for repair in repairs
    ]
    if not any(spoils):
        return list(repairs)
    shown = {channel.lossless for channel in seen} | {
        repair.layers[0].channel.lossless
        for repair, lone in zip(repairs, spoils, strict=True)
        if repair.kind in APPLIED and not lone
    }
    return [
        replace(repair, kind="suspected")
        if lone and repair.layers[0].channel.lossless not in shown
        else repair
        for repair, lone in zip(repairs, spoils, strict=True)
    ]


def _spoils(text: str, repair: Repair, done: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a repair may spoil its line; `done` are the spans of all repairs."""
    return (
        _ends_line(repair.before, repair.after, text[repair.end : repair.end + 1])
        or _is_misplaced(text, repair, done)
        or _unquotes(text, repair)
        or _is_no_word(text, repair)
        or _joins_word(text, repair)
        or _is_one_of_several(text, repair)
        or _is_letter_of_word(text, repair)
        or _exchanges_signs(repair)
    )


def _is_among_whole(text: str, repair: Repair) -> bool:
    """Tell whether a repair takes Ã for what is left of à in a line whose other letters are whole.

    As letras Ã e Õ são nasais.
    """
    if not (repair.before.rstrip(" ") == "Ã" and may_be_letter(text, repair.start)):
        return False
    return bool(_WHOLE.search(" ".join(_around(text, repair))))


def _is_no_word(text: str, repair: Repair) -> bool:
    """Tell whether all that a repair puts back is a letter that is no word in the text's language.

    The letter Ã.
    """
    letter = repair.after.strip()
    if not (repair.lost and len(letter) == 1 and letter.isalpha()):
        return False
    if any(map(str.isalnum, beside(text, repair.start, repair.end))) and repair.after == letter:
        return False
    language = told_language(text[:SAMPLE])
    if not language:
        return repair.before.isalpha()
    return not is_word_of(letter, language)


def _joins_word(text: str, repair: Repair) -> bool:
    """Tell whether a repair joins a common word to the next one: MÅ ANALYSERES, MŠANALYSERES."""
    if repair.before[1:] != " " or repair.after[-1:].isspace():
        return False
    before = _WORD_BEFORE.search(text, max(0, repair.start - AROUND), repair.start)
    return are_common((before.group() if before else "") + repair.before[0])


_WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")


def _unquotes(text: str, repair: Repair) -> bool:
    """Tell whether a repair takes away what closes or fills a quotation, or a sign of a trademark.

    “Î” is no “Δ, «Â» no «», and CAFÉ™ no CAFə. But bytes are no UTF-8 by chance. Nor is a vowel an
    apostrophe: Mâori.
    """
    if repair.before == "â" and repair.after == "’":
        first = max(0, repair.start - AROUND)
        around = text[first : repair.end + AROUND]
        return not is_apostrophe(around, repair.start - first)
    far = sum(char >= "\x80" for char in repair.after)
    legacy = repair.layers[0].channel.written_as not in UNICODE
    # By chance one letter becomes a ”, hardly several and that.
    closes = legacy and "”" in repair.after and far <= CLOSED and not CONTROL.search(repair.before)
    by_chance = legacy or far < CERTAIN
    if not by_chance or not (closes or _CLOSING.search(repair.before)):
        return False
    left, right = _around(text, repair)
    if closes and _STRAY.match(left + repair.after):
        return True
    before, after = left + repair.before + right, left + repair.after + right
    return takes_away(before, after) or is_shrunk(after) > is_shrunk(before)


def _is_misplaced(text: str, repair: Repair, done: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a repair makes one character that no word has where it is.

    One of another script inside a word, or beside letters beyond ASCII; or, of what lost bytes, one
    that is alone of its script. Bytes of other charsets are one character of UTF-8 by chance. But
    neighbours that are repaired as well, of which `done` are the spans, are not what they look.
    """
    far = [char for char in repair.after if char >= "\x80"]
    start, end = repair.start, repair.end
    if len(far) != 1 or touches(done, start - 1, start) or touches(done, end, end + 1):
        return False
    if _is_baseless(repair.after, text[max(0, start - 1) : start]):
        return True
    if script(far[0]) in ("", "LATIN"):
        return False
    letters = list(filter(str.isalpha, beside(text, start, end)))
    if script(far[0]) == "GREEK" and all(map(str.isascii, letters)):
        return False  # Those of formulas stand inside of words: IL2Rγ.
    others = any(_kin(char) != _kin(far[0]) for char in letters)
    if others and (len(letters) > 1 or not letters[0].isascii()):
        return True
    around = text[max(0, start - AROUND) : start] + text[end : end + AROUND]
    return bool(repair.lost) and all(_kin(char) != _kin(far[0]) for char in around)


def _is_baseless(text: str, before: str) -> bool:
    """Tell whether a text begins with a mark that belongs to a letter of its script before it."""
    if unicodedata.category(text[0])[0] != "M":
        return False
    names = [unicodedata.name(char, "").partition(" ")[0] for char in (text[0], before or " ")]
    return names[0] != names[1] and not (names[0] == "COMBINING" and before.isalpha())


def _kin(letter: str) -> str:
    """Return the script of a letter, one for all that is written together in East Asia."""
    return "EAST ASIAN" if is_east_asian(letter) else script(letter)


def asks(text: str, repair: Repair, found: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a repair is of question marks alone behind a clean letter of no Latin word.

    The reader would have changed that, too. `found` are the spans of damage.
    """
    before = text[max(0, repair.start - 1) : repair.start]
    return (
        set(repair.before) == {"?"}
        and before >= "\u0370"
        and before.isalpha()
        and not touches(found, repair.start - 1, repair.start)
    )


def is_initial(text: str, repair: Repair, found: Sequence[tuple[int, int]]) -> bool:
    """Tell whether all that a legacy charset changes is a letter of one script that stands alone.

    Those are told with the words around them. But not behind damage, of which `found` are spans.
    """
    if touches(found, max(0, repair.start - NEAR), max(0, repair.start)):
        return False
    around = beside(text, repair.start, repair.end)
    name = script(repair.before) if len(repair.before) == len(repair.after) == 1 else ""
    legacy = repair.layers[0].channel.written_as not in UNICODE
    return (
        legacy and bool(name) and name == script(repair.after) and not any(map(str.isalnum, around))
    )


def is_spelled_by_chance(text: str, repair: Repair) -> bool:
    """Tell whether a charset may make by chance what a repair that lost nothing makes.

    Legacy ones of one byte a character: of these, words tell. kettõzõ is no kettäzä. Or UTF-8.
    """
    channel = repair.layers[0].channel
    writer, reader = CHARSETS[channel.written_as], CHARSETS[channel.read_as]
    alone = len(repair.layers) == 1 and (repair.kind == "exact" or repair.layers[0].edits)
    if writer.name == "cp949" and is_no_korean(repair.after):
        return True
    if not alone or writer.leads or reader.leads:
        return False
    few = sum(char >= "\x80" for char in repair.before) < FEW
    spelled = known_words().spelled
    words = changed_words(text, repair, SPACES)
    if writer.name in UNICODE:
        return any(is_utf8_by_chance(word, was, spelled) for word, was in words)
    return any(is_by_chance(word, was, writer, spelled, few=few) for word, was in words)


def is_negative(text: str, repair: Repair) -> bool:
    """Tell whether what a repair changes is no damage, however likely the repair is."""
    first = max(0, repair.start - IN_ORDER)
    line = repair.before.join(_around(text, repair))
    return (
        is_alphabet(text[first : repair.end + IN_ORDER])
        or is_row(line)
        or is_converted(line)
        or bool(_CONTROL_OF_TABLE.search(line))
        or _is_coloured(text, repair)
        or _is_one_of_letters(text, repair)
        or (bool(repair.lost) and _is_among(text, repair, _QUOTED))
        or (_is_one_of_several(text, repair) and not _is_whole(text, repair))
        or (bool(repair.lost) and _is_transliterated(text, repair))
        or any(map(_is_unassigned, repair.after))
    )


def _is_coloured(text: str, repair: Repair) -> bool:
    """Tell whether a repair is of one character that has a colour of its own, as in pictures."""
    before = text[max(0, repair.start - AROUND) : repair.start]
    single = len(repair.before) == 1 and text[repair.end : repair.end + 1] == "\x1b"
    return single and bool(_COLOUR.search(before))


_COLOUR = re.compile(r"\x1b\[[0-9;]*m\Z")

_CONTROL_OF_TABLE = re.compile(
    r"\A(?:[0-9]+|(?:0x|U\+)[0-9A-Fa-f]+)[,;\s]+[\x80-\x9f]\r?\Z"
    r"|([\"'])[\x80-\x84\x86-\x95\x98-\x9f]\1"
)
"""A control that a table of characters has after a number, or a program in quotation marks; what
was a dash or an ellipsis may stand alone there."""


def _around(text: str, repair: Repair) -> tuple[str, str]:
    """Return what stands before a repair and behind it in its line, as far as it is near."""
    before = text[max(0, repair.start - AROUND) : repair.start].rpartition("\n")[2]
    return before, text[repair.end : repair.end + AROUND].partition("\n")[0]


def _is_unassigned(char: str) -> bool:
    """Tell whether Unicode has no such character, and will hardly get it: new ones are emoji."""
    return unicodedata.category(char) == "Cn" and not "\U0001f000" <= char < "\U0001fc00"


def _is_transliterated(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes a symbol of a vowel and a ‘ or ’ that end a word: Şanʻā’."""
    before = text[max(0, repair.start - 1) : repair.start]
    is_end = before.isalpha() and _VOWEL.fullmatch(repair.before)
    return bool(is_end) and not any(map(str.isalpha, repair.after))


_VOWEL = re.compile("[^\\W\\d_][‘’]")


def _is_one_of_several(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes one Han character of letters, beside nothing but ASCII."""
    around = beside(text, repair.start, repair.end)
    return around.isascii() and is_one_of_several(repair.before, repair.after)


def _is_whole(text: str, repair: Repair) -> bool:
    """Tell whether what a repair changes are whole words."""
    return not any(map(str.isalnum, beside(text, repair.start, repair.end)))


def _is_letter_of_word(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes one letter of three bytes of UTF-8 of a whole word: Hello ýøü.

    Or one of two bytes of a script that few texts are in: «Õ¹ ¨èÒÇ. Or of a single character of
    East Asia: lists of them have all there are.
    """
    around, one = beside(text, repair.start, repair.end), repair.after
    unicode = repair.layers[0].channel.written_as in UNICODE
    if not (unicode and len(one) == 1 and one.isalpha()) or any(map(str.isalpha, around)):
        return False
    if len(repair.before) == 1 and is_east_asian(repair.before):
        return True
    if script(one) in _OF_FEW_TEXTS:
        return not CONTROL.search(repair.before)
    is_word = len(repair.before) > 2 and repair.before.isalpha()
    return is_word and around.isascii() and script(one) not in _OF_TWO_BYTES


def _exchanges_signs(repair: Repair) -> bool:
    """Tell whether a repair makes signs of East Asia of others: ■■□ is no ＊＊＆.

    Marks of Western text are no such signs: don＊t.
    """
    channel = repair.layers[0].channel
    wide = bool(CHARSETS[channel.written_as].leads and CHARSETS[channel.read_as].leads)
    far = (char for char in repair.before + repair.after if char >= "\x80")
    return wide and not any(char in MARKS or char.isalnum() for char in far)


_OF_FEW_TEXTS = frozenset(("ARMENIAN", "SYRIAC", "THAANA", "NKO"))
_OF_TWO_BYTES = _OF_FEW_TEXTS.union(("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC"))
"""Scripts whose letters are two bytes of UTF-8, most of them: of two letters is what a word is."""


def _ends_line(before: str, after: str, following: str) -> bool:
    """Tell whether U+0085, all that a repair changes, may end a line."""
    controls = {char for char in before if "\x80" <= char < "\xa0"}
    others = {char for char in before if char > "\x85"}
    return controls == {"\x85"} and following != " " and others <= set(after)


def _is_one_of_letters(text: str, repair: Repair) -> bool:
    """Tell whether a repair begins at a letter that stands alone among others: Ã Â É Ñ.

    Damage leaves the same few letters alone, the first bytes of one script.
    """
    return not repair.before[1:2].isalpha() and _is_among(text, repair, _LETTERS)


def _is_among(text: str, repair: Repair, listed: re.Pattern[str]) -> bool:
    """Tell whether a repair begins in a list of different characters."""
    first = max(0, repair.start - AROUND)
    return any(
        repair.start < first + chars.end() and first + chars.start() <= repair.start
        for chars in listed.finditer(text[first : repair.end + AROUND])
        if len({char for char in chars.group() if not char.isascii()}) >= LISTED
    )
