"""The promises, on text of every kind."""

from __future__ import annotations

import gc
import itertools
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mojifix
from mojifix.charsets.damage import through
from mojifix.charsets.registry import UNICODE, channels
from mojifix.repair.decode.propose import candidates
from mojifix.repair.proof import holds

SEEDY = st.text(alphabet="“”‘’—…éüñ 鈥渋檚茅脙Ã©â€™œab.,?\ufffd\xa0\x80\x9d\n\"'")
ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()))
LOSSLESS = [channel for channel in mojifix.channels() if not channel.loss]
LEGACY = sorted((one for one in LOSSLESS if one.written_as not in UNICODE), key=str)
WRITTEN = """
тысяч завершить «герой» ЁЛКА підʼїзд Ћирилица Ünsüz yoğurt café œil Straße łódź žluťoučký
képernyőkre «déjà» 12 £3 ελλάδα Έξοδος שלום مرحبا สวัสดี tiếng 中文字符 简体，繁體 日本語の テスト。
ｶﾅ 한국어 ㅋㅋ
"""


@cache
def damaged(channel: mojifix.Channel) -> list[str]:
    """Return those words that go through a channel, with what may stand around them."""
    around = itertools.product(("", '"', "\xa0"), WRITTEN.split(), " \t\n\xa0\x85,")
    return list(filter(None, (through("".join(word), channel) for word in around)))


DAMAGED = st.sampled_from(sorted(mojifix.channels(), key=str)).flatmap(
    lambda channel: st.lists(st.sampled_from(damaged(channel))).map("".join)
)
TEXTS = st.one_of(SEEDY, ANY, DAMAGED, st.lists(st.one_of(SEEDY, ANY, DAMAGED)).map("".join))

quick = settings(
    max_examples=70, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@quick
@given(TEXTS)
def test_every_repair_is_proven(text: str) -> None:
    for repair in mojifix.repair(text).repairs:
        assert text[repair.start : repair.end] == repair.before
        after = repair.alternatives[0][0] if repair.kind == "undecided" else repair.after
        assert holds(after, repair.before, repair.layers, text[repair.end : repair.end + 1])


@quick
@given(TEXTS)
def test_a_second_run_finds_nothing(text: str) -> None:
    once = mojifix.fix_text(text)
    assert mojifix.fix_text(once) == once


@pytest.mark.parametrize("channel", LEGACY, ids=str)
def test_words_out_of_legacy_charsets_are_repaired_once(channel: mojifix.Channel) -> None:
    """Whatever spaces they have: U+00A0 is a letter in other charsets."""
    some = random.Random(str(channel))
    for count in (2, 3, 4, 5, 6):
        once = mojifix.fix_text("".join(some.choices(damaged(channel), k=count)))
        assert mojifix.fix_text(once) == once


@quick
@given(TEXTS)
def test_the_result_is_the_original_with_its_spans_replaced(text: str) -> None:
    result = mojifix.repair(text)
    parts, at = [], 0
    for repair in result.repairs:
        assert repair.start >= at
        parts += [text[at : repair.start], repair.after]
        at = repair.end
    assert "".join([*parts, text[at:]]) == result.text
    assert result.original is text
    assert result.text == mojifix.fix_text(text)
    assert bool(result.repairs) == (result.text is not text)


@quick
@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_the_same_object(text: str) -> None:
    assert mojifix.fix_text(text) is text


@quick
@given(TEXTS, st.sampled_from(LOSSLESS))
def test_damage_leaves_ascii_alone(text: str, channel: mojifix.Channel) -> None:
    try:
        damaged = mojifix.damage(text, channel)
    except ValueError:
        return
    assert all(ord(a) < 128 for a in damaged) == text.isascii()


@quick
@given(TEXTS)
def test_without_restoring_no_byte_is_inferred(text: str) -> None:
    result = mojifix.repair(text, mojifix.Policy(restore=False))
    assert all(repair.lost == 0 for repair in result.repairs)


@pytest.mark.parametrize("text", ["menu.file=拽讜讘抓", "縺ｰ螟芽ｪｬ譏", "cafÃ©", "plain", "é"])
def test_there_is_one_result_however_it_is_asked_for(text: str) -> None:
    assert mojifix.fix_text(text) == mojifix.repair(text).text


def test_lone_surrogates_and_nul_are_text() -> None:
    text = "\ud800\x00Ã©t\udfff"
    assert mojifix.repair(text).original is text


HAN = random.Random(1)
ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "鈥": lambda n: "鈥" * n,
    "Ã": lambda n: "Ã" * n,
    "鈥?": lambda n: "鈥?" * (n // 2),
    "Han": lambda n: "".join(chr(HAN.randrange(0x4E00, 0x9FA5)) for _ in range(n)),
    "base64": lambda n: "The mill鈥檚 wheel " + "QUJD" * (n // 4),
    "base64 at a letter": lambda n: f"ab {'QUJD' * (n // 2)}Ăé cd é",
    "words that gain": lambda n: "âé;" * n,
    "rests of letters in one word": lambda n: f"x{n} {'(驴a' * n}"[:n],
    "scripts in one word": lambda n: "/".join(f"файлfile{n + i}имяname" for i in range(n // 18)),
    "spaces behind a word of the topic": lambda n: (
        f"charset{' ' * n}x La forÃªt Ã©tÃ© dÃ©jÃ\xa0 vu"
    ),
    "tags that nothing closes": lambda n: f"{'<meta' * (n // 5)} utf La forÃªt Ã©tÃ© dÃ©jÃ\xa0 vu",
    "U+FFFD": lambda n: "\ufffd" * n,
    "a rule before letters apart": lambda n: "-" * n + "Ã© T Í T U L O",
    "empty cells": lambda n: "Ã©t" + "," * n + "Ã©t",
    "one line": lambda n: "Le cafÃ� " + "était fermé à l’été, " * (n // 21),
}


SIZES = {
    "鈥": (1_600, 13_000),
    "鈥?": (1_600, 13_000),
    "Ã": (2_500, 20_000),
    "Han": (8_000, 24_000),
}
"""Characters of a shorter and a longer text. Fewer random characters seldom show anything."""


COSTLY = ("Han", "base64 at a letter", "scripts in one word")
"""Those that take some seconds."""


def seconds(text: str) -> float:
    start = time.perf_counter()
    mojifix.repair(text)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.slow] * (kind in COSTLY)) for kind in ADVERSARIAL],
)
def test_time_is_linear(kind: str) -> None:
    seconds(ADVERSARIAL[kind](300))
    # What is found for the words of a text is remembered, so the second one may be faster.
    short = max(seconds(ADVERSARIAL[kind](size)) for size in (3000, 3002))
    assert seconds(ADVERSARIAL[kind](12_000)) < 8 * short + 0.2


# What random characters show by chance decides how far they are looked into: a damaged word does.
LONGER = {
    **{kind: (make, 40_000 // len(kind[0].encode())) for kind, make in ADVERSARIAL.items()},
    "Han": (
        lambda n: "\n".join("鈥淚t鈥檚 " + ADVERSARIAL["Han"](100) for _ in range(n // 100)),
        8_000,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LONGER)
def test_longer_text_is_linear(kind: str) -> None:
    make, characters = LONGER[kind]
    seconds(make(characters // 8 + 2))
    short, long = seconds(make(characters // 8)), seconds(make(characters))
    # What the longer text teaches about itself can cost it a second pass; quadratic time would be
    # 64 times as long.
    assert long < 20 * short + 0.5


def test_repairing_leaves_nothing_to_the_garbage_collector() -> None:
    texts = [
        "鈥淚t鈥檚 late鈥, she said. He didn鈥檛 answer.",
        "Ð¿Ñ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€",
        "Ã¢â‚¬â€œ yes",
    ]
    for text in texts:
        mojifix.repair(text)  # what is loaded once
    gc.collect()
    gc.disable()
    try:
        for text in texts:
            mojifix.repair(text + " Â£5")
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_what_leaves_damage_that_cannot_be_proven_with_it_is_no_repair() -> None:
    once = mojifix.fix_text("\udcff„Щ„„Х„У„\udca9\udce2Ѐ\udc9e\udce2")
    assert mojifix.fix_text(once) == once


def test_what_completes_a_lost_character_is_told_from_what_stands_behind_it() -> None:
    assert mojifix.repair("憭拐餃渲眺").repairs


def test_findings_never_overlap() -> None:
    found = mojifix.repair("Ыйбековой Х. Ж., ул. уЯЕЪЦЙОУЛБС, Д. 22, ЛЧ. 6, уБОЛФ-рЕФЕТВХТЗ")
    spans = sorted((one.start, one.end) for one in (*found.repairs, *found.suspected))
    assert len(spans) > 1
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_threads_find_what_one_finds() -> None:
    texts = [
        mojifix.damage(f"Élève {number} à l’école, {word}", channel)
        for number, word in enumerate(("été", "œuvre", "naïf", "forêt"))
        for channel in ("utf-8>cp1252", "utf-8>cp1251", "utf-8>gbk:drop", "cp1252>cp850")
    ]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(mojifix.fix_text, texts))
    assert found == list(map(mojifix.fix_text, texts))


def test_aligning_what_ftfy_answers_takes_time_in_proportion() -> None:
    def took(count: int) -> float:
        start = time.perf_counter()
        list(candidates("Ã©;é;" * count, channels()))
        return time.perf_counter() - start

    took(90)
    assert took(320) < 8 * took(80) + 0.1
