# Curves and tests of a state that patients enter on the way, checks of proportional hazards, Firth's penalty.
jasa <- survival::jasa
switching <- list(
  # Stanford heart transplants in days: somebody dies on day 0, somebody on the day of transplantation
  jasa = column(time = jasa$futime, event = jasa$fustat, switch = ifelse(jasa$transplant == 1, jasa$wait.time, NA)),
  tied_months = column(time = c(3, 9, 8, 5, 12, 2, 5, 9, 4, 7, 7, 1), event = c(1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0),
                       switch = c(NA, 3, 5, NA, 5, NA, 2, 3, 4, NA, 1, NA)),
  from_the_start = column(time = c(2, 4, 6, 8, 3, 5), event = c(1, 1, 0, 1, 1, 0), switch = c(0, 0, 2, NA, NA, 3)))

rows_of <- function(case) {
  time <- as.numeric(case$time); event <- as.numeric(case$event); switch <- as.numeric(case$switch)
  origin <- if (min(time) > 0) 0 else -1
  do.call(rbind, lapply(seq_along(time), function(i) {
    s <- switch[i]
    if (!is.na(s) && s == 0) return(data.frame(start = origin, stop = time[i], event = event[i], on = 1))
    if (is.na(s) || s >= time[i]) return(data.frame(start = origin, stop = time[i], event = event[i], on = 0))
    data.frame(start = c(origin, s), stop = c(s, time[i]), event = c(0, event[i]), on = c(0, 1))
  }))
}

by_state <- function(rows, state, start, at) {
  part <- rows[rows$on == state & rows$stop > start, ]
  part$start <- pmax(part$start, start)
  found <- summary(survfit(Surv(start, stop, event) ~ 1, part), times = at, extend = TRUE)
  list(survival = I(found$surv), at_risk = I(sapply(at, function(t) sum(part$start < t & part$stop >= t))))
}

switched <- function(case) {
  rows <- rows_of(case)
  at <- sort(unique(quantile(rows$stop[rows$stop > 0], c(.1, .3, .5, .7, .9), type = 1, names = FALSE)))
  later <- at[3]
  o <- e <- v <- 0
  for (t in sort(unique(rows$stop[rows$event == 1]))) {
    risk <- rows$start < t & rows$stop >= t; died <- rows$stop == t & rows$event == 1
    n <- sum(risk); n1 <- sum(risk & rows$on == 1); d <- sum(died)
    o <- o + sum(died & rows$on == 1); e <- e + d * n1 / n
    if (n > 1) v <- v + d * n1 * (n - n1) * (n - d) / (n^2 * (n - 1))
  }
  efron <- coxph(Surv(start, stop, event) ~ on, rows)
  list(at = I(at), later = later, before = by_state(rows, 0, min(rows$start), at), after = by_state(rows, 1, min(rows$start), at),
       before_later = by_state(rows, 0, later, at[at > later]), after_later = by_state(rows, 1, later, at[at > later]),
       mantel_byar = I(c(o, e, v, (o - e)^2 / v)),
       score_exact = coxph(Surv(start, stop, event) ~ on, rows, ties = "exact")$score,
       efron_hr = unname(exp(coef(efron))))
}

checked <- function(case, names) {
  frame <- data.frame(lapply(case, as.vector))
  one <- function(ties, transform) {
    fit <- coxph(reformulate(names, "Surv(time, event)"), frame, ties = ties)
    table <- cox.zph(fit, transform = transform, terms = FALSE)$table
    list(chi_square = I(unname(table[, "chisq"])), p = I(unname(table[, "p"])))
  }
  of_ties <- function(ties) { t <- c("km", "rank", "identity", "log"); setNames(lapply(t, function(x) one(ties, x)), t) }
  list(names = I(names), efron = of_ties("efron"), breslow = of_ties("breslow"))
}

# Firth's penalty from coxph and glm: log-likelihood + half the log determinant of the information, then maximised
firth_cox <- function(frame, names, free = rep(TRUE, length(names)), fixed = rep(0, length(names))) {
  penalised <- function(b) {
    beta <- fixed; beta[free] <- b
    fit <- suppressWarnings(coxph(reformulate(names, "Surv(time, event)"), frame, ties = "breslow", init = beta, control = coxph.control(iter.max = 0)))
    fit$loglik[1] - determinant(as.matrix(fit$var))$modulus / 2
  }
  if (!any(free)) return(list(value = penalised(numeric(0)), par = numeric(0)))
  found <- optim(rep(0, sum(free)), function(b) tryCatch(-penalised(b), error = function(e) 1e10), method = "BFGS", control = list(reltol = 1e-14, maxit = 1000))
  list(value = -found$value, par = found$par)
}

firth_logistic <- function(frame, names, free = rep(TRUE, length(names)), fixed = rep(0, length(names))) {
  x <- cbind(1, as.matrix(frame[names]))
  penalised <- function(b) {
    beta <- c(b[1], fixed); beta[c(TRUE, free)] <- b
    p <- plogis(drop(x %*% beta))
    sum(frame$event * log(p) + (1 - frame$event) * log1p(-p)) + determinant(crossprod(x * sqrt(p * (1 - p))))$modulus / 2
  }
  found <- optim(rep(0, 1 + sum(free)), function(b) -penalised(b), method = "BFGS", control = list(reltol = 1e-14, maxit = 1000))
  list(value = -found$value, par = found$par[-1])
}

firth_of <- function(case, names, penalised) {
  frame <- data.frame(lapply(case, as.vector))
  full <- penalised(frame, names)
  drop <- sapply(seq_along(names), function(k) {
    free <- seq_along(names) != k
    pchisq(2 * (full$value - penalised(frame, names, free)$value), 1, lower.tail = FALSE)
  })
  limit <- function(k, side) {
    free <- seq_along(names) != k
    gap <- function(b) { fixed <- rep(0, length(names)); fixed[k] <- b; 2 * (full$value - penalised(frame, names, free, fixed)$value) - qchisq(.95, 1) }
    reach <- 0.05
    while (gap(full$par[k] + side * reach) < 0) reach <- 1.5 * reach
    uniroot(gap, sort(full$par[k] + side * c(0, reach)), tol = 1e-9)$root
  }
  list(names = I(names), coefficient = I(full$par), p = I(drop),
       lower = I(sapply(seq_along(names), limit, -1)), upper = I(sapply(seq_along(names), limit, 1)))
}

zero_arm <- hand$zero_event_arm
zero_arm$first <- I(as.numeric(zero_arm$group == "a"))
separated <- column(event = c(0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1), exposed = c(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
                    age = c(3, 9, 4, 7, 8, 6, 2, 5, 7, 9, 3, 6))

emit("beyond", list(
  switching = switching, switched = lapply(switching, switched),
  checked = list(ovarian = checked(classics$ovarian, c("age", "rx")), veteran = checked(classics$veteran, c("karno", "age", "trt")),
                 colon_months = checked(classics$colon_months, c("node4", "sex"))),
  firth_cases = list(zero_event_arm = zero_arm, separated = separated),
  firth_cox = list(ovarian = firth_of(classics$ovarian, c("age", "rx"), firth_cox), zero_event_arm = firth_of(zero_arm, "first", firth_cox)),
  firth_logistic = list(separated = firth_of(separated, c("exposed", "age"), firth_logistic)),
  # events needed at 80% power, one to one, two-sided 5%: Schoenfeld's formula written out
  schoenfeld = list(needed = (qnorm(.975) + qnorm(.8))^2 / (log(.5)^2 * .25), detectable = exp(-(qnorm(.975) + qnorm(.9)) / sqrt(40 * .3 * .7)))))
