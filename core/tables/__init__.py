"""Tables that leave and come back: the schedule, units, people, power items, disclosures, packs."""
