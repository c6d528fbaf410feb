"""Documents with damage of several kinds: what one kind shows does not spoil another."""

from __future__ import annotations

from mojifix import damage, fix_text

HEBREW = "חג שמח לכולם — נתראה מחר."
LAO = "ຂ້ອຍຮັກເຈົ້າຫຼາຍໆ"


def test_a_legacy_channel_makes_no_text_of_utf_8_with_lost_bytes() -> None:
    damaged = damage(HEBREW, "cp1255>cp1252") + "\n" + damage(LAO, "utf-8>cp1252:drop")
    assert fix_text(damaged) == HEBREW + "\nຂ້ອ\ufffdຮັ\ufffdເຈົ້າຫຼາ\ufffdໆ"
