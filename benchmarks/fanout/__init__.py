"""`make bench-fanout`: how soon thousands of sockets hear of a postponement, beside whom, and at what price."""
