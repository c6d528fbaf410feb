"""The language model: its binary is what its metadata says, and it reads what it writes."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojifix.language import common_trigrams, known_words, lexicon, trigrams
from mojifix.language.identification import language_of, letters_of
from mojifix.language.ngrams import KIND_OF, Trigrams, pack
from mojifix.language.pairs import STUCK, open_after, paired, settled, stuck, unclosed
from mojifix.language.typography import FIRST_PICTURE, PICTURE, habits, opening, picture, pictures
from mojifix.language.writing import LEAST, script, scripts_of

ROOT = Path(__file__).parent.parent
BINARY = (ROOT / "mojifix" / "language" / "model.bin").read_bytes()
LEXICON = (ROOT / "mojifix" / "language" / "lexicon.bin").read_bytes()
METADATA = json.loads((ROOT / "mojifix" / "language" / "model.json").read_text("utf-8"))


def test_the_binary_is_the_one_that_is_described() -> None:
    assert hashlib.sha256(BINARY).hexdigest() == METADATA["sha256"]


def test_the_model_was_trained_on_the_pinned_sources() -> None:
    sources = (ROOT / "tools" / "corpus.toml").read_bytes()
    assert hashlib.sha256(sources).hexdigest() == METADATA["sources_sha256"]


def test_the_binaries_take_at_most_three_megabytes_of_the_wheel() -> None:
    assert (
        sum(len(zlib.compress(one)) for one in (BINARY, LEXICON, common_trigrams().encode())) <= 3e6
    )


def test_the_lexicon_is_the_one_that_is_described() -> None:
    assert hashlib.sha256(LEXICON).hexdigest() == METADATA["lexicon"]["sha256"]


def test_what_is_packed_is_read_back() -> None:
    unigrams = bytes([100]) * (65536 + 4096)
    pairs = {"ab": (-3.0, -0.5), "bc": (-2.0, -1.0)}
    model = Trigrams(pack(unigrams, {"c": -0.25}, pairs, {"abc": -7.0}))
    assert model["abc"] == pytest.approx(-7.0, abs=0.05)
    assert model["xbc"] == pytest.approx(-2.0, abs=0.05)
    assert model["abx"] == pytest.approx(-0.5 - 10.0, abs=0.05)
    assert model["bcx"] == pytest.approx(-1.0 - 0.25 - 10.0, abs=0.1)


def test_a_trigram_needs_its_pair() -> None:
    with pytest.raises(ValueError, match="not stored"):
        pack(bytes(65536 + 4096), {}, {}, {"abc": -1.0})


def test_a_foreign_binary_is_refused() -> None:
    with pytest.raises(ValueError, match="not a language model"):
        Trigrams(bytes(200))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), min_size=3, max_size=3))
def test_every_trigram_has_a_log_probability(text: str) -> None:
    assert -80 < trigrams()[text] <= 0


_CHARACTERS = st.characters(codec=None, exclude_categories=())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(_CHARACTERS, min_size=2, max_size=2), st.text(_CHARACTERS, max_size=5))
def test_characters_behind_two_others_weigh_as_much_together(pair: str, chars: str) -> None:
    model = trigrams()
    assert model.behind(pair, chars) == [model[pair + char] for char in chars]


@pytest.mark.parametrize("pair", ["it", "n ", "0\xa0", "数据", "ий", "\n\n", "e\U0001f600"])
def test_the_known_among_characters_are_those_that_follow(pair: str) -> None:
    model = trigrams()
    chars = "’“é中的の가ий٣５\xa0\U0001f600a"
    assert model.known(pair, chars) == {char for char, _ in model.followers(pair)} & set(chars)


def test_characters_are_sorted_by_frequency() -> None:
    assert trigrams().by_frequency("鍥éの") == ["の", "é", "鍥"]


def test_natural_text_is_likelier_than_its_damage() -> None:
    model = trigrams()
    assert model["“it"] > model["鈥渋t"[:3]]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Hund und die Katze sind nicht auf dem Dach von dem Haus.", "de"),
        ("The cat and the dog are not of the house that was to let.", "en"),
        ("Он не на столе, и как это его что с ней но", "ru"),
        ("今天的天气很好，我们出去走走吧。", "zh"),
    ],
)
def test_the_language_is_told_by_its_commonest_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nemůžu najít klíče", "cs"),
        ("Özv. Tűzkőné", "hu"),
        ("Travessa do Pátio, Leitão Guimarães", "pt"),
        ("utanför sju veckor på", "sv"),
    ],
)
def test_the_language_of_a_few_words_is_told_by_its_letters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_language_has_letters_of_its_own() -> None:
    letters = letters_of("hu")
    assert letters["ű"] > 0 > letters["ç"]
    assert letters_of("") == {}


@pytest.mark.parametrize(
    ("text", "left_open"),
    [
        ("He said “yes", "“"),
        ("He said “yes”", ""),
        ("Han sade ”ja", "”"),
        ("Han sade ”ja”", ""),
        ("Er sagte „ja“", ""),
        ("Han sagde »ja«", ""),
        ("f('x", "(‛"),
        ("don't", ""),
        ("‘12–15 May’", ""),
        ("‘It’s", "‘"),
        ("‘It’s a cat,’ he said", ""),
        ("彼は「はい", "「"),
        ("**bold*", "*"),
    ],
)
def test_a_closing_mark_closes_what_is_open(text: str, left_open: str) -> None:
    assert open_after(text) == left_open


def test_a_mark_that_closes_nothing_costs() -> None:
    assert paired("“", "”", "ys") == ("", 0.0)
    assert paired("", "”", "ys")[1] < 0
    assert paired("", "」", "ない")[1] < 0


def test_an_apostrophe_costs_nothing() -> None:
    assert paired("", "’", "in") == ("", 0.0)


def test_a_mark_that_is_never_closed_costs() -> None:
    assert unclosed("“") < unclosed("(") < 0 == unclosed("")


def test_the_lexicon_knows_the_words_it_was_made_of() -> None:
    words = [f"wörd{number}" for number in range(1000)]
    known = lexicon.Lexicon(lexicon.pack(words, 1000))
    assert all(word in known for word in words)


def test_the_lexicon_takes_few_other_words_for_known() -> None:
    known = lexicon.Lexicon(lexicon.pack([f"wörd{number}" for number in range(1000)], 1500))
    assert sum(f"öther{number}" in known for number in range(1000)) < 20


def test_long_words_that_are_known_weigh_more_than_short_ones() -> None:
    weights = [known_words().spelled(word) for word in ("für", "über", "können", "größer")]
    assert 0 < weights[0] < weights[1] < weights[2] == weights[3]


@pytest.mark.parametrize(
    ("word", "other"),
    [("łódź", "łódż"), ("Größe", "Größü"), ("просто", "пхосто"), ("선택한", "선택핝")],
)
def test_known_words_weigh_more(word: str, other: str) -> None:
    assert known_words().weight(word) > known_words().weight(other)


def test_the_words_of_the_document_are_known_too() -> None:
    assert known_words().weight("Żwrć", {"żwrć"}) > known_words().weight("Żwrć")


def test_words_without_letters_beyond_ascii_say_nothing() -> None:
    assert known_words().weight("plain words") == 0.0


def test_punctuation_behind_letters_of_east_asia_hangs_on_their_kind() -> None:
    kinds = {KIND_OF["能"] + " ": (0.0, 0.0)}
    model = Trigrams(pack(bytes([200]) * (65536 + 4096), {}, kinds, {KIND_OF["能"] + " -": -1.0}))
    assert model["栈 -"] == pytest.approx(-1.0, abs=0.05)
    assert model["a -"] < -10


@pytest.mark.parametrize("word", ["μέλι", "рядом", "เต่า", "שלום", "żółw"])
@pytest.mark.parametrize("mark", "!?…")
def test_punctuation_follows_letters_of_any_alphabet(word: str, mark: str) -> None:
    assert trigrams()[word[-2:] + mark] > -13


def test_what_follows_a_space_follows_one_that_is_never_broken() -> None:
    spaced, unbroken = trigrams()[", —"], trigrams()[",\xa0—"]
    assert unbroken > spaced - 1


def test_digits_of_one_kind_are_alike() -> None:
    assert trigrams()["١٫٢"] == trigrams()["٤٫٩"]


def test_all_digits_of_a_kind_may_follow() -> None:
    followers = {char for char, _ in trigrams().followers("١٫")}
    assert followers.issuperset("٠١٢٣٤٥٦٧٨٩")


def test_an_emoji_is_likelier_than_a_forgotten_script() -> None:
    assert trigrams()["p 😬"] > trigrams()["p 𐘬"] + 5


def test_what_may_follow_two_characters_is_listed() -> None:
    followers = trigrams().followers("中国")
    assert "人" in [char for char, _ in followers]
    assert not any(char.isascii() for char, _ in followers)


@pytest.mark.parametrize("context", ["中国", ", ", "он", "t’"])
def test_followers_have_the_weights_of_the_model_likeliest_first(context: str) -> None:
    followers = trigrams().followers(context)
    weights = [weight for _, weight in followers]
    assert weights == sorted(weights, reverse=True)
    assert all(
        weight == pytest.approx(trigrams()[context + char]) for char, weight in followers[:200]
    )


def test_a_quotation_mark_of_code_is_closed() -> None:
    assert unclosed(open_after("x = 'y")) < unclosed(open_after("rock 'n roll"))


def test_a_possessive_costs_less_than_another_apostrophe_at_the_end_of_a_word() -> None:
    assert settled("", "s", " ")[1] > settled("", "n", " ")[1]


def test_direct_speech_begins_with_the_dash_of_its_language() -> None:
    weights = habits("“”", "pt")
    assert weights["–"] > weights["—"]
    assert opening(weights, "pt")["—"] > opening(weights, "pt")["–"]


def test_a_language_with_one_dash_speaks_with_it() -> None:
    weights = habits("„“", "de")
    assert opening(weights, "de") == weights


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("а", "CYRILLIC"),
        ("ン", "KANA"),
        ("ﾝ", "KANA"),
        ("한", "HANGUL"),
        ("é", "LATIN"),
        ("々", ""),
        ("º", ""),
        ("’", ""),
        ("7", ""),
    ],
)
def test_letters_have_a_script(char: str, name: str) -> None:
    assert script(char) == name


def test_han_characters_are_told_by_the_charsets_that_have_them() -> None:
    assert len({script(char) for char in "国國人気"}) == 4


def test_few_letters_tell_no_script() -> None:
    assert scripts_of("né, à") is None


def test_a_script_that_is_not_there_is_unlikely() -> None:
    scripts = scripts_of("Все счастливые семьи")
    assert scripts is not None
    assert (scripts["CYRILLIC"], scripts["HANGUL"]) == (0.0, LEAST)


@pytest.mark.parametrize(
    ("context", "first", "last"),
    [(", ", "\u0400", "\u043f"), ("這個", "\u3000", "\u303f"), ("中国", "\u2000", "\u203f")],
)
def test_the_likeliest_follower_of_a_range_bounds_all_of_it(
    context: str, first: str, last: str
) -> None:
    model = trigrams()
    known = [weight for char, weight in model.followers(context) if first <= char <= last]
    assert known
    assert max(known) <= model.likeliest(context, first, last) + 1e-9


def test_common_emoji_are_likelier_than_others() -> None:
    assert picture("🙏") > picture("🙁") > PICTURE
    assert picture("❤") > PICTURE
    assert picture("🙍") == picture("a") == -math.inf


def test_emoji_are_beyond_what_letters_are() -> None:
    assert min(pictures()) >= FIRST_PICTURE
    assert all(PICTURE < weight < PICTURE / 2 for weight in pictures().values())


@pytest.mark.parametrize(
    ("context", "char", "weight"),
    [("n”", "t", STUCK), ("e❀", "r", STUCK), ("n’", "t", 0.0), ("ה”", "ל", 0.0), ("â”", "Ž", 0.0)],
)
def test_double_marks_and_symbols_are_not_inside_of_words(
    context: str, char: str, weight: float
) -> None:
    assert stuck(context, char) == weight


def test_no_quotation_mark_opens_behind_a_letter() -> None:
    assert paired("", "“", "ab")[1] < 0
    assert paired("", "“", "a ")[1] == 0
    assert paired("„", "“", "ab")[1] == 0


def test_turkish_capitals_are_known_by_their_small_letters() -> None:
    known = known_words()
    assert known.spelled("BÜYÜKŞEHİR") == known.spelled("büyükşehir") > 0


def test_words_with_cedillas_are_known() -> None:
    assert known_words().spelled("ţară") == known_words().spelled("țară") > 0


@pytest.mark.parametrize("word", ["wait—what", "thinking…", "the “door–window” side"])
def test_words_of_english_that_a_dash_joins_are_known(word: str) -> None:
    assert known_words().spelled(word) == lexicon.KNOWN[-1]


@pytest.mark.parametrize("word", ["xqzv—what", "wait—xqzv", "a—b", "9—what"])
def test_a_dash_makes_no_other_words_known(word: str) -> None:
    assert known_words().spelled(word) == 0
