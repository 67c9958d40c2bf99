"""What the repository makes of itself: generated files, and the lowest versions of its dependencies."""
