"""Which charset bytes are in: marks, zeros, escapes, declarations, language, and two at once."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mojifix.charsets.charset import decode, encode
from mojifix.files.detect import declared, guesses
from mojifix.files.fit import fitted, in_utf8
from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE, known
from mojifix.files.read import SURE, Document, Opaque, decoded, line_ends, newlines
from mojifix.model import Repair, Result

FRENCH = "Le café de la gare était fermé, très loin de l’église où l’été s’achève.\n"
GERMAN = "Größere Städte wählen häufig übermütige Bürgermeister für fünf Jahre.\n"
POLISH = "Zażółć gęślą jaźń, powiedział wójt i wyszedł na łąkę pod miastem.\n"
RUSSIAN = "Вчера вечером мы долго гуляли по набережной и говорили о книгах.\n"
UKRAINIAN = "Її брат їде до Києва, щоб побачити нові вистави в театрі.\n"
GREEK = "Χθες το βράδυ περπατήσαμε πολύ ώρα δίπλα στη θάλασσα.\n"
TURKISH = "Dün akşam sahilde uzun süre yürüdük ve kitaplar hakkında konuştuk.\n"
HEBREW = "אתמול בערב הלכנו זמן רב על החוף ודיברנו על ספרים.\n"
ARABIC = "مشينا مساء أمس وقتا طويلا على الشاطئ وتحدثنا عن الكتب.\n"
THAI = "เมื่อวานตอนเย็นเราเดินเล่นริมทะเลเป็นเวลานาน\n"
LATVIAN = "Vakar vakarā mēs ilgi staigājām gar jūru un runājām par grāmatām.\n"
JAPANESE = "昨日の夜、私たちは海辺を長い間歩いて、本について話しました。\n"
CHINESE = "昨天晚上我们在海边走了很久，谈论了很多关于书的事情。\n"
TAIWANESE = "昨天晚上我們在海邊走了很久，談論了很多關於書的事情。\n"
KOREAN = "어제 저녁에 우리는 바닷가를 오래 걸으며 책에 대해 이야기했다.\n"

IN_CHARSETS = [
    *((FRENCH, name) for name in ("cp1252", "mac-roman")),
    *((GERMAN, name) for name in ("cp1252", "latin-1", "iso-8859-15", "cp850", "cp437")),
    *((POLISH, name) for name in ("cp1250", "iso-8859-2", "cp852", "mac-latin2")),
    *((RUSSIAN, name) for name in ("cp1251", "koi8-r", "cp866", "iso-8859-5", "mac-cyrillic")),
    *((UKRAINIAN, name) for name in ("cp1251", "koi8-u", "iso-8859-5", "cp1125")),
    *((GREEK, name) for name in ("cp1253", "iso-8859-7", "cp737")),
    *((TURKISH, name) for name in ("cp1254", "iso-8859-9", "cp857")),
    *((HEBREW, name) for name in ("cp1255", "iso-8859-8", "cp862")),
    *((ARABIC, name) for name in ("cp1256", "iso-8859-6", "cp720")),
    (THAI, "cp874"),
    *((LATVIAN, name) for name in ("cp1257", "iso-8859-13", "iso-8859-4", "cp775")),
    *((JAPANESE, name) for name in ("cp932", "euc-jp", "iso-2022-jp")),
    *((CHINESE, name) for name in ("gbk", "hz")),
    (TAIWANESE, "big5"),
    *((KOREAN, name) for name in ("cp949", "iso-2022-kr")),
    *((text, name) for text in (RUSSIAN, JAPANESE, "plain\n") for name in UNICODE),
]


def written(text: str, charset: str) -> bytes:
    if charset in LEGACY:
        data = encode(text, LEGACY[charset])
        assert data is not None
        return data
    return text.encode(STATEFUL.get(charset, charset))


def document(data: bytes, asked: str | None = None) -> Document:
    read = decoded(data, asked)
    assert isinstance(read, Document), read
    return read


# --- one charset ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "charset"), IN_CHARSETS)
def test_text_is_read_in_its_charset(text: str, charset: str) -> None:
    read = document(written(text, charset))
    assert read.text == text
    assert read.confidence >= SURE


@pytest.mark.parametrize("charset", UNICODE)
@pytest.mark.parametrize("text", ["", "a", "漢字\r\n", RUSSIAN])
def test_a_byte_order_mark_decides(charset: str, text: str) -> None:
    mark = "\ufeff".encode(charset)
    read = document(mark + text.encode(charset))
    assert (read.bom, read.text, read.charset) == (mark, text, charset)


def test_zero_bytes_that_are_no_utf16_are_binary() -> None:
    read = decoded(b"\x7fELF\x02\x01\x01\0\0\0\0\0\x03\0>\0\x01\0\0\0\x10\x82\xff\xfe")
    assert isinstance(read, Opaque)
    assert read.binary


def test_random_bytes_are_binary() -> None:
    data = bytes(random.Random(1).choices(range(1, 256), k=2000))
    read = decoded(data)
    assert isinstance(read, Opaque)
    assert read.binary


def test_half_a_code_unit_is_no_utf16() -> None:
    assert isinstance(decoded(RUSSIAN.encode("utf-16-le") + b"\0"), Opaque)


def test_bytes_that_only_begin_as_utf32_are_binary() -> None:
    assert isinstance(decoded((RUSSIAN * 40).encode("utf-32-le") + b"\xff\xff\xff\xff"), Opaque)


def test_format_directives_are_no_hz() -> None:
    assert document(b'(format t "~{~a~^, ~}" list) ~{ab~}').charset == "utf-8"


def test_a_terminal_log_is_no_iso_2022() -> None:
    assert document(b"\x1b[31mred\x1b(B\x1b[m\n").charset == "utf-8"


def test_little_text_is_left_with_candidates() -> None:
    read = decoded(b"a \xc4\n")
    assert isinstance(read, Opaque)
    assert not read.binary
    assert len(read.guesses) > 1
    assert sum(guess.confidence for guess in read.guesses) < 1
    assert "0xc4 at offset 2" in read.reason


def test_what_the_user_says_decides_where_the_text_does_not() -> None:
    assert document(b"a \xc4\n", "koi8-r").text == "a д\n"


def test_what_the_user_says_is_no_order() -> None:
    data = written(RUSSIAN * 3, "koi8-r")
    assert document(data, "cp1252").charset == "koi8-r"


def test_a_utf8_file_stays_one_whatever_the_user_says() -> None:
    assert document(FRENCH.encode(), "gbk").text == FRENCH


def test_a_large_file_is_decided_on_a_part_of_it() -> None:
    data = written(RUSSIAN * 30_000, "cp866")
    assert document(data).charset == "cp866"


def test_a_byte_that_is_rare_in_a_large_file_counts() -> None:
    # E4 is ä in both; only the quotes tell cp1252 from latin-1.
    data = written(GERMAN * 200, "latin-1") + written("Er sagt „ja“.\n", "cp1252")
    assert document(data).text.endswith("„ja“.\n")


# --- declarations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (b'<meta charset="gb2312">', "gbk"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "cp932"),
        (b"<?xml version='1.0' encoding='ISO-8859-2'?>", "iso-8859-2"),
        (b"# -*- coding: koi8-r -*-\n", "koi8-r"),
        (b"# vim: set fileencoding=cp1251 :\n", "cp1251"),
        (b'@charset "windows-1250";', "cp1250"),
        (b'"Content-Type: text/plain; charset=EUC-KR\\n"', "cp949"),
        (b"charset=klingon charset=big5", "big5"),
        (b"x" * 5000 + b"\n# vim: fenc=utf-8 fileencoding=euc-jp\n", "euc-jp"),
        (b"nothing", None),
    ],
)
def test_declarations_are_found(text: bytes, charset: str | None) -> None:
    assert declared(text) == charset


def test_a_declaration_decides_where_the_text_does_not() -> None:
    said = b'<?xml version="1.0" encoding="%s"?>\n<a>\xc4</a>\n'
    first, second = (guesses(said % name)[0] for name in (b"koi8-r", b"cp1251"))
    assert (first.charset, second.charset) == ("koi8-r", "cp1251")


def test_a_wrong_declaration_does_not_decide() -> None:
    data = b'<meta charset="iso-8859-1">\n' + written(RUSSIAN, "cp1251")
    assert document(data).charset == "cp1251"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Windows-1252", "cp1252"),
        ("x-sjis", "cp932"),
        ("KS_C_5601-1987", "cp949"),
        ("UTF8", "utf-8"),
        ("us-ascii", "utf-8"),
        ("iso_8859-1", "latin-1"),
        ("TIS-620", "cp874"),
        ("utf_16", "utf-16-le"),
        ("csISO2022JP", "iso-2022-jp"),
        ("klingon", None),
        ("zip", None),
    ],
)
def test_names_of_charsets(name: str, ours: str | None) -> None:
    assert known(name) == ours


# --- UTF-8 with something else in it --------------------------------------------------------------


def test_some_lines_in_a_second_charset_make_a_mixed_file() -> None:
    data = CHINESE.encode() * 4 + written("第二天我们又去了那里\n", "gbk") + b"plain\n"
    read = document(data)
    assert read.charset == "utf-8"
    assert read.second
    assert read.second.charset == "gbk"
    assert [data[start:end] for start, end in read.lines] == [
        written("第二天我们又去了那里", "gbk")
    ]


def test_a_mixed_file_becomes_utf8() -> None:
    data = FRENCH.encode() * 3 + written("déjà vu à Besançon\r\n", "cp1252") + "fin à\n".encode()
    assert in_utf8(document(data)).decode() == FRENCH * 3 + "déjà vu à Besançon\r\nfin à\n"


@pytest.mark.parametrize("cut", [FRENCH.encode()[:70], CHINESE.encode()[:20], b"caf\xc3\n"])
def test_a_cut_character_makes_no_mixed_file(cut: bytes) -> None:
    text = (FRENCH + CHINESE).encode() * 3
    read = document(text + cut)
    assert (read.charset, read.second) == ("utf-8", None)
    assert in_utf8(read) == text + cut


def test_damage_in_a_legacy_file_makes_no_mixed_file() -> None:
    text = FRENCH * 3 + "un thÃ© noir\n" + FRENCH
    assert document(written(text, "cp1252")).text == text


def test_lines_of_a_legacy_file_that_are_utf8_by_chance() -> None:
    text = "旅游\n" + CHINESE * 3
    assert document(written(text, "gbk")).text == text


def test_converting_drops_the_mark_of_another_charset() -> None:
    assert in_utf8(document(b"\xff\xfe" + "é\r\n".encode("utf-16-le"))) == "é\r\n".encode()


def test_lone_surrogates_cannot_be_converted() -> None:
    with pytest.raises(UnicodeEncodeError):
        in_utf8(document(b"\xff\xfe\x00\xd8a\0"))


# --- what fits ------------------------------------------------------------------------------------


def test_a_repair_that_does_not_fit_the_charset_is_suspected() -> None:
    found = (
        Repair(0, 2, "ab", "漢", (), "exact", 0, 1.0),
        Repair(3, 4, "c", "é", (), "exact", 0, 1.0),
    )
    fit = fitted(Document(b"", "ab c", "cp1252", b"ab c"), Result("漢 é", "ab c", found))
    assert fit.text == "ab é"
    assert fit.repairs == found[1:]
    assert [(one.kind, one.after) for one in fit.suspected] == [("suspected", "漢")]


def test_a_result_that_fits_stays_the_same_object() -> None:
    result = Result("é", "c", (Repair(0, 1, "c", "é", (), "exact", 0, 1.0),))
    assert fitted(Document(b"", "c"), result) is result


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("", "none"),
        ("a", "none"),
        ("a\nb\n", "lf"),
        ("a\r\nb", "crlf"),
        ("a\rb\r", "cr"),
        ("a\r\nb\n", "mixed"),
        ("a\n\rb", "mixed"),
    ],
)
def test_how_lines_end(text: str, style: str) -> None:
    assert newlines(line_ends(text)) == style


# --- any bytes ------------------------------------------------------------------------------------


MARKS = [b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xef\xbb\xbf"]


@given(
    st.builds(
        lambda mark, data: mark + data,
        st.sampled_from(MARKS),
        st.one_of(
            st.binary(max_size=80),
            st.text(max_size=20).map(lambda text: text.encode("utf-16-le")),
            st.text(max_size=20).map(lambda text: text.encode("gb18030")),
        ),
    )
)
@example(b"\xff\xfe\0\0")
@example(b"\xff\xfe\0\0\xff\xff\xff\xff")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xff\xfea")
@example(b"\xef\xbb\xbf\xff")
@example(b"\x1b$B\xff")
@example(b"~{0!~}")
def test_any_bytes_are_read_or_not_and_written_back(data: bytes) -> None:
    read = decoded(data)
    if isinstance(read, Opaque):
        assert read.reason
        return
    assert read.offset(0) == len(read.bom)
    if read.charset in STATEFUL:
        assert data.decode(STATEFUL[read.charset]) == read.text
        return
    assert read.offset(len(read.text)) == len(data)
    again = read.encode(read.text)
    if read.charset in LEGACY:
        assert decode(data, LEGACY[read.charset]) == read.text
    else:
        assert read.bom + (again or b"") == data
