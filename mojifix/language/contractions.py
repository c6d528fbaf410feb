"""Words that are written together: `don’t`, `l’homme`, `dell’arte`, `wait—what`.

They are few and common, and so tell what stands in the place of their apostrophe or dash.
"""

from __future__ import annotations

import re
from functools import cache

_VERBS = "do|ca|wo|is|are|was|were|did|does|have|has|had|could|would|should|must|need|ai"
_SUBJECTS = "i|you|we|they|he|she|it|that|this|there|what|who|where|how|here|let"
_QUE, _SUBJECTS_OF_QUE = "(?:jus|lors|puis|quel)?qu", "au|elles?|ils?|on|une?"
_ELIDING = f"[cdjlmnst]|{_QUE}|aujourd|un|[dn]ell|d?all|sull|quell"
_ELIDED = (
    "à|abord|accord|acqua|ai|ailleurs|altr[aeio]|amore|amour|anno|année|"
    "après|argent|arte?|autres?|avais|avait|avez|avoir|avons|eau|école|effet|église|elles?|enfants?|"
    "ensemble|entreprise|équipe|espace|esprit|essentiel|est|état|étai[st]|étaient|été|être|étude|"
    "exemple|heure|histoire|homme|hôtel|hui|humanité|œil|œuvre|opinion|ordine|ordre|origine"
)
"""Some of the commonest words of French and Italian before which others are elided."""


@cache
def contractions(letter: str, sign: str = "(?!)") -> re.Pattern[str]:
    """Return the pattern of contracted words of English, and elided ones of French and Italian.

    And of words that name an owner, Tom’s, where a sign stands in them. The group is what stands
    for the apostrophe: by the pattern of what is a letter in other words, and so is one before the
    commonest words only, or by that of what is none.
    """
    either = f"(?:{sign}|{letter})"
    return re.compile(
        rf"(?:(?<![^\W_])(?:(?i:(?:{_VERBS})n(?={either}t)|(?:{_SUBJECTS})"
        rf"(?={either}(?:s|re|ve|ll|d|m)(?![^\W_]))|(?:{_ELIDING})"
        rf"(?={sign}[^\W\d_]|{letter}(?:{_ELIDED})\b)|{_QUE}"
        rf"(?={letter}(?:{_SUBJECTS_OF_QUE})\b))|[DOdo](?={either}[A-Z][a-z]))"
        rf"|(?<=[a-z][a-z])(?={sign}s(?![^\W_])))({either})"
    )


@cache
def joined_by(signs: str, last: str = "") -> re.Pattern[str]:
    """Return the pattern of two words in ASCII that one of some signs joins: `wait—what`.

    The groups are the words, of three letters at least. Behind one of `last` there may be none.
    """
    end = f"|(?<=[{re.escape(last)}])(?![A-Za-z])" if last else ""
    return re.compile(
        rf"(?<![^\W_])([A-Za-z][a-z]{{2,20}})[{re.escape(signs + last)}]"
        rf"(?:(?=([a-z]{{3,20}})(?![^\W_])){end})"
    )
