"""Sheets and their marks, axes, scales and labels: what the shapes are drawn with."""
