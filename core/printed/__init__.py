"""What people take away on paper: notices, reports, sheets for the wall."""
