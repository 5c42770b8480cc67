# Kaplan-Meier curves, their limits and quantiles, follow-up, restricted means, log-rank tests.
kinds <- c("log", "log-log", "plain")
all_cases <- c(classics, hand)

curve_of <- function(case) {
  time <- as.numeric(case$time); event <- as.numeric(case$event)
  fit <- survfit(Surv(time, event) ~ 1)
  at <- sort(unique(c(0, max(time) * c(.1, .33, .5, .77, 1, 1.2), fit$time[1])))
  found <- summary(fit, times = at, extend = TRUE)
  limits <- function(kind, level) {
    one <- survfit(Surv(time, event) ~ 1, conf.type = kind, conf.int = level)
    q <- quantile(one, c(.25, .5, .75))
    s <- summary(one, times = at, extend = TRUE)
    list(lower = I(one$lower), upper = I(one$upper), quantile_lower = I(unname(q$lower)),
         quantile_upper = I(unname(q$upper)), lower_at = I(s$lower), upper_at = I(s$upper))
  }
  reverse <- quantile(survfit(Surv(time, 1 - event) ~ 1), c(.25, .5, .75), conf.int = FALSE)
  # the true reversal: deaths leave just before the censorings of the same time
  early <- quantile(survfit(Surv(time - 1e-4 * event, 1 - event) ~ 1, timefix = FALSE), .5, conf.int = FALSE)
  horizon <- Filter(function(h) h > min(time), c(.4, .9) * max(time))   # R refuses earlier ones
  means <- lapply(horizon, function(h) unname(summary(fit, rmean = h)$table[c("rmean", "se(rmean)")]))
  list(time = I(fit$time), at_risk = I(fit$n.risk), events = I(fit$n.event), censored = I(fit$n.censor),
       survival = I(fit$surv), standard_error = I(fit$surv * fit$std.err),
       at = I(at), survival_at = I(found$surv), standard_error_at = I(found$std.err), at_risk_at = I(found$n.risk),
       quantile = I(unname(quantile(fit, c(.25, .5, .75), conf.int = FALSE))),
       reverse_quantile = I(unname(reverse)), reverse_median_deaths_first = unname(early),
       horizon = I(horizon), restricted_mean = lapply(means, I),
       limits95 = setNames(lapply(kinds, limits, .95), kinds), limits90 = setNames(lapply(kinds, limits, .90), kinds))
}

# Gehan and Tarone-Ware weights are not in survdiff: the definition, one event time after the other
weighted <- function(case, weight) {
  time <- as.numeric(case$time); event <- as.numeric(case$event); first <- case$group == sort(unique(case$group))[1]
  score <- v <- 0
  for (t in sort(unique(time[event == 1]))) {
    n <- sum(time >= t); n1 <- sum(time >= t & first); d <- sum(time == t & event == 1)
    score <- score + weight(n) * (sum(time == t & event == 1 & first) - d * n1 / n)
    if (n > 1) v <- v + weight(n)^2 * d * n1 * (n - n1) * (n - d) / (n^2 * (n - 1))
  }
  pchisq(score^2 / v, 1, lower.tail = FALSE)
}

test_of <- function(case) {
  frame <- data.frame(lapply(case, as.vector))
  one <- survdiff(Surv(time, event) ~ group, frame)
  peto <- survdiff(Surv(time, event) ~ group, frame, rho = 1)
  out <- list(groups = I(sort(unique(frame$group))), observed = I(one$obs), expected = I(one$exp), variance = one$var,
              chi_square = one$chisq, p = one$pvalue, peto_chi_square = peto$chisq, peto_observed = I(peto$obs))
  if (!is.null(frame$stratum)) out$stratified_chi_square <-
    survdiff(Surv(time, event) ~ group + strata(stratum), frame)$chisq
  if (length(unique(frame$group)) == 2) {
    o <- one$obs; e <- one$exp; v <- one$var[1, 1]; z <- qnorm(.975)
    ratio <- (o[1] / e[1]) / (o[2] / e[2]); error <- sqrt(1 / e[1] + 1 / e[2])
    out$logrank_oe <- I(c(ratio, ratio * exp(-z * error), ratio * exp(z * error), error))
    out$mantel_haenszel <- I(c(exp((o[1] - e[1]) / v), exp((o[1] - e[1]) / v + c(-z, z) / sqrt(v)), 1 / sqrt(v)))
    if (all(frame$time == round(frame$time))) {
      out$gehan_p <- weighted(case, function(n) n); out$tarone_ware_p <- weighted(case, sqrt)
    }
  }
  out
}

emit("cases", c(list(origin = paste("aml, lung, veteran, ovarian, colon, heart, mgus2: data sets of the R package",
  "survival (complete cases of the columns kept; colon_months and mgus_years with times rounded); the others made up")),
  all_cases, start_stop, competing))
emit("curves", lapply(all_cases, curve_of))
testable <- Filter(function(case) !is.null(case$group) && sum(as.numeric(case$event)) > 0, all_cases)
emit("tests_of_curves", lapply(testable, test_of))
