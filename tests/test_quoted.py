"""Text about charsets: told by words, which are searched for by parts of them first."""

from __future__ import annotations

import pytest

from mojifix.repair.quoted import is_on_topic

WORDS = (
    "mojibake garbled encoded encoding encodage decode decoding charset charsets codepage utf-8 "
    "UTF-16 Unicode latin1 Latin-1 iso-8859 windows-1252 windows_1251 cp437 macroman Mac-Roman gbk "
    "gb2312 gb18030 big5 Big-5 euc-kr euc_jp shift-jis shift_jis koi8-r kodowanie kódování "
    "codificación Zeichensatz Zeichenkodierung Kodierung кодировка кракозябры 乱码 亂碼 编码 編碼 "
    "文字化け 文字コード 인코딩 글자깨짐"
)


@pytest.mark.parametrize("word", WORDS.split())
def test_a_word_of_the_topic_is_found_in_its_line(word: str) -> None:
    assert is_on_topic(f"é {word}")


@pytest.mark.parametrize("phrase", ["character set", "code page", "글자 깨짐"])
def test_a_phrase_of_the_topic_is_found_in_its_line(phrase: str) -> None:
    assert is_on_topic(f"é {phrase}")


def test_another_line_is_not_asked() -> None:
    assert not is_on_topic("é\nencoding")
