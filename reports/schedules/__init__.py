"""Reports that are made every week, month or quarter, and brought to their readers."""
