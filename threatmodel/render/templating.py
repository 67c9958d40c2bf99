"""The template engine of reports and matrices: sandboxed, strict, and escaping whatever it is given.

Imported by writers only when they need it: Jinja2 costs more start-up than a check of a small model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from threatmodel.errors import UsageError
from threatmodel.render.text import escape
from threatmodel.render.text.wording import counted
from threatmodel.resources import resource_dir

SYMBOLS: Final = {
    "critical": "■",
    "high": "▲",
    "medium": "◆",
    "low": "▽",
    "gap": "▲",
    "not-modelled": "?",
    "partial-evidence": "◐",
    "alternative": "≈",
    "inherited": "↥",
    "design-evidence": "●",
    "outside-model": "–",
    "not-applicable": "∅",
    "risk-accepted": "○",
}
"""What stands before severities and statuses, so that colour is never the only sign."""


def render(name: str, values: Mapping[str, object], templates: Path | None) -> str:
    """The text of a template; a file of the same name in the user's folder wins.

    Names with `.html` are HTML, all others Markdown; both escape every value that is not marked as done.
    Raises UsageError, naming template and line, when a template is wrong.
    """
    try:
        return _environment(templates, is_html=".html" in name).get_template(name).render(values)
    except jinja2.TemplateNotFound as error:
        raise UsageError(f"there is no template `{escape.visible(str(error))}`") from None
    except jinja2.TemplateSyntaxError as error:
        raise UsageError(f"template `{error.name}`, line {error.lineno}: {error.message}") from None
    except Exception as error:
        if templates is None:
            raise
        # a user's template may fail in any way: its place is what helps
        raise UsageError(f"template `{name}`{_line(error)}: {escape.visible(str(error))}") from None


def _environment(templates: Path | None, *, is_html: bool) -> jinja2.Environment:
    if templates and not templates.is_dir():
        raise UsageError(f"there is no folder of templates `{escape.visible(str(templates))}`")
    folders = [str(templates)] if templates else []
    loaders = [jinja2.FileSystemLoader(folder) for folder in (*folders, str(resource_dir("templates")))]
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,  # in Markdown too, where nothing but Markup reaches it: macros then give Markup
        undefined=jinja2.StrictUndefined,
        finalize=_visible if is_html else _escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
    )
    environment.filters |= _html_filters() if is_html else _markdown_filters()
    environment.filters["count"] = counted
    environment.globals["symbols"] = SYMBOLS
    return environment


def _visible(value: object) -> object:
    """A value before HTML escaping: invisible characters shown."""
    return value if isinstance(value, Markup) else escape.visible(str(value))


def _escaped(value: object) -> object:
    """A value in Markdown: escaped, unless a filter has done so."""
    return value if isinstance(value, Markup) else Markup(escape.markdown(str(value)))


def _html_filters() -> dict[str, object]:
    return {
        "prose": lambda text: Markup(escape.prose_html(text)),
        "code": lambda text: Markup(f"<code>{escape.html(text)}</code>"),
        "codes": lambda words: Markup(", ").join(Markup(f"<code>{escape.html(w)}</code>") for w in words),
        "is_web": _is_web,
    }


def _markdown_filters() -> dict[str, object]:
    return {
        "prose": lambda text: Markup(escape.prose_markdown(text)),
        "code": lambda text: Markup(escape.code(text)),
        "codes": lambda words: Markup(", ".join(escape.code(w) for w in words)),
        "link": _link,
        "fenced": _fenced,
        "words": _words,
    }


def _words(items: Iterable[str]) -> Markup:
    return Markup(", ".join(escape.markdown(item) for item in items))


def _is_web(url: str) -> bool:
    """Whether an address may become a link: no other scheme can run anything."""
    return url.startswith(("https://", "http://"))


def _link(text: str, url: str) -> Markup:
    if not _is_web(url):
        return Markup(escape.markdown(text))
    safe = escape.one_line(url).translate({ord(c): f"%{ord(c):02X}" for c in " <>()|\\`[]\"'"})
    return Markup(f"[{escape.markdown(text)}](<{safe}>)")


def _fenced(text: str, language: str) -> Markup:
    """A block of code whose fence is longer than any that the text has."""
    fence = "```"
    while fence in text:
        fence += "`"
    return Markup(f"{fence}{language}\n{text.rstrip()}\n{fence}")


def _line(error: Exception) -> str:
    """The line of the template in which an error arose: the innermost frame of compiled template code."""
    found = ""
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            found = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
