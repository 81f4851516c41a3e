"""What is legal for a support package, and what it causes."""
