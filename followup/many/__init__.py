"""Many comments at once: one action for all of them, or a page of them with an action each."""
