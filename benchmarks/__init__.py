"""How quick it is, beside what it is compared with: `make bench`."""
