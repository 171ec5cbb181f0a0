"""A parser that says in one sentence, in the language that is asked for, what is wrong with a
command line.
"""

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from funnel_sim.errors import refuse, shorten
from funnel_sim.words import LANGS, Lang, say

WRONG_INPUT = 2
_KINDS = {
    "needed": re.compile(r"the following arguments are required: (?P<what>.*)", re.DOTALL),
    "unknown": re.compile(r"unrecognized arguments: (?P<what>.*)", re.DOTALL),
    "ambiguous": re.compile(r"ambiguous option: (?P<what>.*) could match (?P<known>.*)", re.DOTALL),
    "no_value": re.compile(r"argument (?P<what>.*): ignored explicit argument .*", re.DOTALL),
    "value": re.compile(r"argument (?P<what>.*): expected (at least )?one argument", re.DOTALL),
    "values": re.compile(r"argument (?P<what>.*): expected (?P<n>\d+) arguments", re.DOTALL),
}
"""What argparse says itself, by the key of our sentence; what is none of these stays as it is."""


def lang_of(arguments: Sequence[str]) -> Lang:
    """Return the language that a command line asks for, also where the rest of it is wrong.

    Args:
        arguments: what stands behind the program's name.

    Examples:
        >>> lang_of(["kpi", "--lang", "zh"]), lang_of(["--lang=zh"]), lang_of(["kpi", "--lang"])
        ('zh', 'zh', 'en')
    """
    found: Lang = "en"
    for place, one in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        for lang in LANGS:
            if one == f"--lang={lang}" or (one == "--lang" and following == lang):
                found = lang
    return found


class Parser(argparse.ArgumentParser):
    """A parser whose refusals are the product's own; `lang` is set before it reads."""

    lang: Lang = "en"

    def error(self, message: str) -> NoReturn:
        """End with exit code 2.

        Args:
            message: what argparse says.
        """
        told = message
        for key, pattern in _KINDS.items():
            found = pattern.fullmatch(message)
            if found:
                parts = {name: shorten(value) for name, value in found.groupdict().items()}
                told = say(self.lang, f"command_line.{key}", **parts)
        self._end(told)

    def _end(self, told: str) -> NoReturn:
        self.exit(WRONG_INPUT, say(self.lang, "command_line.wrong", prog=self.prog, told=told))

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """Return a value as its option's type makes it; end where it is no such number."""
        kind = self._registry_get("type", action.type, action.type)
        try:
            return kind(arg_string)
        except ValueError:
            rule = "whole" if kind is int else "plain_number"
            self._end(refuse(_name(action), arg_string, rule).sentences(self.lang)[0])

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the values of an option; end where it has none: argparse takes `--x=--` for it."""
        found = super()._get_values(action, arg_strings)
        if action.nargs in (None, "+") and isinstance(found, list) and not found:
            self._end(say(self.lang, "command_line.value", what=_name(action)))
        return found

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """End where a value is none of an option's choices."""
        if action.choices is not None and value not in action.choices:
            known = ", ".join(str(one) for one in action.choices)
            wrong = refuse(_name(action), value, "choice", allowed=known)
            self._end(wrong.sentences(self.lang)[0])


def _name(action: argparse.Action) -> str:
    """Return what an option or argument is called on the line."""
    return (action.option_strings or [str(action.metavar or action.dest)])[-1]
