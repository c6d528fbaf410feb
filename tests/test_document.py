"""Documents with damage of several kinds, or of a part: what is damaged does not spoil the rest."""

from __future__ import annotations

import pytest

from mojifix import Policy, damage, fix_text, repair

HEBREW = "חג שמח לכולם — נתראה מחר."
LAO = "ຂ້ອຍຮັກເຈົ້າຫຼາຍໆ"
RUSSIAN = ("Иванов Сергей, Москва", "cp1251>cp1252")
GREEK = ("Καλημέρα κόσμε", "cp1253>cp1252")
POLISH = ("Żółw idzie powoli przez las.", "cp1250>cp1252")
FRENCH = ("le café déjà vu", "cp850>cp1252")
GERMAN = ("Größe über alles", "mac-roman>cp1252")
CHINESE = ("北京市朝阳区", "gbk>cp1252")
DAMAGED = [RUSSIAN, GREEK, POLISH, FRENCH, GERMAN, CHINESE]


def test_a_legacy_channel_makes_no_text_of_utf_8_with_lost_bytes() -> None:
    damaged = damage(HEBREW, "cp1255>cp1252") + "\n" + damage(LAO, "utf-8>cp1252:drop")
    assert fix_text(damaged) == HEBREW + "\nຂ້ອ\ufffdຮັ\ufffdເຈົ້າຫຼາ\ufffdໆ"


@pytest.mark.parametrize("separator", [";", ",", " | ", "</a><b>"])
@pytest.mark.parametrize("clean", ["Nestlé", "São Paulo", "Zoé", "À la carte", "12 €", "5 °C"])
@pytest.mark.parametrize(("text", "channel"), DAMAGED)
def test_the_cell_beside_a_damaged_one_stays(
    text: str, channel: str, clean: str, separator: str
) -> None:
    row = damage(text, channel) + separator + clean
    assert fix_text(row) == text + separator + clean


@pytest.mark.parametrize(("text", "channel"), DAMAGED)
@pytest.mark.parametrize("clean", ["Pérez", "El Niño", "Éire"])
def test_a_quoted_cell_stays(text: str, channel: str, clean: str) -> None:
    row = f'"{damage(text, channel)}","{clean}",3'
    assert fix_text(row) == f'"{text}","{clean}",3'


@pytest.mark.parametrize(("text", "channel"), [*DAMAGED, ("città è bella", "mac-roman>cp1252")])
@pytest.mark.parametrize("clean", ["½ °C", "20 °C", "5 µm ± 2", "x² + y³", "Ø 5 mm"])
def test_signs_and_units_of_another_line_stay(text: str, channel: str, clean: str) -> None:
    assert fix_text(f"{clean}\n{damage(text, channel)}") == f"{clean}\n{text}"


@pytest.mark.parametrize(("text", "channel"), DAMAGED)
@pytest.mark.parametrize("clean", ["€ 7.20", "99¢", "Duplo™", "£12", "N° 5", "“ok”", "«ok»"])
def test_prices_and_signs_of_another_cell_stay(text: str, channel: str, clean: str) -> None:
    assert fix_text(f"{damage(text, channel)};A-25;{clean}") == f"{text};A-25;{clean}"


@pytest.mark.parametrize("clean", ["어디?? 나 지금 집", "真的?? 太好了", "Τι??"])
@pytest.mark.parametrize("channel", ["utf-8>cp949", "utf-8>cp932"])
def test_question_marks_behind_clean_letters_ask(channel: str, clean: str) -> None:
    damaged = damage("São João, Café Müller", channel)
    assert fix_text(f"{clean};{damaged}") == f"{clean};São João, Café Müller"


@pytest.mark.parametrize(("text", "channel"), [RUSSIAN, GREEK])
@pytest.mark.parametrize("clean", ["ß ist ein Zeichen", "à la carte", "sailing to Ö today"])
def test_a_letter_among_words_of_ascii_stays(text: str, channel: str, clean: str) -> None:
    assert fix_text(f"{clean}\n{damage(text, channel)}") == f"{clean}\n{text}"


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("она красивая", "utf-8>cp1254:drop"),
        ("спасибо", "utf-8>cp1250:drop"),
        ("★★★★☆", "utf-8>cp1250:drop"),
        ("wānanga, kōrero, tāngata", "utf-8>cp1252:drop"),
    ],
)
def test_no_legacy_charset_makes_words_of_utf_8_that_lost_bytes(text: str, channel: str) -> None:
    damaged = damage(text, channel)
    assert fix_text(damaged) in (text, damaged)


def test_a_reader_that_kept_a_control_is_told_by_what_stands_beside_it() -> None:
    assert fix_text(damage("A: 5 €, B: 6 €, C: 7 €", "cp1252>latin-1")) == "A: 5 €, B: 6 €, C: 7 €"


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("田中\n佐藤さん、こんにちは。", "cp932>cp1252"),
        ("« Il est déjà à la plage », dit-elle.", "cp850>cp1252"),
    ],
)
def test_quotation_marks_of_damage_are_none(text: str, channel: str) -> None:
    assert fix_text(damage(text, channel)) == text


def test_a_single_place_of_a_known_channel_is_undecided() -> None:
    text = "鈥 A tekn艖s 鈥 felelte haboz谩s n茅lk眉l鈥 茅s ment."
    assert fix_text(text) == "– A teknős – felelte habozás nélkül\ufffd és ment."


def test_a_place_is_undecided_behind_a_line_that_was_damaged_from_end_to_end() -> None:
    line = damage("Le café était fermé à cause des travaux prévus à côté.", "utf-8>latin-1")
    place = damage("明日の会議は何時から始まりますか。", "utf-8>cp932:replace")
    alone = repair(place, Policy(min_restored=0.95)).repairs[-1]
    behind = repair(f"{line}\n{place}", Policy(min_restored=0.95)).repairs[-1]
    assert alone.kind == behind.kind == "undecided"
    assert behind.after == alone.after
    readings = [reading for reading, _ in alone.alternatives]
    assert [reading for reading, _ in behind.alternatives] == readings


def test_a_single_place_that_alone_is_damaged_is_left() -> None:
    text = "Wir gehen 鈥 irgendwann."
    assert fix_text(text) == text


def test_the_channel_of_a_document_is_asked_however_likely_another_one_is() -> None:
    repaired = fix_text("It窶冱 said that 窶・12窶・15 May窶・ is an open range窶敗ee section 3.")
    assert "窶" not in repaired
    assert repaired.endswith("an open range—see section 3.")


def test_a_quotation_that_is_closed_far_behind_its_beginning_is_paired() -> None:
    inside = "It went on like this for years, and nobody in the village said a word. " * 8
    text = f"She said: “{inside}That was all.” Then she left."
    assert fix_text(damage(text, "utf-8>gbk:drop")) == text
