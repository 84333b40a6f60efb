"""Steps that reach many people: counted, sampled, and where they are large, approved by a manager first."""
