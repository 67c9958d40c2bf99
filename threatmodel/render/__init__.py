"""Writers for people: terminal, diagrams, reports, control matrices. They read results and never evaluate."""
