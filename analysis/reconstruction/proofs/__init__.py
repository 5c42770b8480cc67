"""What a solver proves of printed numbers: readings that cannot hold, smallest conflicting sets, ends of ranges."""
