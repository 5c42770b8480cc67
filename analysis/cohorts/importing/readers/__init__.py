"""CSV, Excel, SPSS, Stata, Parquet."""
