"""Files that a command writes: which ones were asked for, and where they lie."""

from collections.abc import Collection
from pathlib import Path

from funnel_sim.errors import refuse, refuse_file


def asked(formats: str, known: Collection[str]) -> list[str]:
    """Return the formats that a command is asked for, all of them where it names none.

    Args:
        formats: their names, parted by commas.
        known: the names that there are.

    Returns:
        The names, in the order asked for.

    Raises:
        InputError: for one that there is not.

    >>> asked("pdf, html", ("html", "pdf")), asked("", ("html", "pdf"))
    (['pdf', 'html'], ['html', 'pdf'])
    """
    kinds = [one.strip() for one in formats.split(",") if one.strip()]
    for kind in kinds:
        if kind not in known:
            raise refuse("formats", kind, "choice", allowed=", ".join(known))
    return kinds or list(known)


def written(place: Path, content: bytes) -> str:
    """Write a file, its folder too.

    Args:
        place: where it is to lie; what lies there is replaced.
        content: its bytes.

    Returns:
        The place as text, to be printed.

    Raises:
        InputError: where it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    except (OSError, ValueError) as error:
        raise refuse_file(str(place), error, "file_unwritten") from None
    return str(place).encode("utf-8", "backslashreplace").decode()
