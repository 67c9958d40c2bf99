"""The settings of a run: command line over environment over the nearest policy file over the default."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from threatmodel.api.workspace import TABLE, nearest_policy
from threatmodel.errors import InputError, UsageError, did_you_mean, quoted

if TYPE_CHECKING:
    from threatmodel.catalog.library import Library
    from threatmodel.policy import Gate, Settings
    from threatmodel.source import Document

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_DEFAULTS: Final = {
    "fail-on": "high",
    "fail-on-unknown": "never",
    "fail-on-reach": "never",
    "catalog": "",
    "baseline": "",
}


class Setting(NamedTuple):
    """An effective value and where it comes from."""

    name: str
    value: str
    origin: str


class Effective(NamedTuple):
    """Every effective setting by its name; `fail-on` given for one run stands for the whole gate.

    `catalogs` are the folders to lay over the catalog, from here.
    """

    settings: Mapping[str, Setting]
    policy: Settings | None
    catalogs: tuple[Path, ...] = ()

    def value(self, name: str) -> str:
        """The effective value of a setting, empty for none."""
        return self.settings[name].value

    def path(self, name: str) -> Path | None:
        """A setting that names a file or folder, from here; None where nothing does."""
        return Path(text) if (text := self.value(name)) else None

    def given(self, name: str) -> bool:
        """Whether the command line or the environment says it, for this run only."""
        return self.settings[name].origin in ("command line", _env(name))

    def library(self, own: tuple[Path, ...] = ()) -> Library:
        """The catalogs that these settings name, with framework files of one run."""
        from threatmodel.catalog.library import Library

        return Library(self.path("catalog"), own, self.catalogs)

    @property
    def plugins(self) -> tuple[str, ...]:
        """The plug-ins that the policy file lets a run use."""
        return self.policy.plugins if self.policy else ()

    def hushed(self) -> frozenset[str]:
        """The notes on a model that the policy file switches off."""
        chosen = self.policy.hygiene if self.policy else {}
        return frozenset(name for name, word in chosen.items() if word == "off")

    def gate(self, *, unknowns: bool = False) -> Gate:
        """The thresholds that count; with `unknowns` what is unknown fails at the severity of gaps."""
        from threatmodel.policy import Gate

        fail_on = self.value("fail-on")
        unknown = fail_on if unknowns else self.value("fail-on-unknown")
        if self.policy is None or self.given("fail-on"):
            return Gate(fail_on, unknown)
        return Gate(fail_on, unknown, self.policy.layers, self.policy.boundaries, self.policy.frameworks)


def settings_for(
    model: Path,
    config: Path | None = None,
    given: Mapping[str, str | None] = _NOTHING,
    catalogs: Sequence[Path] = (),
    environment: Mapping[str, str] = _NOTHING,
) -> Effective:
    """The settings for a model: what is `given` for this run over the environment over the policy file.

    The policy is `config`, or else the file nearest above the model. `given` and `catalogs` are what the
    command line says, `environment` are its variables. Raises InputError and UsageError.
    """
    from threatmodel.policy.settings import LEVELS, THRESHOLDS

    found = config or nearest_policy(model)
    policy = load_settings(found) if found else None
    settings: dict[str, Setting] = {}
    for name, default in _DEFAULTS.items():
        if word := given.get(name):
            settings[name] = Setting(name, word, "command line")
        elif text := environment.get(_variable(name)):
            settings[name] = Setting(name, text, _env(name))
        elif found and policy and (text := _written(policy, name)):
            settings[name] = _from_file(name, text, found, policy)
        else:
            settings[name] = Setting(name, default, "default")
    scales = {"fail-on": THRESHOLDS, "fail-on-unknown": THRESHOLDS, "fail-on-reach": LEVELS}
    for name, scale in scales.items():
        if (threshold := settings[name].value) not in scale:
            help = did_you_mean(threshold, scale) or f"there are: {', '.join(scale)}"
            raise UsageError(f"`{_variable(name)}` is `{threshold}`", help)
    folders, origin = _catalogs(catalogs, found, policy, environment)
    shown = ", ".join(folder.as_posix() for folder in folders)
    settings["catalogs"] = Setting("catalogs", shown, origin)
    if policy and policy.plugins and policy.document:
        origin = str(policy.document.span(("plugins",)))
        settings["plugins"] = Setting("plugins", ", ".join(policy.plugins), origin)
    return Effective(settings, policy, folders)


def load_settings(path: Path) -> Settings:
    """The settings in a file; one that only marks the project root says nothing."""
    from threatmodel.policy import Settings, parse_settings
    from threatmodel.source import parse, read_text
    from threatmodel.source.toml import parse_table

    shown = os.path.relpath(path)
    text = read_text(path, shown)
    if path.suffix == ".toml":
        document = parse_table(text, shown, TABLE)
        return parse_settings(document) if document else Settings()
    try:
        return parse_settings(parse(text, shown))
    except InputError as error:
        if [d.code for d in error.diagnostics] == ["empty-file"]:
            return Settings()
        raise


def _catalogs(
    given: Sequence[Path], file: Path | None, policy: Settings | None, environment: Mapping[str, str]
) -> tuple[tuple[Path, ...], str]:
    """The folders of the user's catalogs and where they are named; raises InputError and UsageError."""
    if not given and (text := environment.get(_variable("catalogs"))):
        given, origin = [Path(part) for part in text.split(os.pathsep) if part], _env("catalogs")
    else:
        origin = "command line"
    if given:
        for folder in given:
            if not folder.is_dir():
                raise UsageError(f"there is no folder {quoted(str(folder))} to take a catalog from")
        return tuple(given), origin
    if not (file and policy and policy.document and policy.catalogs):
        return (), "default"
    return _written_catalogs(file, policy.catalogs, policy.document), str(policy.document.span(("catalogs",)))


def _written_catalogs(file: Path, written: tuple[str, ...], document: Document) -> tuple[Path, ...]:
    """The folders that a policy file names: from its own folder, and inside the project."""
    from threatmodel.errors import Diagnostic
    from threatmodel.model.files import project_root

    root = project_root(file)
    folders: list[Path] = []
    problems: list[Diagnostic] = []
    several = isinstance(document.at(("catalogs",)), list)
    for i, text in enumerate(written):
        folder = file.parent / text
        if not folder.resolve().is_relative_to(root):
            code, message = "include-outside", f"{quoted(text)} is outside the project"
            help = "move it under the folder that holds `.threatmodel.yaml` or `.git`"
        elif not folder.is_dir():
            code, message = "unreadable-file", f"there is no folder {quoted(text)}"
            help = "the path is taken from the folder of this file"
        else:
            folders.append(Path(os.path.relpath(folder)))
            continue
        span = document.span(("catalogs", i) if several else ("catalogs",), "value")
        problems.append(Diagnostic(code, message, span, help, document.excerpt(span.line)))
    if problems:
        raise InputError(tuple(problems))
    return tuple(folders)


def _written(policy: Settings, name: str) -> str | None:
    text: str | None = getattr(policy, name.replace("-", "_"))
    return text


def _from_file(name: str, text: str, file: Path, policy: Settings) -> Setting:
    path = name in ("catalog", "baseline")
    origin = str(policy.document.span((name,))) if policy.document else str(file)
    return Setting(name, os.path.relpath(file.parent / text) if path else text, origin)


def _variable(name: str) -> str:
    return f"THREATMODEL_{name.upper().replace('-', '_')}"


def _env(name: str) -> str:
    return f"environment ({_variable(name)})"
