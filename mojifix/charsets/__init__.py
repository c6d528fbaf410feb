"""What bytes mean: charsets, channels, and the damage that channels do."""
