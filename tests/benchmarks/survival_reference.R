# The same analyses by R's survival, converged to rounding, on a CSV with time, event and group: times and results as CSV.
library(survival)
arguments <- commandArgs(trailingOnly = TRUE)
frame <- read.csv(arguments[1])
rounds <- as.integer(arguments[2])
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100)
best <- function(run) {
  elapsed <- Inf
  for (round in seq_len(rounds)) elapsed <- min(elapsed, system.time(found <- run())[["elapsed"]])
  list(elapsed, found)
}
say <- function(name, run, value) {
  one <- best(run)
  cat(sprintf("%s,%.6f,%s\n", name, one[[1]], paste(sprintf("%.17g", value(one[[2]])), collapse = ";")))
}
say("Kaplan-Meier", function() survfit(Surv(time, event) ~ 1, frame, conf.type = "log"),
    function(fit) { at <- summary(fit, times = 60); c(at$surv, at$lower, at$upper) })
say("log-rank", function() survdiff(Surv(time, event) ~ group, frame), function(fit) c(fit$chisq, fit$exp))
for (ties in c("breslow", "efron"))
  say(paste("Cox", ties), function() coxph(Surv(time, event) ~ group + x, frame, ties = ties, control = tight),
      function(fit) c(fit$coefficients, sqrt(diag(fit$var))))
