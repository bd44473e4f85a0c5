"""What a reviewer reads of a batch."""
