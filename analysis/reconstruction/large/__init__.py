"""Cohorts of large groups: patients and their life tables, brought to the printed numbers by one annealing.

Of a small group every risk-set sequence can be listed.  A large group has too many, but then nearly any split of its
events and censorings that has the right size can be brought to the printed digits by small moves.  So times are begun
near what the numbers say, patients carry the labels that printed groups ask for, and each move costs a pass over the
months of the life tables that it changes, whatever the number of patients.
"""
