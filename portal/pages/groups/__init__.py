"""The rooms where peers talk: groups, their threads, and what is said in them."""
