# Makes the golden values of the estimator tests. Needs R with survival and cmprsk; the tests themselves need no R.
#   cd tests/golden && Rscript make_golden.R
suppressPackageStartupMessages(library(survival))
options(warn = 1)
for (part in c("emit", "cases", "curves", "regression", "tables", "competing", "beyond", "sensitivity", "engines", "separated", "designs", "fitted_models", "levels")) source(paste0(part, ".R"))
