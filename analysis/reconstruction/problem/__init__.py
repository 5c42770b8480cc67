"""What is declared and imposed."""
