"""Which controls and facts find what the rules of other tools find, for the page on peer coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Control
from threatmodel.errors import CODES, HYGIENE, Diagnostic, did_you_mean
from threatmodel.facts import FACTS
from threatmodel.source import Document, read
from threatmodel.source.problems import Problems
from threatmodel.source.reading import listed, many, mapping, optional, read_fields, required, table, text

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "peers"
_RULE = table(
    "rule",
    {
        "theme": required(text, ""),
        "rules": required(many(text), ()),
        "controls": optional(many(text), ()),
        "facts": optional(many(text), ()),
        "diagnostics": optional(many(text), ()),
        "why": optional(text, ""),
    },
)
_PEER = table(
    "peer",
    {
        **dict.fromkeys(("id", "title", "version", "url", "licence"), required(text, "")),
        "rules": required(listed(mapping(_RULE)), ()),
    },
)


class PeerRule(NamedTuple):
    """Rules of a peer with one theme, and what of ours finds the same fault; without any, `why` not."""

    theme: str
    rules: tuple[str, ...]
    controls: tuple[str, ...]
    facts: tuple[str, ...]
    diagnostics: tuple[str, ...]
    why: str
    at: int


class Peer(NamedTuple):
    """Another tool, in one version, with all its rules."""

    id: str
    title: str
    version: str
    url: str
    licence: str
    rules: tuple[PeerRule, ...]
    document: Document


def load_peers(folder: Path = FOLDER) -> tuple[Peer, ...]:
    """Every peer of a folder, in the order of their files; raises InputError."""
    return tuple(
        _parse(read(path, path.relative_to(folder.parent).as_posix()))
        for path in sorted(folder.glob("*.yaml"))
    )


def lint_peers(peers: tuple[Peer, ...], controls: Mapping[str, Control]) -> Iterator[Diagnostic]:
    """Errors for names of nothing, for rules that are listed twice, and for rules that nothing answers."""
    names = {name for _, name in FACTS}
    for peer in peers:
        seen: set[str] = set()
        for rule in peer.rules:
            for name in rule.controls:
                if name not in controls:
                    help = did_you_mean(name, controls)
                    yield _error(peer, rule, "unknown-control", f"no control `{name}`", help)
            for name in rule.facts:
                if name not in names:
                    yield _error(
                        peer, rule, "unknown-fact", f"unknown fact `{name}`", did_you_mean(name, names)
                    )
            for name in rule.diagnostics:
                if not (name.startswith(HYGIENE) and name in CODES):
                    help = did_you_mean(name, CODES)
                    yield _error(peer, rule, "unknown-diagnostic", f"no diagnostic `{name}`", help)
            for name in rule.rules:
                if name in seen:
                    yield _error(peer, rule, "duplicate-id", f"`{name}` is listed twice")
                seen.add(name)
            if not (rule.controls or rule.facts or rule.diagnostics or rule.why):
                message = f"nothing finds `{rule.theme}`, and no `why` says that nothing should"
                yield _error(peer, rule, "missing-key", message)


def _parse(document: Document) -> Peer:
    problems = Problems(document)
    raw = read_fields(problems, _PEER, document.root)
    problems.finish()
    rules = tuple(PeerRule(at=i, **rule) for i, rule in enumerate(raw.pop("rules")))
    return Peer(rules=rules, document=document, **raw)


def _error(peer: Peer, rule: PeerRule, code: str, message: str, help: str = "") -> Diagnostic:
    return peer.document.diagnostic(code, message, ("rules", rule.at), help)
