# Follow-up censored at a time: survival::aml at several times, an event at that very time counted.
# Printed: months, events, log-rank P, hazard ratio Maintained to Nonmaintained (Cox, Breslow) and its Wald limits.
library(survival)
for (months in c(12, 22.9, 23, 23.1, 48)) {
  d <- transform(aml, status = status * (time <= months), time = pmin(time, months), x = relevel(x, "Nonmaintained"))
  p <- 1 - pchisq(survdiff(Surv(time, status) ~ x, d)$chisq, 1)
  s <- summary(coxph(Surv(time, status) ~ x, d, ties = "breslow"))$conf.int
  cat(sprintf("(%g, %d, %.8f, %.8f, %.8f, %.8f),\n", months, as.integer(sum(d$status)), p, s[1], s[3], s[4]))
}
