"""Within our subset we read the same data as PyYAML's CSafeLoader, YAML 1.2 differences apart."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from threatmodel.errors import InputError
from threatmodel.source import parse

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BARE_EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][0-9]+")
"""A number in YAML 1.2, a text in 1.1, which PyYAML writes and reads."""
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\uffff\ufffe")
).filter(lambda text: not BARE_EXPONENT.fullmatch(text))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda f: len(repr(f)) < 30),
    TEXTS,
    st.sampled_from(
        ["no", "on", "~", "012", "22:30", "<<", "- x", "a: b", "# x", "'", '"', " x ", "x\ny", "\n"]
    ),
)
KEYS = TEXTS.filter(lambda k: k != "<<")
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "indent": st.sampled_from([None, 2, 4, 7]),
        "width": st.sampled_from([10, 80, 100_000]),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "sort_keys": st.just(False),
        "explicit_start": st.booleans(),
    }
)
TAGGED = re.compile(r"!!(?:null|bool|int|float)")


def untagged(text: str) -> str:
    """Styles that quote everything tag what is no text; the tag is what we refuse."""
    return TAGGED.sub("", text)


@given(DATA, STYLES)
def test_what_a_dumper_writes_is_read_alike(data: Any, style: dict[str, Any]) -> None:
    text = untagged(yaml.safe_dump([data], **style))
    theirs = yaml.load(text, Loader=LOADER)
    assert parse(text).root == theirs


@given(DATA, DATA)
def test_shared_values_are_read_alike(shared: Any, other: Any) -> None:
    text = yaml.safe_dump([shared, {"again": shared, "other": [other, shared]}], allow_unicode=True)
    assert parse(text).root == yaml.load(text, Loader=LOADER)


ONLY_1_1 = re.compile(
    r"""(?xi)
    y|n|yes|no|on|off                                     # booleans
    | [-+]?0[0-9_]+ (?:\.[0-9_]*)? (?:e[-+][0-9]+)?       # octals, and numbers with a leading zero
    | [-+]?[0-9_.]*_[0-9_.]* (?:e[-+][0-9]+)?             # underscores
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?    # sexagesimal numbers
    | [-+]?0b[01_]+ | [-+]0x[0-9a-f_]+ | 0x[0-9a-f_]*_[0-9a-f_]*
    | [-+]?\.(?:inf|nan) | \.                             # infinities
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*                    # dates
    | =
    """
)
ONLY_1_2 = re.compile(r"(?i)0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)e[-+]?[0-9]+|[-+]\.[0-9]+")
TOO_LONG = re.compile(r"[-+]?[0-9]{19,}")
WORDS = st.one_of(
    st.text("0123456789+-._:eExob", min_size=1, max_size=12),
    st.from_regex(r"[-+]?[0-9]{0,20}\.?[0-9]{0,5}(e[-+]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(
        ["null", "Null", "~", "true", "True", "TRUE", "false", "nUll", "tRue", "yes", "No", "off"]
    ),
)


@given(WORDS)
def test_plain_scalars_differ_only_where_yaml_1_2_says_so(word: str) -> None:
    try:
        theirs = yaml.load(f"- {word}", Loader=LOADER)
    except (yaml.YAMLError, ValueError):
        return
    if theirs != [word] and not isinstance(theirs[0], (str, int, float, bool, type(None))):
        return
    if any(p.fullmatch(word) for p in (ONLY_1_1, ONLY_1_2, TOO_LONG)):
        return
    assert parse(f"- {word}").root == theirs


@pytest.mark.parametrize("text", ["a: b\na: c", "{[a]: b}", "a: !!binary aGk=", "--- a\n--- b", "<<: {a: b}"])
def test_what_they_read_and_we_refuse(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)
