"""The one exception type of the core: what was wrong with which field, said in two languages."""

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from funnel_sim.words import Lang, Words, say

_JOINER = "\u2060"
_LONGEST_VALUE = 60
# Python refuses to convert integers of more than 4,300 digits to text
_LONGEST_WHOLE = 10**_LONGEST_VALUE
_DIGITS_A_BIT = 0.30102999566
_WHY_NO_FILE = {
    errno.ENOENT: "absent",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "below_file",
    errno.EEXIST: "below_file",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EROFS: "forbidden",
    errno.ENAMETOOLONG: "long_name",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input.

    `where` is the field's path ("product.price") or the file, link or parameter; `value` what was
    given; `rule` a key below `rule.` in the catalogues; `parts` what that sentence needs; `label`
    the field's name in words, where it has one.
    """

    where: str
    value: object
    rule: str
    parts: Mapping[str, object] = field(default_factory=dict)
    label: Words | None = None

    def sentence(self, lang: Lang) -> str:
        """Return in one line which field, which value, and which rule."""
        parts = {k: v.of(lang) if isinstance(v, Words) else v for k, v in self.parts.items()}
        rule = say(lang, f"rule.{self.rule}", **parts)
        name = self.label.of(lang) if self.label else ""
        path = shorten(self.where)
        where = say(lang, "problem.where", label=name, path=path) if name else path
        if self.value is None:
            return say(lang, "problem.no_value", where=where, rule=rule)
        return say(lang, "problem.value", where=where, value=shorten(self.value), rule=rule)

    def short(self, lang: Lang, beside: str) -> str:
        """Return the value and the rule in a full sentence that stands beside a field.

        Args:
            lang: "zh" or "en".
            beside: the path of that field; a problem of another field names it in words.
        """
        parts = {k: v.of(lang) if isinstance(v, Words) else v for k, v in self.parts.items()}
        rule = say(lang, f"rule.{self.rule}", **parts)
        told = (
            rule
            if self.value is None
            else say(lang, "problem.beside", value=shorten(self.value), rule=rule)
        )
        other = (
            self.label is not None
            and self.where != beside
            and not self.where.startswith(f"{beside}.")
        )
        return (
            say(lang, "problem.other", name=self.label.of(lang), told=told)
            if other and self.label
            else say(lang, "problem.full", told=told)
        )


class InputError(ValueError):
    """Raised for every input the product refuses; holds all problems found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("; ".join(self.sentences("en")))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Problem, ...]]]:
        """Return what makes it again in another process."""
        return type(self), (self.problems,)

    def sentences(self, lang: Lang) -> list[str]:
        """Return one sentence per problem in `lang`."""
        return [problem.sentence(lang) for problem in self.problems]


def refuse(where: str, value: object, rule: str, **parts: object) -> InputError:
    """Return an InputError with a single problem, to be raised by the caller.

    Args:
        where: the path of the field, or the file, link or parameter.
        value: what was given; None where no value is to be shown.
        rule: a key below `rule.` in the catalogues.
        **parts: what the sentence of the rule needs.

    Examples:
        >>> refuse("product.price", -1, "above", limit="0").sentences("en")
        ['product.price: -1 — must be above 0']
    """
    return InputError([Problem(where, value, rule, parts)])


def refuse_file(where: str, error: OSError | ValueError, rule: str) -> InputError:
    """Return an InputError for a file that cannot be read or written, the reason in our words: what
    the system says is in the language of the system.

    Args:
        where: its name or place.
        error: what the system raised; a ValueError where the name can be no file's.
        rule: "file_missing" for reading, "file_unwritten" for writing.

    Examples:
        >>> error = FileNotFoundError(errno.ENOENT, "No such file or directory")
        >>> refuse_file("a.json", error, "file_missing").sentences("en")
        ['a.json: cannot be read: there is no such file or folder']
    """
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    why = _WHY_NO_FILE.get(number or 0, "other" if isinstance(error, OSError) else "no_name")
    reason = Words(say("zh", f"rule.file_why_{why}"), say("en", f"rule.file_why_{why}"))
    return refuse(where, None, rule, reason=reason)


def shorten(value: object) -> str:
    """Return a value as short text for a message: one line, at most 60 characters, each of which
    can be written and read.

    >>> shorten("a" + chr(10) + "b"), shorten(chr(0xD800))[1:], shorten(10**5000)
    ('a b', 'ud800', '≈10^5000')
    >>> shorten(chr(0x2212) + chr(0x2060) + "300")
    '−300'
    """
    if isinstance(value, int) and abs(value) > _LONGEST_WHOLE:
        value = f"{'-' if value < 0 else ''}≈10^{round(abs(value).bit_length() * _DIGITS_A_BIT)}"
    text = " ".join((value if isinstance(value, str) else repr(value)).split())
    text = text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
    shown = text.replace(_JOINER, "")  # it only keeps a minus and its number on one line
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in shown)
