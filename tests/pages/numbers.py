"""The number fields of a page under test: one helper finds them, reads them and types into them."""

from dataclasses import dataclass

from streamlit.testing.v1 import AppTest


@dataclass
class Box:
    """One number field: its label, its key, the number that stands in it; `set_value` types one."""

    test: AppTest
    key: str
    label: str

    @property
    def value(self) -> float | None:
        """Return the number that stands in the box."""
        text = str(self.test.text_input(key=self.key).value or "").replace(",", "")
        return float(text) if text else None

    @property
    def text(self) -> str:
        """Return what stands in the box."""
        return str(self.test.text_input(key=self.key).value or "")

    def type(self, text: str) -> AppTest:
        """Type a text and leave the box."""
        return self.test.text_input(key=self.key).set_value(text).run()

    def set_value(self, value: float | None) -> "Box":
        """Type a plain number; `run` then draws the page, and says that it is meant where it is
        asked about.
        """
        self.test.text_input(key=self.key).set_value("" if value is None else f"{value:.12g}")
        self._meant = value
        return self

    def run(self) -> AppTest:
        """Draw the page with what was typed."""
        test = self.test.run()
        meant = f"{self._meant:,.12g}" if self._meant is not None else ""
        asked = [
            one
            for one in test.button
            if str(one.key).startswith(f"{self.key}:ask:") and not str(one.key).endswith("keep")
        ]
        if asked:
            test = (
                next((one for one in asked if meant in one.label.replace("\\", "")), asked[-1])
                .click()
                .run()
            )
        return test


def numbers(test: AppTest) -> list[Box]:
    """Return the number fields of a page, in the order in which they stand on it."""
    # AppTest has no `get`
    known = test.session_state["numbers"] if "numbers" in test.session_state else {}
    return [Box(test, one.key, one.label) for one in test.text_input if one.key in known]


def type_number(test: AppTest, key: str, text: str) -> AppTest:
    """Type a text into the number field whose key ends so."""
    return next(box for box in numbers(test) if box.key.endswith(key)).type(text)
