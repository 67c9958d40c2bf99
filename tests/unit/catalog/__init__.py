"""Controls and their conditions: how they are read, and what lint finds in them."""
