"""What the commands do, for users of the library: load, review, compare, prove."""

from threatmodel.api.comparison import compare
from threatmodel.api.review import Review, load, parse
from threatmodel.catalog.library import Library, control_named

__all__ = ["Library", "Review", "compare", "control_named", "load", "parse"]
