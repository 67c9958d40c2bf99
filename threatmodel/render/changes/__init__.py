"""Changes for people: what a change means, its lines, and its picture."""
