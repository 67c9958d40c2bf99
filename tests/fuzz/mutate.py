"""Mutated texts: what editors, transfers and enemies do to a model file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

Mutation: TypeAlias = Callable[[Random, bytes, Sequence[bytes]], bytes]

HOSTILE: Final = (
    *(
        b"",
        b"~",
        b"null",
        b"{}",
        b"[]",
        b"''",
        b'""',
        b"- ",
        b"? ",
        b": ",
        b"<<: ",
        b"| ",
        b"> ",
        b"# ",
        b", ",
    ),
    *(
        b"[" * 70,
        b"{" * 70,
        b"]",
        b"}",
        b"'",
        b'"',
        b"`",
        b"@",
        b"%",
        b"!",
        b"!!python/name:os.system ",
        b"!e!x ",
    ),
    *(
        b"&a ",
        b"*a",
        b"&a [*a]",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"\t",
        b"\r",
        b"\r\n",
        b"\n",
        b"\n\n",
        b"  ",
    ),
    *(b"\0", b"\x07", b"\x1b[31m", b"\x7f", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc2\x85"),
    *(
        b"\xe2\x80\xa8",
        b"\xe2\x80\xae",
        b"e\xcc\x81",
        b"\xf0\x9f\x8f\xa6",
        b'"\\ud800"',
        b'"\\0"',
        b'"\\e[2J\\n"',
    ),
    *(
        b"0",
        b"-1",
        b"1e999",
        b"9" * 400,
        b"0x7f",
        b"012",
        b"1.5",
        b".inf",
        b".nan",
        b"true",
        b"false",
        b"no",
        b"yes",
    ),
    *(b"2026-02-30", b"9999-12-31", b"0000-01-01", b"P", b"PT", b"P10Y", b"indefinite", b"P999999Y999999M"),
    *(b"implemented", b"partial", b"planned", b"not-applicable", b"none", b"disabled", b"{status: partial}"),
    *(
        b"data:x",
        b"party:",
        b"model",
        b"a->b",
        b"a->b:c",
        b"x@y",
        b"@",
        b"*@*",
        b"->",
        b"a" * 300,
        b"../" * 20,
    ),
    *(
        b'"><script>alert(1)</script>',
        b"${jndi:ldap://x}",
        b"{{7*7}}",
        b"{% raw %}",
        b"=cmd|'/c calc'!A1",
        b"end",
    ),
    *(b"untrusted", b"trusted", b"EU", b"XX", b"personal", b"selection", b"differential-privacy", b"queue"),
)
"""Words to put where others stand."""

_TOKEN: Final = re.compile(rb"[^\s,\[\]{}:]+")
_PAIR: Final = re.compile(rb"([\w-]+): ([\w.-]+|\[[\w., -]*\])")
_KEY: Final = re.compile(rb"[\w.-]+(?=:(?:\s|$))", re.MULTILINE)


def mutated(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """The text after one to four changes; `others` are texts to take pieces from."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        text = random.choice(_MUTATIONS)(random, text, others)
    return text


def _flip(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(text)
    for _ in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    at = random.randrange(len(text) + 1)
    return text[:at] if random.random() < 0.7 else text[at:]


def _splice(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    start = random.randrange(len(other) + 1)
    piece = other[start : start + random.choice((5, 50, 500))]
    at = random.randrange(len(text) + 1)
    return text[:at] + piece + text[at + random.choice((0, len(piece))) :]


def _lines(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    i, j = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            lines.insert(j, lines[i])
        case 1:
            del lines[i]
        case 2:
            lines[i], lines[j] = lines[j], lines[i]
        case 3:
            lines[i] = b" " * random.choice((1, 2, 4)) + lines[i]
        case _:
            lines[i] = lines[i].lstrip()
    return b"".join(lines)


def _swap(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    pattern = random.choice((_KEY, _TOKEN))
    found = list(pattern.finditer(text))
    if len(found) < 2:
        return text
    a, b = sorted(random.sample(found, 2), key=lambda m: m.start())
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def _replace(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_TOKEN.finditer(text))
    if not found:
        return random.choice(HOSTILE)
    token = random.choice(found)
    return text[: token.start()] + random.choice(HOSTILE) + text[token.end() :]


def _insert(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(HOSTILE) + text[at:]


def _copy_token(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """A word where another word stood: most texts stay YAML, and many stay models."""
    found = list(_TOKEN.finditer(text))
    if len(found) < 2:
        return text
    a, b = random.sample(found, 2)
    return text[: a.start()] + b[0] + text[a.end() :]


def _copy_value(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """A value of the same key from elsewhere: most models stay valid and say something else."""
    found = list(_PAIR.finditer(text))
    if not found:
        return text
    to = random.choice(found)
    alike = [m for m in found if m[1] == to[1]]
    return text[: to.start(2)] + random.choice(alike)[2] + text[to.end(2) :]


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip,
    _cut,
    _splice,
    _lines,
    _swap,
    _replace,
    _replace,
    _insert,
    _copy_token,
    _copy_token,
    *[_copy_value] * 6,
)
