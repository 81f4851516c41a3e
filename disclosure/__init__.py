"""Everything held about one child: given out, kept as long as the law says, and erased."""
