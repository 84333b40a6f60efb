"""What comes in: bounces, complaints, replies and mail that matches nothing, read once and acted on."""
