"""The container of .xls workbooks, written sector by sector: where each stream lies, and that no
chain of sectors leads out of the file or round in it.
"""

import struct

import pytest

from funnel_sim.evidence.tables.compound import Compound, DamagedError

FREE, END, LISTS, MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def entry(name, kind, start, size):
    """An entry of the directory: 64 bytes of name, its length with the end, its kind, and where its
    stream begins and how long it is.
    """
    text = name.encode("utf-16-le")
    made = text.ljust(64, b"\0") + struct.pack("<HB", len(text) + 2 if name else 0, kind)
    return made.ljust(116, b"\0") + struct.pack("<II", start, size) + b"\0" * 4


def container(
    sectors, follows, entries, *, shift=9, small=END, below=4096, more=END, count=0, lists=None
):
    """A file whose first sectors are the list of what follows each sector and the directory.

    Args:
        sectors: the bytes of the sectors from the third on.
        follows: what follows each of those, counted from the first sector of the file.
        entries: of the directory.
        shift: of the size of a sector: 2 to the power of it.
        small: the first sector of the list for small streams.
        below: bytes from which a stream is no small one.
        more: where the list of lists goes on, and in how many sectors.
        count: see `more`.
        lists: the sectors that hold what follows; the first one if nothing is said.
    """
    size = 1 << shift
    lists = [0] if lists is None else lists
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + struct.pack("<HH", shift, 6)
    head = head.ljust(48, b"\0") + struct.pack("<IIII", 1, 0, below, small)
    head = head.ljust(68, b"\0") + struct.pack("<II", more, count)
    head += struct.pack("<109I", *lists, *[FREE] * (109 - len(lists)))
    table = struct.pack(f"<{len(follows) + 2}I", LISTS, END, *follows)
    parts = [table.ljust(size, b"\xff"), b"".join(entries).ljust(size, b"\0"), *sectors]
    return head.ljust(size, b"\0") + b"".join(one.ljust(size, b"\0") for one in parts)


ROOT = entry("Root Entry", 5, END, 0)


@pytest.mark.parametrize("shift", [9, 12])
def test_a_stream_is_its_sectors_in_their_order_and_no_longer_than_it_says(shift):
    size = 1 << shift
    # the third sector of the file (2) is followed by the fifth (4), that by the fourth (3)
    found = Compound(
        container(
            [b"a" * size, b"c" * size, b"b" * size],
            [4, END, 3],
            [ROOT, entry("Workbook", 2, 2, 2 * size + 5)],
            shift=shift,
            below=size,
        )
    )
    assert found["Workbook"] == b"a" * size + b"b" * size + b"c" * 5
    assert "workbook" in found and "WORKBOOK" in found and "Book" not in found
    assert found["wOrKbOoK"] == found["Workbook"]


def test_a_stream_at_the_limit_is_no_small_one():
    size = 512
    made = container([b"x" * size], [END], [ROOT, entry("Book", 2, 2, size)], below=size)
    assert Compound(made)["Book"] == b"x" * size


def test_small_streams_lie_in_pieces_of_64_bytes_in_the_stream_of_the_root():
    pieces = b"a" * 64 + b"b" * 64 + b"c" * 64
    follow = struct.pack("<3I", 2, END, 1).ljust(512, b"\xff")  # piece 0, then 2, then 1
    found = Compound(
        container(
            [pieces, follow],
            [END, END],
            [entry("Root Entry", 5, 2, 192), entry("Book", 2, 0, 130), entry("Other", 2, 1, 3)],
            small=3,
        )
    )
    assert found["Book"] == b"a" * 64 + b"c" * 64 + b"bb"
    assert found["Other"] == b"bbb"


def test_a_small_stream_that_leads_round_is_damaged():
    follow = struct.pack("<2I", 1, 0).ljust(512, b"\xff")
    made = container(
        [b"a" * 128, follow], [END, END], [entry("R", 5, 2, 128), entry("Book", 2, 0, 100)], small=3
    )
    with pytest.raises(DamagedError):
        Compound(made)["Book"]


def test_the_first_of_two_streams_of_one_name_counts_and_other_kinds_do_not():
    entries = [ROOT, entry("Book", 2, 2, 512), entry("BOOK", 2, 3, 512), entry("Store", 1, 3, 512)]
    found = Compound(container([b"a" * 512, b"b" * 512], [END, END], entries, below=512))
    assert found["Book"] == b"a" * 512 and "Store" not in found


@pytest.mark.parametrize(("follows", "start"), [([3, 2], 2), ([2, END], 2), ([END, END], 9)])
def test_a_chain_that_leads_round_or_out_of_the_file_is_damaged(follows, start):
    made = container([b"a" * 512] * 2, follows, [ROOT, entry("Book", 2, start, 5000)], below=512)
    with pytest.raises(DamagedError):
        Compound(made)["Book"]


def test_a_last_sector_that_is_cut_off_is_filled_up():
    made = container([b"a" * 512], [END], [ROOT, entry("Book", 2, 2, 512)], below=512)
    assert Compound(made[:-500])["Book"] == b"a" * 12 + b"\0" * 500
    with pytest.raises(DamagedError):  # nothing of it is there
        Compound(made[:-512])["Book"]


@pytest.mark.parametrize(("shift", "small"), [(10, 6), (8, 6), (9, 5), (9, 7)])
def test_other_sizes_of_sectors_are_no_compound_file(shift, small):
    made = bytearray(container([b"a" * 512], [END], [ROOT]))
    struct.pack_into("<HH", made, 30, shift, small)
    with pytest.raises(DamagedError):
        Compound(bytes(made))


def test_a_file_shorter_than_its_header_is_none():
    made = container([b"a" * 512], [END], [ROOT])
    for length in (0, 511):
        with pytest.raises(DamagedError):
            Compound(made[:length])
    with pytest.raises(DamagedError):  # a header alone has no sector of lists
        Compound(made[:512])


def test_the_lists_go_on_in_sectors_of_their_own():
    """The header names no list at all: the first number of sector 3 does, and says that no other
    sector of names follows.
    """
    names = struct.pack("<128I", 0, *[FREE] * 126, END)
    entries = [ROOT, entry("Book", 2, 2, 512)]
    made = container(
        [b"a" * 512, names], [END, MORE], entries, below=512, more=3, count=1, lists=[]
    )
    assert Compound(made)["Book"] == b"a" * 512


def test_lists_that_lead_round_lie_outside_or_are_named_twice_are_damaged():
    entries = [ROOT, entry("Book", 2, 2, 512)]
    round_ = struct.pack("<128I", 0, *[FREE] * 126, 3)
    for names, more, lists in ((round_, 3, []), (round_, 99, []), (b"", END, [0, 0])):
        made = container(
            [b"a" * 512, names], [END, MORE], entries, below=512, more=more, count=5, lists=lists
        )
        with pytest.raises(DamagedError):
            Compound(made)


def test_of_a_directory_ten_thousand_entries_are_looked_at():
    """The root is the first: the 9,999th stream is the last that counts. 10,001 entries of 128
    bytes fill 2,501 sectors of 512.
    """
    for place, there in ((9_998, True), (9_999, False)):
        names = [entry(f"s{number}", 2, 2, 0) for number in range(10_000)]
        names[place] = entry("sought", 2, 2, 0)
        parts = b"".join([ROOT, *names])
        sectors = [parts[at : at + 4096] for at in range(4096, len(parts), 4096)]
        last = len(sectors) + 1
        table = struct.pack(f"<{last + 1}I", LISTS, *range(2, last + 1), END)
        made = container(sectors, [], [parts[:4096]], shift=12, below=4096)
        made = made[:4096] + table.ljust(4096, b"\xff") + made[8192:]
        assert ("sought" in Compound(made)) == there, place


def test_a_sector_that_begins_where_the_file_ends_is_damaged():
    made = container([b"x" * 512], [END], [ROOT, entry("Book", 2, 2, 512)], below=512)
    assert Compound(made)["Book"] == b"x" * 512
    with pytest.raises(DamagedError):
        Compound(made[:-512])["Book"]  # sector 2 would begin with the byte behind the last
