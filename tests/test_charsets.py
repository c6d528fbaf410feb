"""Charsets and channels: damage is what real readers do."""

from __future__ import annotations

import importlib.util
import json
import lzma
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojifix.charsets.charset import LOSSES, Charset, decode, encode
from mojifix.charsets.damage import damage, through
from mojifix.charsets.edits import EDITS
from mojifix.charsets.registry import ALIASES, CHARSETS, PRIORS, channels, losses, parse_channel
from mojifix.model import Channel

ROOT = Path(__file__).parents[1]

INDEX = ROOT / "fixtures" / "charsets" / "index.json.xz"

TOOL = ROOT / "tools" / "make_charset_index.py"

MULTI_BYTE = ("gbk", "gb18030", "big5", "cp932", "euc-jp", "cp949")

PYTHON_LOSES = (*MULTI_BYTE, "cp1252", "cp1253", "cp1255", "cp1257", "cp874", "iso-8859-8")
"""Readers whose codecs in the standard library have holes."""


def sequences(charset: Charset) -> list[bytes]:
    """Return every sequence that may be one character, but for the four bytes of gb18030."""
    found = [bytes([byte]) for byte in range(0x80, 0x100) if byte not in charset.leads]
    found += [bytes((lead, trail)) for lead in charset.leads for trail in range(0x100)]
    if charset.name == "euc-jp":
        prefix = found.index(b"\x8f\x00")
        found[prefix : prefix + 0x100] = [
            bytes((0x8F, lead, trail)) for lead in range(0xA1, 0xFF) for trail in range(0xA1, 0xFF)
        ]
    return found


@cache
def characters(name: str) -> dict[bytes, str]:
    """Return every character of a charset, as we read it, by its bytes."""
    charset = CHARSETS[name]
    read = {sequence: decode(sequence, charset) for sequence in sequences(charset)}
    return {sequence: text for sequence, text in read.items() if text is not None}


@cache
def index() -> Any:
    return json.loads(lzma.decompress(INDEX.read_bytes()).decode("utf-8", "surrogatepass"))


@cache
def published(source: str, name: str) -> dict[bytes, str]:
    """Return a table of the published data by its bytes."""
    table = {}
    for lead, row in index()[source][name].items():
        if lead.endswith("="):
            table[bytes.fromhex(lead[:-1])] = row
            continue
        for trail, char in enumerate(row):
            if char != "\ufffd":
                table[bytes.fromhex(lead) + bytes([trail])] = char
    return table


# Where a charset is deliberately something else than the published table: ranges of first and last
# sequence. Within a range only sequences that differ count, and there must be some.

WHATWG_DEVIATIONS: dict[str, dict[str, str]] = {
    "latin-1": {"80-9f": "browsers read it as cp1252, which is another row"},
    "iso-8859-9": {"80-9f": "browsers read it as cp1254, which is another row"},
    "cp1253": {"aa d2 ff": "private use in Windows, lost in browsers"},
    "cp1255": {"d9-df fb-fc ff": "private use in Windows, lost in browsers"},
    "cp1257": {"a1 a5": "private use in Windows, lost in browsers"},
    "cp874": {"db-de fc-ff": "private use in Windows, lost in browsers"},
    "gbk": {
        "ff": "private use in Windows, lost in browsers",
        "a3a0": "private use in Windows and GB 18030-2000, U+3000 in browsers",
        "a6d9-a6df a6ec-a6ed a6f3": "private use in Windows, of Unicode 4.1 in GB 18030-2022",
        "a8bc": "private use in Windows and GB 18030-2000",
        "fe59 fe61 fe66-fe67 fe6d fe7e fe90 fea0": "private use in Windows, GB 18030-2022",
    },
    "big5": {
        "80 ff": "C1 and private use in Windows, lost in browsers",
        "8140-a0fe c6a1-c8fe": "user-defined in Windows where Hong Kong has no character",
        "f9fe": "U+2593 in Windows and Python",
    },
    "cp932": {"a0 fd-ff": "private use in Windows and Python, lost in browsers"},
    "euc-jp": {"8fa2b7": "an ASCII tilde in Python; no row can say otherwise"},
    "cp949": {
        "80 ff": "C1 and private use in Windows, lost in browsers",
        "c9a1-c9fe fea1-fefe": "user-defined in Windows, lost in browsers",
    },
}

WINDOWS_DEVIATIONS: dict[str, dict[str, str]] = {
    "iso-8859-7": {"a1-a2 a4-a5 aa ae d2 ff": "of 1987, seldom used"},
    "iso-8859-8": {"a1 af bf-de fb-ff": "of 1988, seldom used"},
    "mac-roman": {"bd": "U+2126, which is canonically U+03A9"},
    "mac-cyrillic": {"a2 b6 ff": "before the Ukrainian letters and the euro sign"},
    "gbk": {
        "a2e3 a8bf a989-a995 fe50-fe9f": "private use for characters of GB 18030 that browsers have"
    },
    "big5": {
        "8740-a0fe c6a1-c8fe fa40-fefe": "user-defined where browsers have Hong Kong's characters",
        "a3c0-a3e0": "lost",
    },
}


def expanded(ranges: str) -> set[bytes]:
    found = set()
    for item in ranges.split():
        first, _, last = item.partition("-")
        codes = range(int(first, 16), int(last or first, 16) + 1)
        found |= {code.to_bytes(len(first) // 2, "big") for code in codes}
    return found


@pytest.mark.parametrize(
    ("source", "name"), [(s, n) for s in ("whatwg", "windows") for n in index()[s]]
)
def test_charsets_are_the_published_tables(source: str, name: str) -> None:
    deviations = {"whatwg": WHATWG_DEVIATIONS, "windows": WINDOWS_DEVIATIONS}[source]
    ours, theirs = characters(name), published(source, name)
    differ = {s for s in ours.keys() | theirs.keys() if ours.get(s) != theirs.get(s)}
    explained = set()
    for ranges in deviations.get(name, ()):
        found = differ & expanded(ranges)
        assert found, f"{ranges} of {name} is no deviation"
        explained |= found
    assert {s.hex() for s in differ - explained} == set()


def test_tables_are_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_charset_index", TOOL)
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    whatwg, windows = ({n: published(s, n) for n in index()[s]} for s in ("whatwg", "windows"))
    assert tool.source(whatwg, windows) == tool.TABLES.read_text("utf-8")


@pytest.mark.parametrize("name", index()["whatwg"])
def test_browsers_lose_what_only_windows_has(name: str) -> None:
    theirs = published("whatwg", name)
    for sequence, text in characters(name).items():
        if sequence not in theirs and not text.isascii():
            read = decode(sequence, CHARSETS[name], "whatwg")
            assert read == "\ufffd" + (sequence[1:].decode() if sequence[-1] < 0x80 else "")
            assert decode(sequence, CHARSETS[name], "swallow") == text


def test_published_tables_cover_every_charset() -> None:
    covered = {*index()["whatwg"], *index()["windows"], "utf-8", "cesu-8", "gb18030"}
    assert covered == set(CHARSETS)


def test_gb18030_is_gbk_and_four_bytes_more() -> None:
    gbk, gb18030 = characters("gbk"), characters("gb18030")
    assert gbk.keys() - gb18030.keys() == {b"\xff"}
    assert gbk.items() >= gb18030.items()
    reader = CHARSETS["gb18030"]
    ranges = [*index()["gb18030-ranges"], [39420, None]]
    for (pointer, code), (end, _) in pairwise(ranges):
        if pointer >= 39420:
            break
        for place in {pointer, min(end, 39420) - 1}:
            rest, last = divmod(place, 10)
            rest, third = divmod(rest, 126)
            first, second = divmod(rest, 10)
            data = bytes((0x81 + first, 0x30 + second, 0x81 + third, 0x30 + last))
            # The WHATWG has U+E7C7 here, and in the pair A8BC what Python has here.
            expected = "\u1e3f" if place == 7457 else chr(code + place - pointer)
            assert decode(data, reader) == expected, data.hex()


@pytest.mark.parametrize("name", CHARSETS)
def test_every_character_can_be_written(name: str) -> None:
    charset = CHARSETS[name]
    for sequence, text in characters(name).items():
        if len(text) == 1 and not text.isascii():
            ways = charset.bytes_of(text)
            assert sequence in ways, sequence.hex()
            assert ways[0] == encode(text, charset)
            assert {decode(way, charset) for way in ways} == {text}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARSETS)
def test_what_is_written_is_read(name: str) -> None:
    charset = CHARSETS[name]
    for code in (*range(0xD800), *range(0xE000, 0x11000), *range(0x20000, 0x20100)):
        data = encode(chr(code), charset)
        assert data is None or decode(data, charset) == chr(code)
        assert charset.bytes_of(chr(code))[:1] == (() if data is None else (data,))


def test_a_character_may_be_written_in_two_ways() -> None:
    assert CHARSETS["cp932"].bytes_of("∵") == (b"\x81\xe6", b"\x87\x9a", b"\xfa\x5b")
    assert CHARSETS["gbk"].bytes_of("€") == (b"\x80", b"\xa2\xe3")


def test_a_yen_sign_is_no_backslash() -> None:
    assert "¥".encode("euc_jp") == b"\\"
    assert encode("¥", CHARSETS["euc-jp"]) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary())
@pytest.mark.parametrize("name", ["koi8-u", "big5", "euc-jp"])
def test_bytes_are_read_sequence_by_sequence(name: str, data: bytes) -> None:
    """What a codec reads otherwise never spills over to what other sequences mean."""
    charset, table = CHARSETS[name], characters(name)
    at, text = 0, ""
    while at < len(data):
        if data[at] < 0x80:
            text, at = text + chr(data[at]), at + 1
            continue
        known = [data[at : at + n] for n in (1, 2, 3) if data[at : at + n] in table]
        if not known:
            assert decode(data, charset) is None
            return
        text, at = text + table[known[0]], at + len(known[0])
    assert decode(data, charset) == text


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("é’", "c3a9e28099"),
        ("😀", "eda0bdedb880"),
        ("a\0b", "61c08062"),
        ("\U0010ffff\ue000", "edafbfedbfbfee8080"),
    ],
)
def test_cesu_8(text: str, data: str) -> None:
    assert encode(text, CHARSETS["cesu-8"]) == bytes.fromhex(data)
    assert decode(bytes.fromhex(data), CHARSETS["cesu-8"]) == text


@pytest.mark.parametrize(
    "data", ["f09f9880", "eda0bd", "edb880", "eda0bd61", "c081", "e28061", "ff"]
)
def test_cesu_8_refuses_what_it_is_not(data: str) -> None:
    assert decode(bytes.fromhex(data), CHARSETS["cesu-8"]) is None


@pytest.mark.parametrize("name", CHARSETS)
def test_lone_surrogates_can_not_be_written(name: str) -> None:
    assert encode("a\ud83d", CHARSETS[name]) is None
    assert decode(b"\xed\xa0\xbd", CHARSETS["utf-8"]) is None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_cesu_8_is_utf_8_of_utf_16(text: str) -> None:
    data = encode(text, CHARSETS["cesu-8"])
    assert data is not None
    assert decode(data, CHARSETS["cesu-8"]) == text
    units = text.encode("utf-16-le")
    pairs = "".join(chr(units[n] + units[n + 1] * 256) for n in range(0, len(units), 2))
    assert data == pairs.encode("utf-8", "surrogatepass").replace(b"\0", b"\xc0\x80")


@pytest.mark.parametrize(
    ("text", "channel", "damaged"),
    [
        ("“it", "utf-8>gbk", "鈥渋t"),
        ("pause” its", "utf-8>gbk:drop", "pause鈥 its"),
        ("pause” its", "utf-8>gbk:replace", "pause鈥\ufffd its"),
        ("50 – 100", "utf-8>gbk:question", "50 鈥? 100"),
        ("50–100", "utf-8>gbk:swallow", "50鈥?00"),
        ("别漏", "utf-8>gbk", "鍒\ue0a3紡"),
        ("é’", "utf-8>cp1252", "Ã©â€™"),
        ("”", "utf-8>cp1252", "â€\x9d"),
        ("”", "utf-8>cp1252:drop", "â€"),
        ("”", "utf-8>latin-1", "â\x80\x9d"),
        ("😀", "cesu-8>cp1252", "í\xa0½í¸€"),
        ("ўсе", "utf-8>koi8-u", "я·я│п╣"),
        ("¡Hola!", "utf-8>cp1253", "Β΅Hola!"),
        ("Ω", "utf-8>cp1255", "־©"),
        ("①", "utf-8>euc-jp:whatwg", "\ufffd\ufffd"),
    ],
)
def test_damage(text: str, channel: str, damaged: str) -> None:
    assert damage(text, channel) == damaged


@pytest.mark.parametrize("name", PYTHON_LOSES)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.binary(), st.text(alphabet=st.characters(codec="utf-8")).map(str.encode)))
def test_drop_and_replace_are_pythons(name: str, data: bytes) -> None:
    charset = CHARSETS[name]
    assert decode(data, charset, "drop") == data.decode(charset.codec, "ignore")
    assert decode(data, charset, "replace") == data.decode(charset.codec, "replace")


@pytest.mark.parametrize("name", PYTHON_LOSES)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary())
def test_readers_that_lose_nothing_agree(name: str, data: bytes) -> None:
    charset = CHARSETS[name]
    text = decode(data, charset)
    for name_of_loss, loss in LOSSES.items():
        read = decode(data, charset, name_of_loss)
        assert read is not None
        if text is not None and loss.windows:
            assert read == text


@pytest.mark.parametrize("name", [n for n in CHARSETS if n not in {"utf-8", "cesu-8"}])
@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.binary())
def test_ascii_is_never_lost_in_browsers(name: str, data: bytes) -> None:
    """A mark may stand for a sequence, but an ASCII letter after a bad one is put back."""
    text = decode(data + b"\xe2!", CHARSETS[name], "whatwg")
    assert text is not None
    assert text.endswith("!")


# Bytes, and what the WHATWG's decoder makes of them; M is the mark.
WHATWG_LOSSES = [
    ("gbk", "81", "M"),
    ("gbk", "8120", "M "),
    ("gbk", "817f", "M\x7f"),
    ("gbk", "81ff41", "MA"),
    ("gbk", "e2809d", "鈥M"),
    ("gbk", "e2809d20", "鈥M "),
    ("gb18030", "81", "M"),
    ("gb18030", "8130", "M"),
    ("gb18030", "813081", "M"),
    ("gb18030", "813041", "M0A"),
    ("gb18030", "81308141", "M0丄"),
    ("gb18030", "84ff", "M"),
    ("gb18030", "fe39fe39", "M"),
    ("gb18030", "fe39fe3941", "MA"),
    ("gb18030", "81308130", "\x80"),
    ("big5", "a1", "M"),
    ("big5", "a120", "M "),
    ("big5", "a18041", "MA"),
    ("cp932", "81", "M"),
    ("cp932", "8120", "M "),
    ("cp932", "81fd41", "MA"),
    ("cp932", "857e", "M~"),
    ("cp932", "859f41", "MA"),
    ("euc-jp", "8e", "M"),
    ("euc-jp", "8e41", "MA"),
    ("euc-jp", "8ee041", "MA"),
    ("euc-jp", "8f", "M"),
    ("euc-jp", "8fa1", "M"),
    ("euc-jp", "8fa141", "MA"),
    ("euc-jp", "8fa1a141", "MA"),
    ("euc-jp", "8f8041", "MA"),
    ("euc-jp", "80", "M"),
    ("euc-jp", "a1", "M"),
    ("euc-jp", "a19041", "MA"),
    ("euc-jp", "a1ff", "M"),
    ("cp949", "81", "M"),
    ("cp949", "815b", "M["),
    ("cp949", "818041", "MA"),
    ("cp949", "c9a141", "MA"),
    ("cp949", "e38180", "MM"),
    ("big5", "80ff", "MM"),
    ("cp932", "e381a0", "縺M"),
    ("cp932", "80fdfeff", "\x80MMM"),
    ("cp1253", "aac1", "MΑ"),
    ("iso-8859-8", "a141", "MA"),
    ("latin-1", "e28099c3a9", "âMMÃ©"),
]

# Bytes, and what Windows' MultiByteToWideChar makes of them.
WINDOWS_LOSSES = [
    ("gbk", "81", "M"),
    ("gbk", "812041", "MA"),
    ("gbk", "81ff41", "MA"),
    ("gbk", "8100", "M\0"),
    ("gbk", "e2809d20", "鈥M"),
    ("big5", "a120", "M"),
    ("big5", "a18041", "MA"),
    ("cp932", "8120", "M"),
    ("cp932", "81fd41", "MA"),
    ("cp949", "815b", "M"),
    ("cp949", "c9a141", "\ue000A"),
    ("cp932", "e381a0", "縺\uf8f0"),
    ("iso-8859-8", "a141", "MA"),
]


@pytest.mark.parametrize("loss", [name for name in LOSSES if LOSSES[name].patches])
def test_losses_are_the_readers(loss: str) -> None:
    swallows = LOSSES[loss].swallows == 2
    for name, data, text in WINDOWS_LOSSES if swallows else WHATWG_LOSSES:
        expected = text.replace("M", LOSSES[loss].mark)
        assert decode(bytes.fromhex(data), CHARSETS[name], loss) == expected, (name, data)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary())
@pytest.mark.parametrize("name", ["cp1252", "latin-1", "cp1256", "koi8-u", "cp437", "mac-roman"])
def test_single_byte_readers_lose_nothing(name: str, data: bytes) -> None:
    text = decode(data, CHARSETS[name])
    assert text is not None
    assert encode(text, CHARSETS[name]) == data
    assert losses(name) == () or name in ("cp1252", "latin-1")


@cache
def alphabet(name: str) -> st.SearchStrategy[str]:
    if name in {"utf-8", "cesu-8"}:
        return st.characters(codec="utf-8")
    return st.sampled_from(sorted({*"aé ", *"".join(characters(name).values())}))


@pytest.mark.parametrize("channel", PRIORS, ids=str)
@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.data())
def test_damage_without_loss_can_be_reversed(channel: Channel, data: st.DataObject) -> None:
    writer, reader = CHARSETS[channel.written_as], CHARSETS[channel.read_as]
    text = data.draw(st.text(alphabet(channel.written_as), max_size=20))
    written, damaged = encode(text, writer), through(text, channel)
    if written is None or damaged is None:
        return
    back = encode(damaged, reader)
    assert back is not None
    assert decode(back, reader) == damaged
    # A reader that has a character twice leaves more than one way back.
    if all(len(reader.bytes_of(char)) == 1 for char in damaged):
        assert back == written
        assert decode(back, writer) == text


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("utf-8>cp936", "utf-8>gbk"),
        ("UTF8>GBK", "utf-8>gbk"),
        (" utf-8>gbk ", "utf-8>gbk"),
        ("utf_8 > windows-1252", "utf-8>cp1252"),
        ("utf-8>Shift_JIS:nakaguro", "utf-8>cp932:nakaguro"),
        ("euc-kr>iso-8859-1", "cp949>latin-1"),
        ("utf-8>x-mac-cyrillic", "utf-8>mac-cyrillic"),
        ("CESU8>latin1", "cesu-8>latin-1"),
    ],
)
def test_charsets_have_aliases(name: str, channel: str) -> None:
    assert str(parse_channel(name)) == channel


def test_aliases_lead_to_charsets_and_hide_none() -> None:
    assert set(ALIASES.values()) <= set(CHARSETS)
    assert not set(ALIASES) & set(CHARSETS)


def test_channels_are_between_charsets_and_end_elsewhere() -> None:
    for channel in channels():
        assert {channel.written_as, channel.read_as} <= set(CHARSETS)
        assert channel.written_as != channel.read_as
        assert channel.loss == "" or channel.loss in losses(channel.read_as)


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown channel"):
        damage("é", "utf-8>klingon")


def test_damage_that_would_lose_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="without loss"):
        damage("pause” its", "utf-8>gbk")


def test_channels_can_be_parsed_by_their_names() -> None:
    for channel in channels():
        assert parse_channel(str(channel)) == channel
    assert len(set(map(str, channels()))) == len(channels())


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        ("private-use-removed", "鍒\ue0a3紡\U000f0000\U0010ffff", "鍒紡"),
        ("c1-removed", "â€\x9d\x80\x9f\xa0", "â€\xa0"),
        ("trademark-removed", "donâ€™t ®", "donâ€t ®"),
        ("soft-hyphen-removed", "Ã\xad-", "Ã-"),
        ("nbsp-to-space", "Ã\xa0 la", "Ã  la"),
        ("nbsp-removed", "Ã\xa0 la", "Ã la"),
        ("straightened-quotes", "â€“ “a” ‘b’", 'â€" "a" \'b\''),
        ("lowercased", "Ã‰TÃ‰", "ã‰tã‰"),
        ("escaped-html", "<Ã\xa0 & b>", "&lt;Ã&nbsp; &amp; b&gt;"),
        ("stripped", "\xa0 Ã\xa0\n", "Ã"),
    ],
)
def test_edits(edit: str, before: str, after: str) -> None:
    assert EDITS[edit](before) == after


@pytest.mark.parametrize("edit", EDITS)
def test_edits_leave_plain_text_alone_and_say_who_does_them(edit: str) -> None:
    assert EDITS[edit]("plain text") == "plain text"
    assert ", as " in (EDITS[edit].__doc__ or "")
