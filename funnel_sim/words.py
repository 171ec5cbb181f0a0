"""Words in two languages: the pair that a declaration carries, and the catalogues of sentences.

Two homes for words, one rule: a word that belongs to one field, line or metric stands beside its
declaration as `Words`; a sentence of the product (screen, message, report) stands in
`locales/en.toml` and `locales/zh.toml` under the same key. `tests/test_words.py` holds both to
completeness.
"""

import re
import string
import tomllib
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


class Words(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        """Return the words in one language.

        >>> Words("售价", "Price").of("zh")
        '售价'
        """
        return self.zh if lang == "zh" else self.en


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return every sentence of one language, keyed `section.name`."""
    text = resources.files("funnel_sim").joinpath("locales", f"{lang}.toml").read_text("utf-8")
    flat: dict[str, str] = {}

    def walk(prefix: str, node: dict[str, object]) -> None:
        for key, value in node.items():
            name = f"{prefix}.{key}" if prefix else key
            if isinstance(value, dict):
                walk(name, cast("dict[str, object]", value))
            else:
                flat[name] = str(value)

    walk("", tomllib.loads(text))
    return flat


class _Numbered(string.Formatter):
    """Fills in sentences whose words depend on a number: one or many."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, parted, many = format_spec.partition("|")
        if parted:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_NUMBERED = _Numbered()


_BOUNDED = re.compile(r"概率(?:为|是|只有)? ?(\**)(不到|超过)")
"""A probability that is only bounded: "概率为" and "不到" do not go together."""


def say(lang: Lang, key: str, **parts: object) -> str:
    """Return a sentence of the catalogue with its parts filled in.

    Args:
        lang: "zh" or "en".
        key: the key of the sentence; in it, "{months:month|months}" stands for the word that fits
            the number.
        **parts: what the sentence names in braces.

    Returns:
        The sentence.

    Raises:
        KeyError: if the catalogue does not hold the key, or a part is missing.

    Examples:
        >>> say("en", "rule.above", limit="0")
        'must be above 0'
        >>> say("en", "unit.days", value=1), say("en", "unit.days", value="2,000")
        ('1 day', '2,000 days')
        >>> say("zh", "kpi.verdict_one", odds="不到 0.02%")  # a bound needs no verb
        '达标概率不到 0.02%。'
    """
    sentence = catalogue(lang)[key]
    made = _NUMBERED.vformat(sentence, (), parts) if "|" in sentence else sentence.format(**parts)
    return _BOUNDED.sub(r"概率\1\2", made) if lang == "zh" else made
