"""What colleagues and managers are told at once: by mail, or in chat."""
