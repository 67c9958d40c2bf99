"""Records that HIPAA asks for."""
