"""What the doctor looks at on this machine: one file a thing."""
