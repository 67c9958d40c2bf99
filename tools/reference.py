"""The pages of docs/reference/, made of code and catalogs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import click

from benchmarks.noise import DAY, noise
from threatmodel.api import Library, load
from threatmodel.catalog import LAYERS, Control
from threatmodel.cli import cli
from threatmodel.errors import CODES
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.export.registry import DOCUMENTS, formats_of
from threatmodel.facts import ALL_FACTS, Fact
from threatmodel.importers.registry import ALL_IMPORTERS
from threatmodel.kinds import Kinds
from threatmodel.model.language import GROUPS, Key
from threatmodel.resources import resource_dir
from tools.peers import Peer, load_peers
from tools.reads import recorded

_MADE = "<!-- Made by `python -m tools.update`; do not edit. -->"


def texts() -> dict[str, str]:
    """Every page of the reference by its path from the root of the checkout."""
    return {f"docs/reference/{name}": text for name, text in pages().items()}


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    library = Library()
    return {
        "model-keys.md": _page("Model keys", _keys()),
        "facts.md": _page("Facts", _facts()),
        "controls.md": _page("Controls", (*_noise(library), *_controls(library.catalog.controls.values()))),
        "kinds.md": _page("Kinds, technologies, protocols", _kinds(library.kinds)),
        "peer-coverage.md": _page("Peer coverage", _peers(load_peers())),
        "frameworks.md": _page("Frameworks", _frameworks(library)),
        "diagnostics.md": _page("Diagnostics", _diagnostics()),
        "cli.md": _page("Command line", _commands()),
        "formats.md": _page("Formats", _formats()),
    }


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join((_MADE, "", f"# {title}", "", *lines)).rstrip("\n") + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(_cell(text) for text in row) + " |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _keys() -> Iterator[str]:
    yield "A key that is absent says nothing: unknown. An empty list says none."
    yield ""
    for group in GROUPS:
        yield f"## `{group.heading}`"
        yield ""
        yield from _table(("key", "type, values", "when absent", "meaning"), (_key(k) for k in group.keys))
        if aliases := [(k.name, k.aliases) for k in group.keys if k.aliases]:
            for name, words in aliases:
                listed = ", ".join(f"{alias} = {word}" for alias, word in words.items())
                yield f"Aliases of `{name}`: {listed}."
                yield ""


def _key(key: Key) -> tuple[str, ...]:
    absent = "**required**" if key.required else key.absent
    return f"`{key.name}`", key.kind_of_value, absent, key.meaning


def _facts() -> Iterator[str]:
    yield "What conditions of controls read. *Absent* says what a fact is when nothing is declared:"
    yield "`unknown`, `false`, or `closed` (structure counts as drawn). *Reads* is recorded: the"
    yield "keys of the model at which the fact looks, over all subjects of the kind (or in a `type`)."
    yield ""
    reads = recorded()
    for subject in dict.fromkeys(s for fact in ALL_FACTS for s in fact.subjects):
        yield f"## {subject}"
        yield ""
        found = [f for f in ALL_FACTS if subject in f.subjects]
        heads = ("fact", "domain", "absent", "meaning", "reads")
        yield from _table(heads, (_fact(f, reads[subject, f.name]) for f in found))


def _fact(fact: Fact, reads: Iterable[str]) -> tuple[str, ...]:
    words = ": " + ", ".join(fact.domain.words) if fact.domain.words else ""
    return f"`{fact.name}`", fact.domain.kind + words, fact.absent, fact.meaning, _read(reads)


def _read(keys: Iterable[str]) -> str:
    """Keys by the mapping that holds them; that a type may give them is said above the tables."""
    found: dict[str, list[str]] = {}
    for key in sorted(keys):
        holder, _, name = key.rpartition(".")
        if not holder.startswith("types") and key not in ("services.*.type", "stores.*.type"):
            found.setdefault(holder, []).append(name)
    named = ((h, ", ".join(names), len(names) > 1) for h, names in found.items())
    return ", ".join(f"`{h}.{{{text}}}`" if many else f"`{h}.{text}`" for h, text, many in named) or "no key"


def _noise(library: Library) -> Iterator[str]:
    """What the whole catalog gives the reader of each sample: a number to look at, not a limit."""
    yield "Gaps and questions on the samples, in the groups that the first screen shows; fewer than three for"
    yield "each element is what we aim at:"
    yield ""
    measured = (
        (path.parent.name, noise(load(path, library, DAY)))
        for path in sorted(resource_dir("samples").glob("*/threatmodel.yaml"))
    )
    rows = (
        (
            f"`{name}`",
            str(found.elements),
            str(found.gap_groups),
            str(found.question_groups),
            f"{found.groups_per_element:.1f}",
        )
        for name, found in measured
    )
    yield from _table(
        ("sample", "elements", "groups of gaps", "groups of questions", "for each element"), rows
    )


def _controls(controls: Iterable[Control]) -> Iterator[str]:
    by_layer = {layer: [c for c in controls if c.layer == layer] for layer in LAYERS}
    for layer, found in by_layer.items():
        yield f"## {layer}"
        yield ""
        yield f"{LAYERS[layer][:1].upper()}{LAYERS[layer][1:]}."
        yield ""
        for control in found:
            yield from _control(control)


def _control(control: Control) -> Iterator[str]:
    yield f"### {control.id}"
    yield ""
    yield f"**{control.title}.** Severity {control.severity}. Asked of: {', '.join(control.subjects)}."
    yield f"May be stated on: {', '.join(sorted(place_kinds(control)))}."
    yield f"Counters: {', '.join(control.threats)}."
    if control.tags:
        yield f"Tags: {', '.join(control.tags)}."
    yield ""
    if control.rationale:
        yield " ".join(control.rationale.split())
        yield ""
    yield f"Fix: {control.fix}"
    yield ""
    if control.references:
        yield f"References: {', '.join(control.references)}."
        yield ""
    for example in control.examples:
        yield "```yaml"
        yield from example.rstrip("\n").split("\n")
        yield "```"
        yield ""


def _peers(peers: Iterable[Peer]) -> Iterator[str]:
    yield "What finds here what the rules of other tools find, rule by rule, at what their documentation says"
    yield "that they detect. Names that begin with `hygiene:` are diagnostics about the model, not findings."
    yield "Where nothing is named, the last column says why a design model has nothing to find."
    yield ""
    for peer in peers:
        yield f"## {peer.title}"
        yield ""
        yield f"[{peer.title}]({peer.url}), {peer.version}, licence {peer.licence}:"
        yield f"{sum(len(r.rules) for r in peer.rules)} rules. Themes are in words of ours."
        yield ""
        rows = (
            (
                rule.theme,
                _listed(rule.rules),
                ", ".join(f"[`{name}`](controls.md#{name})" for name in rule.controls),
                _listed((*rule.facts, *rule.diagnostics)),
                " ".join(rule.why.split()),
            )
            for rule in peer.rules
        )
        yield from _table(("theme", "their rules", "controls", "facts, diagnostics", "note"), rows)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _kinds(kinds: Kinds) -> Iterator[str]:
    yield "## Traits"
    yield ""
    yield from _table(("trait", "meaning"), ((f"`{n}`", meaning) for n, meaning in kinds.traits.items()))
    yield "## Kinds"
    yield ""
    rows = (
        (f"`{k.id}`", _aliases(kinds.kind_names, k.id), ", ".join(k.subjects), ", ".join(sorted(k.traits)))
        for k in kinds.kinds.values()
    )
    yield from _table(("kind", "aliases", "of", "traits"), rows)
    yield "## Technologies"
    yield ""
    managed = {True: "by its vendor", False: "by its user", None: "either"}
    technologies = (
        (
            f"`{t.id}`",
            _aliases(kinds.technology_names, t.id),
            t.kind or "",
            t.vendor or "",
            managed[t.managed] + (", but the code on it" if t.runs_code else ""),
        )
        for t in kinds.technologies.values()
    )
    yield from _table(("technology", "aliases", "implies kind", "vendor", "run"), technologies)
    yield "## Protocols"
    yield ""
    protocols = (
        (
            f"`{p.id}`" + (" (obsolete)" if p.obsolete else ""),
            _aliases(kinds.protocol_names, p.id),
            ", ".join(str(port) for port in p.ports),
            p.encrypted,
            p.server_authenticated,
            p.client_authenticated,
            p.flow_kind or "",
        )
        for p in kinds.protocols.values()
    )
    heads = (
        "protocol",
        "aliases",
        "ports",
        "encrypted",
        "proves the server",
        "proves the client",
        "flow kind",
    )
    yield from _table(heads, protocols)


def _aliases(names: Mapping[str, str], wanted: str) -> str:
    return ", ".join(alias for alias, name in names.items() if name == wanted and alias != wanted)


def _frameworks(library: Library) -> Iterator[str]:
    yield "Coverage says how far a design can show a row: full, partial, context (never evidence alone) or"
    yield "outside. A row without controls is `not-modelled` until a control supports it."
    yield ""
    yield "GDPR and HIPAA always count; the others are asked for by name: `--framework nist-800-53`."
    yield ""
    by_name = sorted((library.folder / "frameworks" / "by-name").glob("*.yaml"))
    for framework in Library(own=tuple(by_name)).frameworks:
        yield f"## {framework.title} (`{framework.id}`)"
        yield ""
        yield f"{framework.source} Law as of {framework.law_as_of}."
        yield ""
        rows = (
            (r.id, r.title, r.designation, r.coverage, ", ".join(r.controls)) for r in framework.requirements
        )
        yield from _table(("requirement", "title", "designation", "coverage", "controls"), rows)


def _diagnostics() -> Iterator[str]:
    yield "Every problem has a code, a place, an excerpt and, where possible, the likely fix."
    yield ""
    yield from _table(
        ("code", "meaning"), ((f"`{code}`", meaning) for code, meaning in sorted(CODES.items()))
    )


def _formats() -> Iterator[str]:
    yield "What can be written, by which command, in which formats; then what can be imported."
    yield "[Add a format](../contributing/add-a-format.md) and"
    yield "[add an importer](../contributing/add-an-importer.md) say how to write one of your own."
    yield ""
    for document in DOCUMENTS:
        yield f"## {document.name}"
        yield ""
        commands = ", ".join(f"`threatmodel {command}`" for command in document.command.split(", "))
        yield f"By {commands}; a writer gets a `{document.type.replace(':', '.')}`."
        yield ""
        rows = ((f"`{f.name}`", f.about, _listed(f.endings)) for f in formats_of(document.name))
        yield from _table(("format", "what it is for", "files that ask for it"), rows)
    yield "## importers"
    yield ""
    yield from _table(
        ("importer", "reads"), ((f"`threatmodel import {i.name}`", i.about) for i in ALL_IMPORTERS)
    )


def _commands() -> Iterator[str]:
    context = click.Context(cli, info_name="threatmodel", max_content_width=100, terminal_width=100)
    yield from _help(cli, context)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(
            command, parent=context, info_name=name, max_content_width=100, terminal_width=100
        )
        yield from _help(command, inner)
        if isinstance(command, click.Group):
            for leaf_name in command.commands or command.list_commands(inner):
                leaf = command.get_command(inner, leaf_name)
                assert leaf is not None
                yield from _help(
                    leaf, click.Context(leaf, parent=inner, info_name=leaf_name, terminal_width=100)
                )


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## `{context.command_path}`"
    yield ""
    yield "```text"
    yield from command.get_help(context).rstrip("\n").split("\n")
    yield "```"
    yield ""
