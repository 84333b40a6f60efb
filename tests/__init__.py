"""The proof. One package per room; `conftest.py` holds what all of them share."""
