"""What a patient table is: declarations of a study, conditions, reading and validation."""
