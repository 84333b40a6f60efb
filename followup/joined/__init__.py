"""The same complaint said in several ways is one on the desk, and is answered once."""
