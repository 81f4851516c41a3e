"""A child's care episode: statuses and their clocks, reviews, discussions, and what it lets people know in time."""
