"""The first version of a control for a catalog of a user: commented, and sound by lint and test as it is."""

from __future__ import annotations

import re
from string import Template
from typing import Final, NamedTuple

from threatmodel.resources import resource_dir

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST: Final = 60


class _Start(NamedTuple):
    """What a control of one kind of subject begins with: a need, what it means, and marked examples."""

    when: str
    needed: str
    threat: str
    baseline: bool
    examples: tuple[str, ...]


_STARTS: Final = {
    "flow": _Start(
        "source.element: service",
        "calls that a service makes",
        "tampering",
        True,
        (
            "actors: {visitor: }",
            "services: {web: , orders: , mail: , jobs: }",
            "flows:",
            "  - {from: web, to: orders, controls: {$id: signed requests}}   # satisfied",
            "  - {from: web, to: mail, controls: {$id: by convention}}       # gap",
            "  - {from: web, to: jobs}      # unknown",
            "  - {from: visitor, to: web}   # not-applicable",
        ),
    ),
    "service": _Start(
        "custom_code: true",
        "services that we write",
        "tampering",
        True,
        (
            "services:",
            "  web: {custom_code: true, controls: {$id: reviewed for each release}}   # satisfied",
            "  orders: {custom_code: true, controls: {$id: by convention}}            # gap",
            "  jobs: {custom_code: true}    # unknown",
            "  mail: {custom_code: false}   # not-applicable",
        ),
    ),
    "store": _Start(
        "data.confidentiality: {at_least: internal}",
        "stores of data that are not public",
        "information-disclosure",
        True,
        (
            "data: {order: {confidentiality: confidential}, price: {confidentiality: public}}",
            "stores:",
            "  orders: {holds: order, controls: {$id: checked every night}}   # satisfied",
            "  copies: {holds: order, controls: {$id: by convention}}         # gap",
            "  archive: {holds: order}   # unknown",
            "  shelf: {holds: price}     # not-applicable",
        ),
    ),
    "actor": _Start(
        "human: true",
        "people, not programs",
        "spoofing",
        False,
        (
            "actors:",
            "  clerk: {human: true, controls: {$id: trained every year}}   # satisfied",
            "  admin: {human: true, controls: {$id: by convention}}        # gap",
            "  guest: {human: true}     # unknown",
            "  robot: {human: false}    # not-applicable",
        ),
    ),
    "boundary": _Start(
        "trust: trusted",
        "places that we trust",
        "elevation-of-privilege",
        True,
        (
            "boundaries:",
            "  cluster: {trust: trusted, controls: {$id: checked every week}}   # satisfied",
            "  office: {trust: trusted, controls: {$id: by convention}}         # gap",
            "  lab: {trust: trusted}      # unknown",
            "  wild: {trust: untrusted}   # not-applicable",
        ),
    ),
    "host": _Start(
        "external: false",
        "what runs on ground of ours",
        "elevation-of-privilege",
        True,
        (
            "parties: {vendor: }",
            "hosts:",
            "  node: {controls: {$id: rebuilt every week}}   # satisfied",
            "  old: {controls: {$id: by convention}}         # gap",
            "  new:                       # unknown",
            "  theirs: {party: vendor}    # not-applicable",
            "services: {a: {host: node}, b: {host: old}, c: {host: new}, d: {host: theirs}}",
        ),
    ),
    "data": _Start(
        "data.confidentiality: {at_least: internal}",
        "data that are not public",
        "information-disclosure",
        False,
        (
            "data:",
            "  order: {confidentiality: internal, controls: {$id: named in the register}}   # satisfied",
            "  mail: {confidentiality: internal, controls: {$id: by convention}}            # gap",
            "  note: {confidentiality: internal}   # unknown",
            "  price: {confidentiality: public}    # not-applicable",
        ),
    ),
    "party": _Start(
        "own: true",
        "companies of ours",
        "non-compliance",
        False,
        (
            "parties:",
            "  shop: {own: true, controls: {$id: signed by the board}}   # satisfied",
            "  mill: {own: true, controls: {$id: by convention}}         # gap",
            "  farm: {own: true}   # unknown",
            "  bank:               # not-applicable",
        ),
    ),
    "purpose": _Start(
        "legal_basis: consent",
        "what people agreed to",
        "non-compliance",
        False,
        (
            "purposes:",
            "  news: {legal_basis: consent, controls: {$id: asked twice}}        # satisfied",
            "  study: {legal_basis: consent, controls: {$id: by convention}}     # gap",
            "  survey: {legal_basis: consent}   # unknown",
            "  sale: {legal_basis: contract}    # not-applicable",
        ),
    ),
    "model": _Start(
        "has_flows: true",
        "systems in which something moves",
        "non-compliance",
        True,
        (
            "baseline: {$id: agreed by the architects}   # satisfied",
            "services: {web: , orders: }",
            "flows: [{from: web, to: orders}]",
            "",
            "baseline: {$id: by convention}   # gap",
            "services: {web: , orders: }",
            "flows: [{from: web, to: orders}]",
            "",
            "services: {web: , orders: }   # unknown",
            "flows: [{from: web, to: orders}]",
            "",
            "services: {web: }   # not-applicable",
        ),
    ),
}
_COVERED: Final = """
# Where a statement also counts besides the subject and its type: ends, host, boundary, upstream or baseline.
covered_by:
  - baseline: true
"""


def fit_for_a_file(name: str) -> bool:
    """Whether an id makes a plain file name on every system."""
    return len(name) <= _LONGEST and _ID.fullmatch(name) is not None


def control_text(name: str, layer: str, subject: str) -> str:
    """The text of a new control's file."""
    start = _STARTS[subject]
    lines = (Template(line).substitute(id=name) for line in start.examples)
    examples = ["  - |", *(" " * 4 + line if line else "  - |" for line in lines)]
    template = (resource_dir("templates") / "catalog" / "control.yaml").read_text(encoding="utf-8")
    return Template(template).substitute(
        id=name,
        layer=layer,
        subject=subject,
        threat=start.threat,
        needed=start.needed,
        when=start.when,
        covered=_COVERED if start.baseline else "",
        examples="\n".join(examples),
    )
