"""Which controls and facts find what the rules of other tools find, for the page on peer coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Control
from threatmodel.catalog.reading import Reader
from threatmodel.errors import CODES, HYGIENE, Diagnostic, did_you_mean
from threatmodel.facts import FACTS
from threatmodel.source import Document, read

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "peers"
_REQUIRED = ("id", "title", "version", "url", "licence", "rules")
_RULE = ("theme", "rules", "controls", "facts", "diagnostics", "why")


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
    reader = Reader(document)
    raw = reader.mapping(document.root, (), _REQUIRED, _REQUIRED)
    listed = raw.get("rules")
    entries = listed if isinstance(listed, list) else []
    if not entries:
        reader.problem("wrong-type", "`rules` takes a list", ("rules",))
    rules = tuple(_rule(reader, entry, i) for i, entry in enumerate(entries))
    peer = Peer(
        id=reader.text(raw.get("id"), ("id",)),
        title=reader.text(raw.get("title"), ("title",)),
        version=reader.text(raw.get("version"), ("version",)),
        url=reader.text(raw.get("url"), ("url",)),
        licence=reader.text(raw.get("licence"), ("licence",)),
        rules=rules,
        document=document,
    )
    reader.finish()
    return peer


def _rule(reader: Reader, entry: object, i: int) -> PeerRule:
    at = ("rules", i)
    raw = reader.mapping(entry, at, _RULE, ("theme", "rules"))
    return PeerRule(
        theme=reader.text(raw.get("theme"), (*at, "theme")),
        rules=reader.words(raw.get("rules"), (*at, "rules")),
        controls=reader.words(raw.get("controls"), (*at, "controls")),
        facts=reader.words(raw.get("facts"), (*at, "facts")),
        diagnostics=reader.words(raw.get("diagnostics"), (*at, "diagnostics")),
        why=reader.text(raw.get("why"), (*at, "why")),
        at=i,
    )


def _error(peer: Peer, rule: PeerRule, code: str, message: str, help: str = "") -> Diagnostic:
    span = peer.document.span(("rules", rule.at))
    return Diagnostic(code, message, span, help, peer.document.excerpt(span.line))
