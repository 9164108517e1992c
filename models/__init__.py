"""What is true: tables, lifecycles, notices and problems. Imports nothing of ours."""
