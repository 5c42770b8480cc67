# What sensitivity analyses rest on: limits of the profile likelihood, exact one-sided limits, variances that keep
# the rows of one patient together, and how few outcomes carry a P value.

# Cox: twice the drop of the partial log-likelihood, the other coefficients maximised anew, against the χ² quantile
profile_of <- function(frame, names, ties, level = 0.95, left = "Surv(time, event)") {
  fit <- suppressWarnings(coxph(as.formula(paste(left, "~", paste(names, collapse = "+"))), frame, ties = ties, control = tight))
  drop <- qchisq(level, 1) / 2
  at <- function(k, b) {
    frame$fixed <- b * frame[[names[k]]]
    rest <- c(names[-k], "offset(fixed)")
    loglik <- suppressWarnings(coxph(as.formula(paste(left, "~", paste(rest, collapse = "+"))), frame, ties = ties, control = tight))$loglik
    loglik[length(loglik)]
  }
  limit <- function(k, side) {
    from <- fit$coefficients[k]
    gap <- function(b) fit$loglik[2] - drop - at(k, b)
    if (abs(from) > 10) { if (sign(from) == side) return(side * Inf); from <- sign(from) * 10 }
    reach <- 0.5 / max(1, sd(frame[[names[k]]]))
    while (gap(from + side * reach) < 0) reach <- 1.5 * reach
    uniroot(gap, sort(from + side * c(0, reach)), tol = 1e-12)$root
  }
  list(names = I(names), lower = I(sapply(seq_along(names), limit, -1)), upper = I(sapply(seq_along(names), limit, 1)))
}

# rows of one patient: made by pairing neighbours
clustered <- function(frame) { frame$cluster <- (seq_len(nrow(frame)) + 1) %/% 2; frame }
robust_of <- function(frame, names, ties, left = "Surv(time, event)") {
  fit <- coxph(as.formula(paste(left, "~", paste(names, collapse = "+"))), frame, ties = ties, cluster = cluster, control = tight)
  list(names = I(names), coefficient = I(unname(fit$coefficients)), robust = I(unname(summary(fit)$coefficients[, "robust se"])))
}

# mean ranks of two groups with a variance that keeps clusters together (independence working correlation, no correction)
ranks_of <- function(values, first, cluster) {
  fit <- lm(rank(values) ~ first)
  x <- model.matrix(fit)
  meat <- crossprod(rowsum(x * residuals(fit), cluster))
  bread <- solve(crossprod(x))
  error <- sqrt((bread %*% meat %*% bread)[2, 2])
  list(difference = unname(coef(fit)[2]), error = error, p = 2 * pnorm(-abs(coef(fit)[2] / error))[[1]])
}

fewest_flips <- function(a, n, b, m) {
  # Walsh: events are added, one by one, to the group with fewer of them
  p <- function(x) fisher.test(matrix(c(x, n - x, b, m - b), 2))$p.value
  k <- 0
  while (p(a + k) < 0.05) k <- k + 1
  list(table = I(c(a, n - a, b, m - b)), p = p(a), flips = k, p_after = p(a + k))
}

# all choices of k of the second group left out, and all fates of k added to it: log-rank P and difference at a time
compared_at <- function(frame, at) {
  s <- sapply(c(1, 0), function(g) summary(survfit(Surv(time, event) ~ 1, frame[frame$first == g, ]), times = at, extend = TRUE)$surv)
  c(survdiff(Surv(time, event) ~ first, frame)$chisq, 100 * (s[1] - s[2]))
}
ends_of <- function(found) {
  p <- pchisq(found[1, ], 1, lower.tail = FALSE)
  list(p = I(range(p)), difference = I(range(found[2, ])), choices = ncol(found))
}
left_out <- function(frame, k, at) ends_of(apply(combn(which(frame$first == 0), k), 2, function(gone) compared_at(frame[-gone, ], at)))
added <- function(frame, at) {
  times <- sort(unique(frame$time)); last <- length(times) + 1
  fates <- expand.grid(a = seq_len(last), b = seq_len(last)); fates <- fates[fates$a <= fates$b, ]
  more <- function(f) data.frame(time = ifelse(f == last, max(times), times[pmin(f, last - 1)]), event = as.numeric(f < last), first = 0)
  ends_of(apply(fates, 1, function(f) compared_at(rbind(frame, more(f)), at)))
}
# fewest events and censorings exchanged that take the log-rank P across 0.05
flips_of_curves <- function(frame, most) {
  p_of <- function(frame) if (sum(frame$event)) pchisq(survdiff(Surv(time, event) ~ first, frame)$chisq, 1, lower.tail = FALSE) else NA
  p <- p_of(frame)
  for (k in seq_len(most)) {
    after <- apply(combn(nrow(frame), k), 2, function(i) { frame$event[i] <- 1 - frame$event[i]; p_of(frame) })
    if (any((after < .05) != (p < .05), na.rm = TRUE)) return(list(p = p, flips = k))
  }
  list(p = p, flips = NA)
}
tiny <- with_first(classics$aml)[, c("time", "event", "first")]

set.seed(20240501)
courses <- data.frame(cluster = rep(1:24, times = rep(c(1, 2, 3), 8)))
courses$first <- as.numeric(courses$cluster <= 11)
courses$days <- round(18 + 4 * courses$first + rep(rnorm(24, sd = 4), times = rep(c(1, 2, 3), 8)) + rnorm(48, sd = 3))

# one death in an arm, as among the first enrolments of a study: limits of the profile and of a standard error lie far apart
one_death <- data.frame(time = c(3, 5, 7, 9, 4, 8, 10, 12, 4, 6, 8, 10, 11, 13), event = c(1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0), first = rep(0:1, c(8, 6)))
apart <- function(ties) c(profile_of(one_death, "first", ties), list(wald = I(unname(confint(coxph(Surv(time, event) ~ first, one_death, ties = ties, control = tight))[1, ]))))

emit("sensitivity", list(
  profile = list(
    aml.efron = profile_of(with_first(classics$aml), "first", "efron"), aml.breslow = profile_of(with_first(classics$aml), "first", "breslow"),
    ovarian.efron = profile_of(frame_of(classics$ovarian), c("age", "rx"), "efron"),
    zero_event_arm.efron = profile_of(with_first(hand$zero_event_arm), "first", "efron"),
    switches.efron = profile_of(frame_of(start_stop$switches), "on", "efron", left = "Surv(start, stop, event)")),
  one_death = list(time = I(one_death$time), event = I(one_death$event), first = I(one_death$first), breslow = apart("breslow"), efron = apart("efron")),
  nobody_died = list(at_risk = I(c(1, 6, 17)), lower = I(sapply(c(1, 6, 17), function(n) binom.test(n, n, alternative = "greater")$conf.int[1]))),
  robust = list(
    aml.efron = robust_of(clustered(with_first(classics$aml)), "first", "efron"), aml.breslow = robust_of(clustered(with_first(classics$aml)), "first", "breslow"),
    ovarian.efron = robust_of(clustered(frame_of(classics$ovarian)), c("age", "rx"), "efron"),
    colon_months.efron = robust_of(clustered(frame_of(classics$colon_months)), c("node4", "sex"), "efron"),
    colon_months.breslow = robust_of(clustered(frame_of(classics$colon_months)), c("node4", "sex"), "breslow")),
  courses = list(values = I(courses$days), first = I(courses$first), cluster = I(courses$cluster), expected = ranks_of(courses$days, courses$first, courses$cluster)),
  tipping = list(left_out = left_out(tiny, 3, 24), added = added(tiny, 24)),
  flips = list(aml = flips_of_curves(tiny, 2), late = flips_of_curves(transform(tiny, time = time + 8 * first), 3)),
  # the two trials by which Walsh et al. (J Clin Epidemiol 2014;67:622-628) introduce the index, and one without significance
  fragility = list(few = fewest_flips(1, 100, 9, 100), many = fewest_flips(200, 4000, 250, 4000))))
