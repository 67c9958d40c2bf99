"""The ground that things stand on: declared boundaries, one inside the other, and implied ground beside them.

What people hold in their hands stands where they do: outside, untrusted, unless the model places it.
"""

from __future__ import annotations

from collections.abc import Sequence

OUTSIDE, SYSTEM = "(outside)", "(system)"


def depths(parents: Sequence[int]) -> list[int]:
    """How many grounds are around each, from the ground around each (-1 for none); without recursion."""
    found = [-1] * len(parents)
    for ground in range(len(parents)):
        chain = []
        while ground >= 0 and found[ground] < 0:
            chain.append(ground)
            ground = parents[ground]
        for inner in reversed(chain):
            outer = parents[inner]
            found[inner] = found[outer] + 1 if outer >= 0 else 0
    return found
