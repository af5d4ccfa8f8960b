"""The rules: who belongs in which chat and why, in plain Python and nothing else."""
