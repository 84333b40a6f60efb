"""Who is asked: lists, personal links, the mail that asks and the one that asks once more."""
