"""The small registers: decisions and their steps, vetting, meetings, mentors, pledges, hand-over."""
