"""Ways in which the world writes a table: encoding, separator, numbers, signs, dates, languages of
headings; drawn by hypothesis, written here with nothing of the reader's.
"""

import csv
import datetime as dt
import io
import tomllib
from dataclasses import dataclass
from importlib import resources

from babel.dates import format_date
from hypothesis import assume
from hypothesis import strategies as st

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "gb18030", "cp932", "big5")
SEPARATORS = (";", ",", "\t", "|")
GROUPS = ("", ",", ".", "'", "’", " ", "\u00a0", "\u202f", "indian")
MONEY = ("{}", "{} €", "€{}", "€ {}", "EUR {}", "{} EUR")
SIGNS = ("-{}", "−{}", "{}-", "({})", "- {}", "{} DR")
DAYS = {
    "iso": lambda day: day.isoformat(),
    "iso and time": lambda day: f"{day.isoformat()}T10:20:30+08:00",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "dotted": lambda day: f"{day:%d.%m.%Y}",
    "day first": lambda day: f"{day:%d/%m/%Y}",
    "month first": lambda day: f"{day:%m/%d/%Y}",
    "month first, time": lambda day: f"{day.month}/{day.day}/{day.year} 9:05 PM",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "reiwa": lambda day: f"令和{day.year - 2018}年{day.month}月{day.day}日",
    "excel": lambda day: str((day - dt.date(1899, 12, 30)).days),
    **{
        f"named {language}": lambda day, language=language: format_date(day, "d MMMM y", language)
        for language in ("en", "de", "fr", "es", "it", "pt_BR", "nl", "pl", "tr", "ru", "id", "vi")
    },
    "american": lambda day: format_date(day, "MMM d, y", "en"),
}
MONTHS = {
    "iso": lambda day: f"{day:%Y-%m}",
    "slash": lambda day: f"{day.year}/{day.month}",
    "turned": lambda day: f"{day:%m/%Y}",
    "compact": lambda day: f"{day:%Y%m}",
    "chinese": lambda day: f"{day.year}年{day.month}月",
    "english": lambda day: format_date(day, "MMM y", "en"),
    "german": lambda day: format_date(day, "MMMM y", "de"),
    "french": lambda day: format_date(day, "MMM y", "fr"),
    "first day": lambda day: day.isoformat(),
}
WEEKS = {
    "iso": lambda day: "{}-W{:02d}".format(*day.isocalendar()[:2]),
    "range": lambda day: f"{day.isoformat()} - {(day + dt.timedelta(days=6)).isoformat()}",
    "german range": lambda day: f"{day:%d.%m.%Y} – {day + dt.timedelta(days=6):%d.%m.%Y}",
    "chinese": lambda day: "{}年第{}周".format(*day.isocalendar()[:2]),
    "monday": lambda day: day.isoformat(),
}
ASKED = {"day first": True, "month first": False, "month first, time": False}
"""Forms of days that only a day beyond the twelfth tells apart."""


def names(file):
    """Return the headings of each role that a file of data knows, without those that are a role's
    only as a part.
    """
    data = tomllib.loads(resources.files("funnel_sim").joinpath("data", file).read_text("utf-8"))
    return {
        role: [name.removeprefix("=") for name in some] for role, some in data["columns"].items()
    }


@dataclass(frozen=True)
class Dialect:
    """One way of writing: `decimal`, `group` (what parts thousands), `money` (where the currency
    stands), `sign` (of what is below zero), `day` (a key of `DAYS`).
    """

    encoding: str
    separator: str
    told: bool
    decimal: str
    group: str
    money: str
    sign: str
    day: str
    end: str

    def amount(self, cents):
        """Return an amount of so many cents as text."""
        text = f"{self._grouped(abs(cents) // 100)}{self.decimal}{abs(cents) % 100:02d}"
        text = self.money.format(text)
        return self.sign.format(text) if cents < 0 else text

    def count(self, number):
        """Return a number of things as text."""
        return self._grouped(number)

    def _grouped(self, whole):
        if self.group == "indian":
            digits, out = str(whole), []
            digits, last = digits[:-3], digits[-3:]
            while digits:
                digits, pair = digits[:-2], digits[-2:]
                out.insert(0, pair)
            return ",".join([*out, last])
        return f"{whole:,}".replace(",", self.group)

    def file(self, heads, rows):
        """Return the bytes of a table; a case in which they cannot be written so is not tried."""
        out = io.StringIO(newline="")
        if self.told:
            out.write(f"sep={self.separator}{self.end}")
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.end)
        writer.writerows([heads, *rows])
        try:
            return out.getvalue().encode(self.encoding)
        except UnicodeEncodeError:
            assume(False)
            raise


@st.composite
def dialects(draw):
    decimal = draw(st.sampled_from(".,"))
    group = draw(
        st.sampled_from(
            [one for one in GROUPS if one != decimal and not (one == "indian" and decimal == ",")]
        )
    )
    return Dialect(
        encoding=draw(st.sampled_from(ENCODINGS)),
        separator=draw(st.sampled_from(SEPARATORS)),
        told=draw(st.booleans()),
        decimal=decimal,
        group=group,
        money=draw(st.sampled_from(MONEY)),
        sign=draw(st.sampled_from(SIGNS)),
        day=draw(st.sampled_from(sorted(DAYS))),
        end=draw(st.sampled_from(["\n", "\r\n"])),
    )


def headings(draw, known, roles, encoding):
    """Return a heading of each role that the encoding can write, of one script where there are
    such.
    """
    latin = draw(st.booleans())

    def fits(name):
        try:
            name.encode(encoding)
        except UnicodeEncodeError:
            return False
        return name.isascii() is latin or (
            latin
            and name.encode("cp1252", "ignore") == name.encode("latin-1", "ignore")
            and len(name.encode("latin-1", "ignore")) == len(name)
        )

    out = []
    for role in roles:
        some = [name for name in known[role] if fits(name)]
        assume(some)
        out.append(draw(st.sampled_from(some)))
    assume(len({one.lower() for one in out}) == len(out))
    return [one.title() if one.isascii() and draw(st.booleans()) else one for one in out]
