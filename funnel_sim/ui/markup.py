"""Text in Streamlit's Markdown: what is ours keeps its marks, what was typed loses them."""

_TYPED = frozenset("\\*_[]`#<>:")
_SIGNS = frozenset("$~")


def _without(text: str, marks: frozenset[str]) -> str:
    return "".join(f"\\{one}" if one in marks else one for one in text)


def said(text: str) -> str:
    r"""Return a sentence of ours with its amounts and ranges as they are: no formula, nothing struck out.

    >>> said("**$5** ~ $7")
    '**\\$5** \\~ \\$7'
    """
    return _without(text, _SIGNS)


def typed(text: str) -> str:
    r"""Return a name that was typed, to stand inside a sentence that goes through `said`: nothing of it is read as markup.

    >>> typed(":red[*a*]")
    '\\:red\\[\\*a\\*\\]'
    """
    return _without(text, _TYPED)


def literal(text: str) -> str:
    """Return text that stands alone, of which Markdown changes nothing."""
    return _without(text, _TYPED | _SIGNS)
