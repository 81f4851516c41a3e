"""What every long-lived watch does alike: its deadlines, its acts, its view."""
