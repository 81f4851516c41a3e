"""Cases that move between services: points of transfer, three working days, no gate-keeping."""
