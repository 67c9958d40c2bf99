"""Text for people: escaping in every notation, the width of a terminal, the order of a list."""
