"""Bitsets as Python ints, one bit per subject: built and read through bytes, never bit by bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

_TO_TEXT = bytes(48 + (i == 1) for i in range(256))
_FROM_TEXT = bytes(int(i == 49) for i in range(256))


def from_codes(codes: Sequence[int], truths: Sequence[bool | None]) -> tuple[int, int]:
    """The bitsets of the subjects whose code is true and is false; `truths` holds one truth per code."""
    if not codes:
        return 0, 0
    yes = bytes(t is True for t in truths)
    no = bytes(t is False for t in truths)
    if isinstance(codes, bytes):
        return _pack(codes.translate(yes.ljust(256))), _pack(codes.translate(no.ljust(256)))
    return _pack(bytes(map(yes.__getitem__, codes))), _pack(bytes(map(no.__getitem__, codes)))


def from_indexes(indexes: Iterable[int], size: int) -> int:
    """The bitset with exactly these bits."""
    flags = bytearray(size)
    for i in indexes:
        flags[i] = 1
    return _pack(bytes(flags)) if 1 in flags else 0


def from_flags(flags: bytes) -> int:
    """The bitset of the positions that hold 1; the others hold 0."""
    return _pack(flags) if flags else 0


def to_flags(bits: int, size: int) -> bytes:
    """One byte per position: 1 where the bit is set, else 0."""
    return _unpack(bits, size)


def stack(columns: Mapping[int, bytes], size: int) -> list[int]:
    """For each position the number whose bits are the flags of the columns there, by the columns' keys."""
    masks = [0] * size
    for lowest in range(0, max(columns, default=-1) + 1, 8):
        plane = sum(
            int.from_bytes(columns[key], "little") << (key - lowest)
            for key in range(lowest, lowest + 8)
            if key in columns
        ).to_bytes(size, "little")
        if any(plane):
            masks = [mask | byte << lowest for mask, byte in zip(masks, plane, strict=True)]
    return masks


def indexes(bits: int, size: int) -> list[int]:
    """The positions of the set bits, ascending."""
    found: list[int] = []
    if not bits:
        return found
    flags = _unpack(bits, size)
    at = flags.find(1)
    while at >= 0:
        found.append(at)
        at = flags.find(1, at + 1)
    return found


def truth_at(truth: tuple[int, int], i: int) -> bool | None:
    """What is known of one subject: true, false or (None) neither."""
    yes, no = truth
    return True if yes >> i & 1 else False if no >> i & 1 else None


def to_codes(numbered: Mapping[int, int], size: int) -> bytes:
    """One number per position: the key of the bitset that holds it, else 0; no two hold the same position."""
    total = 0
    for plane in range(max(numbered, default=0).bit_length()):
        held = reduce(or_, (found for number, found in numbered.items() if number >> plane & 1), 0)
        if held:
            total |= int.from_bytes(_unpack(held, size), "big") << plane
    return total.to_bytes(size, "big")


def outcome_bytes(yes: int, no: int, size: int) -> bytes:
    """One outcome per subject as a byte: 0 unknown, 1 true, 2 false."""
    return to_codes({1: yes, 2: no}, size)


def _pack(flags: bytes) -> int:
    return int(flags[::-1].translate(_TO_TEXT), 2)


def _unpack(bits: int, size: int) -> bytes:
    return f"{bits:0{size}b}".encode()[::-1].translate(_FROM_TEXT) if size else b""
