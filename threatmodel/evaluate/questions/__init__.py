"""Questions: unknown results grouped by the one answer that settles most of them."""
