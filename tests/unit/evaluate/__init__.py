"""How results come about, and what they amount to."""
