# Follow-up censored at a time: survival::aml at several times, an event at that very time counted.
# Printed: months, events, log-rank P, hazard ratio Maintained to Nonmaintained (Cox, Breslow) and the limits of its profile likelihood.
library(survival)
for (months in c(12, 22.9, 23, 23.1, 48)) {
  d <- transform(aml, status = status * (time <= months), time = pmin(time, months), x = relevel(x, "Nonmaintained"))
  p <- 1 - pchisq(survdiff(Surv(time, status) ~ x, d)$chisq, 1)
  fit <- coxph(Surv(time, status) ~ x, d, ties = "breslow", control = coxph.control(eps = 1e-13, toler.chol = 1e-14))
  at <- function(b) coxph(Surv(time, status) ~ x, d, ties = "breslow", init = b, control = coxph.control(iter.max = 0))$loglik[1]
  drop <- function(b) 2 * (fit$loglik[2] - at(b)) - qchisq(.95, 1)
  b <- coef(fit)
  s <- exp(c(b, NA, uniroot(drop, c(b - 6, b), tol = 1e-12)$root, uniroot(drop, c(b, b + 6), tol = 1e-12)$root))
  cat(sprintf("(%g, %d, %.8f, %.8f, %.8f, %.8f),\n", months, as.integer(sum(d$status)), p, s[1], s[3], s[4]))
}
