"""Measuring the desk: question packs in, predictions out. Nobody imports this package."""
