"""Erasing a person, in every room and in every file that was made of them."""
