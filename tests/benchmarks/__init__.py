"""Benchmarks: `python -m tests.benchmarks` from the checkout; pytest never collects them."""
