"""Makes a drawing safe to stand inside a page: only shapes, text and tooltips of the drawing program stay."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Final

from threatmodel.errors import InternalError
from threatmodel.render.text.escape import visible

_SVG: Final = "{http://www.w3.org/2000/svg}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_TOOLTIP: Final = "{http://www.w3.org/1999/xlink}title"
_TAGS: Final = frozenset("svg g path polygon polyline ellipse circle line rect text tspan title".split())
_ATTRIBUTES: Final = frozenset(
    (
        "id class viewBox transform d points x y x1 x2 y1 y2 cx cy r rx ry width height fill "
        "fill-opacity stroke stroke-width stroke-opacity stroke-dasharray text-anchor text-decoration "
        "font-family font-size font-weight font-style"
    ).split()
)


def inline_svg(drawing: str, label: str) -> str:
    """The drawing as an `<svg>` element named `label`; links, scripts, styles and unknown parts are left out.

    Raises InternalError for what is no SVG: the drawing program has failed and was not caught.
    """
    try:
        root = ElementTree.fromstring(drawing)  # noqa: S314 - drawn by our own Graphviz from our own DOT
    except ElementTree.ParseError as error:
        raise InternalError(f"the drawing is no SVG: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise InternalError("the drawing is no SVG")
    clean = _clean(root)
    clean.set("xmlns", _SVG.strip("{}"))
    clean.set("role", "img")
    clean.set("aria-label", visible(label))
    return ElementTree.tostring(clean, encoding="unicode")


def _clean(source: ElementTree.Element) -> ElementTree.Element:
    """A copy of an element that is allowed, with what is allowed in it."""
    name = source.tag.removeprefix(_SVG)
    copy = ElementTree.Element("g" if name == "a" else name)
    for key, value in source.attrib.items():
        if key in _ATTRIBUTES or key == _SPACE:
            copy.set(key, visible(value))
    if tooltip := source.get(_TOOLTIP):
        ElementTree.SubElement(copy, "title").text = visible(tooltip)
    copy.text, copy.tail = visible(source.text or ""), visible(source.tail or "")
    for part in source:
        if isinstance(part.tag, str) and (part.tag.removeprefix(_SVG) in _TAGS or part.tag == f"{_SVG}a"):
            copy.append(_clean(part))
    return copy
