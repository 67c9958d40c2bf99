"""Notes on the model itself: what looks forgotten, repeated, misplaced or contradicted."""
