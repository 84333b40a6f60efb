"""What management reads: figures, charts, the PDF, and when they are made."""
