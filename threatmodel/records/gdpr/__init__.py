"""Records that the GDPR asks for."""
