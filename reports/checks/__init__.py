"""What the doctor looks at that reports need."""
