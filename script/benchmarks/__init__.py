"""Benchmarks, each beside its limit in the same run: absolute times on a shared machine mean little."""
