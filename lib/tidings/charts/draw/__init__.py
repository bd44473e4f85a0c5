"""Axes, scales, labels and marks: what the shapes are drawn with."""
