"""Chance from a seed, and the values that programs stumble over."""

import random
from collections.abc import Sequence
from typing import Any

MARKDOWN = (
    "**bold** [a](javascript:alert(1)) <b>x</b> $\\frac{1}{0}$",
    "| a | b |\n|---|---|\n# h",
    ":red[x] :material/add: `code`",
    "{0} {name} %s {",
    "=1+1",
    "@SUM(A1)",
)
TEXTS = (
    "",
    " ",
    "\ud800",
    "a\udfffb",
    "\x00",
    "a\nb\r\nc",
    "\u202eabc",
    "é" * 200,
    "é" * 201,
    "x" * 100_000,
    "../../../etc/x",
    "CON",
    "𝔘nicode 😀",
    "店铺",
    "'\"\\",
    "\x1b[31m",
    "<!--",
    "\ufeff",
    "0",
    "1e5",
    "true",
    "null",
    *MARKDOWN,
)
NUMBERS: tuple[Any, ...] = (
    0,
    0.0,
    -0.0,
    1,
    1.0,
    -1.0,
    0.5,
    2,
    1e-300,
    5e-324,
    1e-100,
    1e-12,
    1e-9,
    1 - 1e-9,
    1 - 1e-16,
    1 + 1e-9,
    35,
    36,
    37,
    120,
    121,
    1e6,
    1e9,
    1e12,
    1.000001e12,
    1e15,
    2**53 + 1,
    2**63,
    2**64,
    1e100,
    1e308,
    -1e308,
    10**400,
    -(10**400),
    float("nan"),
    float("inf"),
    float("-inf"),
)
SHAPES: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    [1],
    ["a"],
    {"a": 1},
    {"dist": None},
    {"dist": "pert"},
    {"dist": []},
    {"dist": "cauchy"},
    {"low": 1, "high": 2},
    [{}],
    [{"id": "a"}],
    "@deep@",
    "@wide@",
)


class Luck(random.Random):
    """Draws that depend on their seed alone, on every machine."""

    def odds(self, p: float) -> bool:
        """Return True in a share p of draws."""
        return self.random() < p

    def one(self, choices: Sequence[Any]) -> Any:
        """Return one of some choices."""
        return choices[self.randrange(len(choices))]

    def wide(self, low: float, high: float) -> float:
        """Return a number between two positive ends, every factor as likely."""
        return float(low * (high / low) ** self.random())

    def hostile(self) -> Any:
        """Return a value that no field, or hardly any, should take."""
        pick = self.random()
        if pick < 0.5:
            return self.one(NUMBERS)
        return self.one(TEXTS) if pick < 0.7 else self.one(SHAPES)

    def damaged(self, content: bytes) -> bytes:
        """Return bytes with one to four things done to them: cut, changed, put in, taken out,
        doubled.
        """
        out = bytearray(content)
        for _ in range(self.randint(1, 4)):
            at, end = sorted((self.randint(0, len(out)), self.randint(0, len(out))))
            match self.randrange(6):
                case 0 if self.odds(0.3):
                    del out[at:]
                case 1 if out:
                    out[min(at, len(out) - 1)] = self.randrange(256)
                case 2:
                    out[at:at] = self.one(
                        (
                            b"\x00",
                            b"\xff",
                            b"\xef\xbb\xbf",
                            b"\xed\xa0\x80",
                            b'"',
                            b"[" * 20_000,
                            b"{}",
                            b"9" * 400,
                            b"\n",
                            b",",
                            b";",
                            b"\xc3\x28",
                        )
                    )
                case 3:
                    del out[at : min(end, at + self.randint(1, 40))]
                case 4:
                    out[at:at] = out[at : min(end, at + 60)]
                case _ if len(out) > 1:
                    out[self.randrange(len(out))] ^= 1 << self.randrange(8)
        return bytes(out)
