"""First run: setting up a new shop step by step."""
