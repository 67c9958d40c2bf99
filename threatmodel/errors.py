"""What can go wrong, as values: diagnostics with a place, and the exceptions that carry them.

ThreatModelError
├── InputError        a model, catalog or decisions file is wrong: all its diagnostics at once
├── UsageError        the request is wrong: an unknown key to explain, a missing file
└── InternalError     a broken promise of ours; never the user's fault
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Final, Literal, NamedTuple

Level = Literal["error", "warning", "note"]

_MANY: Final = 200  # of more known words only this many that begin or end alike are compared: it is slow
_LONG: Final = 64
_FEW: Final = 24  # so many known words are listed when none is near


class Span(NamedTuple):
    """A stretch of one file: lines and columns count from 1, columns in characters, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(NamedTuple):
    """One problem at one place: message without a full stop, user text in backticks, help apart.

    `code` is a word of `CODES`; `excerpt` is the text of the span's first line, empty without a span;
    `related` are further places with what they show.
    """

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    excerpt: str = ""
    level: Level = "error"
    related: tuple[tuple[str, Span], ...] = ()


class ThreatModelError(Exception):
    """Every failure that the package reports on purpose."""


class InputError(ThreatModelError):
    """The input is invalid; `diagnostics` holds every problem found, in the order of the files."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = diagnostics[0]
        where = f"{first.span}: " if first.span else ""
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{where}{first.message}{more}")
        self.diagnostics = diagnostics


class UsageError(ThreatModelError):
    """The request cannot be carried out; `help` says what to do instead."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class InternalError(ThreatModelError):
    """A promise of this package does not hold; please report it."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a help sentence, or the empty string when nothing is near."""
    found = nearest(word, known)
    return f"did you mean {quoted(found)}?" if found else ""


def nearest_or_all(word: str, known: Collection[str]) -> str:
    """The nearest known word as a help sentence; all there are when nothing is near and they are few."""
    every = f"there are: {', '.join(map(quoted, known))}" if 0 < len(known) <= _FEW else ""
    return did_you_mean(word, known) or every


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is most like `word`, None when none is."""
    from difflib import get_close_matches

    wanted = word.lower()[:_LONG]
    lowered = {w.lower(): w for w in known if len(w) <= _LONG}
    swaps = (wanted[:i] + wanted[i + 1] + wanted[i] + wanted[i + 2 :] for i in range(len(wanted) - 1))
    if found := next((w for w in swaps if w in lowered), None):
        return lowered[found]
    if len(lowered) > _MANY:
        alike = (w for w in lowered if w[:2] == wanted[:2] or w[-3:] == wanted[-3:])
        close = (w for w in alike if abs(len(w) - len(wanted)) <= 2)
        lowered = {w: lowered[w] for w in islice(close, _MANY)}
    near = get_close_matches(wanted, lowered, n=1, cutoff=cutoff)
    return lowered[near[0]] if near else None


def an(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def quoted(text: str, most: int = 60) -> str:
    """User text for a message: in backticks, at most so many characters, everything unprintable escaped."""
    short = text if len(text) <= most else text[: most - 3] + "..."
    return f"`{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}`"


def display(value: object) -> str:
    """A raw value for a message: short, in backticks."""
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "nothing"
        case bool():
            return "`true`" if value else "`false`"
        case str():
            return quoted(value)
        case _:
            return f"`{value}`"


def describe(value: object) -> str:
    """A raw value for a message, texts called so: `1` in quotes is not the number."""
    return f"the text {display(value)}" if isinstance(value, str) else display(value)


def one_of(words: Collection[str]) -> str:
    """Words for a sentence: `a`, `b` or `c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


CODES: Final[Mapping[str, str]] = {
    # the text of a file
    "unreadable-file": "A file cannot be opened or read.",
    "too-large": "A file is larger than the limit; split it and use `include`.",
    "not-utf8": "A byte is not UTF-8.",
    "forbidden-character": "A control character or a line break that editors do not count stands unescaped.",
    "empty-file": "A file holds nothing but comments.",
    "merge-conflict": "A conflict of a merge was left in a file.",
    "yaml-syntax": "The text is not YAML.",
    "json-syntax": "The text of a diagram to import, or of a proof, is not JSON.",
    "bad-proof": "A file is no proof of verdicts, or not written as one is.",
    "toml-syntax": "The text of pyproject.toml is not TOML.",
    "yaml-tag": "A YAML tag (`!name`) is used; they are refused.",
    "yaml-directive": "A YAML directive (`%YAML`, `%TAG`) is used that is not needed or not supported.",
    "several-documents": "A second YAML document begins in the same file.",
    "duplicate-key": "A key stands twice in one mapping.",
    "key-not-text": "A key is a list, a mapping or an alias.",
    "merge-key": "`<<` is used; types do that work.",
    "recursive-alias": "An alias stands inside what it names.",
    "alias-expansion": "Aliases stand for more text than the limit.",
    "too-deep": "Values are nested deeper than the limit.",
    "too-many-values": "A file holds more values than the limit.",
    "more-problems": "There are more problems than are shown.",
    # keys and values
    "unsupported-version": "A file has a format version that this program does not read.",
    "unknown-key": "A key does not exist here.",
    "missing-key": "A required key is missing.",
    "key-without-use": "A key counts for nothing beside the others.",
    "empty-value": "A key or item has no value.",
    "wrong-type": "A value has the wrong type: a text for a number, a list for a mapping.",
    "unknown-word": "A word is not one of the allowed ones.",
    "out-of-range": "A number is too small or too large.",
    "bad-date": "A date does not exist, is not written as YYYY-MM-DD, or ends before it begins.",
    "bad-duration": "A duration is not written as in ISO 8601.",
    "bad-id": "An id holds characters that ids may not hold.",
    "repeated-item": "An item stands twice in one list.",
    "unknown-kind": "A kind is not in the kinds catalog.",
    "unknown-technology": "A technology is not in the kinds catalog.",
    "unknown-protocol": "A protocol is not in the kinds catalog.",
    "kind-subject": "A kind belongs to another section: a database is no service.",
    # between entities and files
    "duplicate-id": "An id is declared twice, in one name space or in two files.",
    "unknown-reference": "An id is named that nothing has.",
    "cycle": "Boundaries or derived data go in a circle.",
    "nested-type": "A type names a type.",
    "no-flow": "A flow has no two different ends.",
    "duplicate-flow": "Two flows between the same ends have the same name.",
    "too-many-flows": "Lists of ends make more flows than the limit.",
    "no-counterpart": "An agreement has no party on its other side.",
    "personal-dropped": "Derived data leave out `personal` by a transform that keeps it.",
    "include-outside": "An included path leads out of the project.",
    "too-many-files": "A model includes more files than the limit.",
    # statements and results
    "missing-reason": "A statement, or an override that makes a control find less, needs a reason.",
    "negative-mechanism": "A mechanism names nothing that is in place, and would pass for a safeguard.",
    "almost-status": "A mechanism is one letter or two away from a status word.",
    "unknown-control": "A control is named that the catalog does not hold.",
    "statement-place": "A statement stands where it can count for nothing.",
    "bad-key": "A text is no result key (`control@subject`).",
    "no-result": "A result is named of a control that is not asked of that subject.",
    # warnings about statements and decisions
    "contradicted-statement": "What a model says of a control is against what its facts show.",
    "expired-evidence": "No evidence of a statement is in force (run out, or of a later day): it is void.",
    "mixed-mechanism": "A mechanism names both a weak and a strong measure; it counts as naming none.",
    "own-provider": "A row is said to be inherited from a party of ours.",
    "expired-waiver": "A waiver has run out.",
    "unmatched-waiver": "A waiver matches no gap and no possible bypass.",
    "expiring-waiver": "A waiver runs out within 30 days.",
    "dangling-waiver": "A waiver names a compensating result that does not exist.",
    "uncompensated-waiver": "The result that compensates for a waiver is not satisfied.",
    "dangling-decision": "A requirement decision names a framework or a requirement that does not exist.",
    "void-decision": "A requirement decision counts for nothing, such as one that was to be reviewed.",
    # notes about a model itself, switched off by name
    "hygiene:nothing-modelled": "The model has no service and no store.",
    "hygiene:unused-data": "No flow carries the data, and nothing keeps, needs or is made of them.",
    "hygiene:unneeded-data": "Data are sent to an element whose `needs` do not list them.",
    "hygiene:unmet-need": "An element needs data that no flow brings to it.",
    "hygiene:sourceless-data": "An element gives derived data, and nothing they are made of gets there.",
    "hygiene:empty-flow": "A flow carries none of the declared data.",
    "hygiene:repeated-flow": "Two flows between the same ends differ in nothing but their names.",
    "hygiene:unconnected-element": "No flow begins or ends at an element, and nothing else names it.",
    "hygiene:empty-boundary": "Nothing stands in a boundary.",
    "hygiene:unused-host": "Nothing runs on a host.",
    "hygiene:unused-party": "Nothing is operated or provided by a party that is not ours.",
    "hygiene:unused-purpose": "Neither data nor elements name a purpose.",
    "hygiene:unused-type": "No element is of a type.",
    "hygiene:unnamed-vendor": "The vendor that runs an element is no party, so it counts as ours.",
    "hygiene:unmarked-phi": "Personal data serve care or its payment, and are not called health data.",
    "hygiene:store-among-services": "A service keeps data, and what is asked of stores is not asked of it.",
    "hygiene:redundant-control": "Two safeguards do the same work on one flow.",
    # catalogs
    "condition-form": "A condition is not written as the condition language says.",
    "unknown-fact": "A condition names a fact that is not registered.",
    "unknown-operator": "A condition uses an operator that does not exist.",
    "operator-domain": "An operator does not fit the values of a fact.",
    "outside-domain": "A condition compares a fact with a value that it cannot have.",
    "statement-in-when": "A condition reads statements in `when`.",
    "statement-under-not": "A condition reads statements under `not`.",
    "path-subject": "A condition asks for paths to something that paths do not lead to.",
    "path-control": "A condition asks for paths past a control that nothing on a path can show.",
    "claimed-alone": "`claimed` stands without another condition beside it.",
    "coverage-form": "`covered_by` is not written as it should be.",
    "control-cycle": "Controls read each other in a circle.",
    "control-file": "The file of a control has another name or folder than its id and layer.",
    "control-subject": "A control reads another one that is not asked of the same subject.",
    "dead-when": "The `when` of a control can never hold.",
    "impossible-expect": "The `expect` of a control can never hold.",
    "vacuous-expect": "The `expect` of a control always holds.",
    "dead-condition": "A condition in `expect` is decided by `when` already.",
    "large-condition": "A condition is too large to be checked by enumeration.",
    "unknown-placeholder": "A text of a control has a placeholder that nothing fills.",
    "text-form": "A text of a control is not written as all others are.",
    "long-control": "A control takes too many lines to be read at once.",
    "no-reference": "A control does not say which sources it has, not even that there is none.",
    "no-example": "A control has no example of a gap, of a satisfied subject, or of one that is neither.",
    "unpinned-reference": "A control cites what no pinned list has.",
    "discouraged-reference": "A control cites an entry that nothing should be mapped to.",
    "unmapped-control": "No framework names a control.",
    "forbidden-mapping": "A row of a framework names a control that is known not to support it.",
    "forbidden-claim": "A framework claims what no design shows, or that a law names a measure.",
    "misquoted-requirement": "A row of a framework is not in the law, or not as the law has it.",
    "control-outside": "A row of a framework that no design can show names controls.",
    "empty-catalog": "A folder that is named as a catalog holds nothing of one.",
    "catalog-file": "A file of a catalog stands where nothing reads it, or leads out of its folder.",
    "empty-override": "An override changes nothing.",
    "disabled-control": "A control is named that a catalog disables.",
    "locked-catalog": "A catalog is not the one that `threatmodel.lock` names.",
    "example": "The example of a control has another verdict than it is marked with.",
}
"""What each code of a diagnostic means, in one line."""

HYGIENE: Final = "hygiene:"
"""What the codes of notes about a model itself begin with."""

HYGIENE_RULES: Final = tuple(code.removeprefix(HYGIENE) for code in CODES if code.startswith(HYGIENE))
"""The names with which these notes are switched off."""
