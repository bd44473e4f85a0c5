"""The ways out for messages, one file each."""
