"""Catalogs of users, laid over the shipped one: what they add, override and disable."""
