"""What is shown and owed around asking: lists, the page behind a personal link, and asking once more."""
