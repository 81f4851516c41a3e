"""What every watch does alike, proven with an invented council and an invented kind."""
