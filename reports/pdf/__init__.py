"""From a manuscript to a PDF, in a process that may do nothing else."""
