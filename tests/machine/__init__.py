"""The house under every fault: one state machine, and the laws that hold after each of its steps."""
