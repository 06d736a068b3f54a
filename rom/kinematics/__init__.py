"""Landmarks to angles, repetitions and smoothness. NumPy and SciPy only."""
