"""Streams of an OLE2 compound file, the container of .xls workbooks (MS-CFB): each chain of sectors
is followed once, so that no file takes more memory than its own size.
"""

import struct
from itertools import islice

import numpy as np

_FREE, _END, _LAST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFA
_ENTRY = 128  # bytes of an entry of the directory
_HEADER = 512  # bytes, of which the list of sectors takes the last 109 numbers
_MOST_ENTRIES = 10_000


class DamagedError(Exception):
    """The file's own lists of its sectors contradict each other."""


class Compound:
    """The streams of a compound file by name, as `Compound(content)["Workbook"]`."""

    def __init__(self, content: bytes):
        """Read the header and the directory.

        Args:
            content: the whole file.

        Raises:
            DamagedError: where a chain of sectors leaves the file or comes back to itself.
        """
        if len(content) < _HEADER:
            raise DamagedError
        self._content = content
        shift, self._small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or self._small_shift != 6:
            raise DamagedError
        self._size = 1 << shift
        first_entry, _, self._small_below, first_small = struct.unpack_from("<IIII", content, 48)
        lists = list(struct.unpack_from("<109I", content, 76))
        more, count = struct.unpack_from("<II", content, 68)
        sectors = len(content) // self._size + 1
        seen: set[int] = set()
        while more < _LAST and len(seen) <= count:
            if more in seen or more >= sectors:
                raise DamagedError
            seen.add(more)
            part = np.frombuffer(self._sector(more), "<u4")
            lists += part[:-1].tolist()
            more = int(part[-1])
        named = [one for one in lists if one < _LAST]
        if len(named) > sectors or len(set(named)) != len(named):
            raise DamagedError
        self._next = np.frombuffer(b"".join(self._sector(one) for one in named), "<u4")
        directory = self._chain(first_entry)
        self._entries: dict[str, tuple[int, int]] = {}
        self._small = b""
        for at in islice(range(0, len(directory) - _ENTRY + 1, _ENTRY), _MOST_ENTRIES):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            name = directory[at : at + min(64, max(0, length - 2))].decode("utf-16-le", "ignore")
            start, size = struct.unpack_from("<II", directory, at + 116)
            if kind == 5:  # the root, which holds the small streams
                self._small = self._chain(start)[:size]
            elif kind == 2:
                self._entries.setdefault(name.lower(), (start, size))
        self._small_next = np.frombuffer(self._chain(first_small), "<u4")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def __getitem__(self, name: str) -> bytes:
        """Return a stream's bytes.

        Raises:
            DamagedError: where its chain of sectors leaves the file or comes back to itself.
        """
        start, size = self._entries[name.lower()]
        if size >= self._small_below:
            return self._chain(start)[:size]
        places = _followed(start, self._small_next, len(self._small) // 64 + 1)
        return b"".join(self._small[one * 64 : one * 64 + 64] for one in places)[:size]

    def _sector(self, place: int) -> bytes:
        start = (place + 1) * self._size
        if start >= len(self._content):
            raise DamagedError
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        places = _followed(start, self._next, len(self._content) // self._size + 1)
        return b"".join(self._sector(one) for one in places)


def _followed(start: int, following: np.ndarray, most: int) -> list[int]:
    """Return the sectors of a chain, at most so many; more means that it comes back to itself."""
    out: list[int] = []
    links = following.tolist()
    while start < _LAST:
        if start >= len(links) or len(out) >= most:
            raise DamagedError
        out.append(start)
        start = links[start]
    return out
