"""A survey on a tablet that stands on a counter."""
