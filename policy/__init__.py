"""Who may: `readable` clauses in SQL, and rules for acts with the sentence that refuses."""
