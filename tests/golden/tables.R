# Contingency tables, two samples, proportions.
hypergeometric <- function(t) {
  m <- sum(t[, 1]); n <- sum(t[, 2]); k <- sum(t[1, ]); x <- max(0, k - n):min(k, m)
  list(x = x, p = dhyper(x, m, n, k))
}
mid_p_2x2 <- function(t) {
  h <- hypergeometric(t); p0 <- h$p[h$x == t[1, 1]]
  sum(h$p[h$p < p0 * (1 - 1e-7)]) + sum(h$p[abs(h$p / p0 - 1) <= 1e-7]) / 2
}
conditional <- function(t, alpha = .05) {
  h <- hypergeometric(t); a <- t[1, 1]
  tilt <- function(b) { w <- log(h$p) + b * h$x; w <- exp(w - max(w)); w / sum(w) }
  root <- function(f) exp(uniroot(f, c(-40, 40), tol = 1e-15)$root)
  low <- a == min(h$x); high <- a == max(h$x)
  c(if (low) 0 else if (high) Inf else root(function(b) sum(h$x * tilt(b)) - a),
    if (low) 0 else root(function(b) sum(tilt(b)[h$x >= a]) - alpha / 2),
    if (high) Inf else root(function(b) sum(tilt(b)[h$x <= a]) - alpha / 2))
}
set.seed(20240501)
square <- list(rbind(c(3, 1), c(1, 3)), rbind(c(11, 9), c(6, 13)), rbind(c(0, 7), c(9, 12)), rbind(c(5, 0), c(4, 8)),
               rbind(c(19, 1), c(15, 4)), rbind(c(24, 42), c(690, 257)), rbind(c(500, 13), c(460, 40)),
               rbind(c(10, 10), c(10, 10)), rbind(c(2, 15), c(17, 1)))
square <- c(square, lapply(1:20, function(i) matrix(rmultinom(1, sample(10:80, 1), runif(4)), 2)))
square <- Filter(function(t) all(rowSums(t) > 0) && all(colSums(t) > 0), square)
wide <- list(rbind(c(5, 9, 2, 14, 1, 8), c(7, 3, 6, 4, 5, 3)), rbind(c(9, 3, 1), c(2, 8, 4), c(1, 1, 7)),
             rbind(c(13, 18, 8, 7, 4, 2, 14), c(190, 250, 120, 95, 60, 12, 220)),
             rbind(c(30, 380), c(16, 310), c(12, 170), c(8, 87)), rbind(c(4, 2, 0, 1), c(1, 6, 3, 2), c(0, 1, 5, 9)),
             rbind(c(8, 2), c(3, 9), c(5, 5)))
wide <- c(wide, lapply(1:12, function(i) { r <- sample(2:4, 1); k <- sample(3:5, 1)
  matrix(rmultinom(1, sample(15:45, 1), runif(r * k)), r) }))
wide <- Filter(function(t) all(rowSums(t) > 0) && all(colSums(t) > 0), wide)
table_of <- function(t) {
  quiet <- suppressWarnings
  list(table = t, fisher = fisher.test(t, workspace = 2e8)$p.value, pearson = quiet(chisq.test(t, correct = FALSE))$p.value,
       yates = quiet(chisq.test(t))$p.value)
}
odds_of <- function(t) {
  z <- qnorm(.975); b <- log(t[1, 1] * t[2, 2] / t[1, 2] / t[2, 1]); error <- sqrt(sum(1 / t))
  c(table_of(t), list(mid_p = mid_p_2x2(t), conditional = I(conditional(t)),
    r_conditional = I(c(unname(fisher.test(t)$estimate), fisher.test(t)$conf.int)),
    sample = I(if (all(t > 0)) exp(b + c(0, -z, z) * error) else rep(NA_real_, 3))))
}
emit("contingency", list(square = lapply(square, odds_of), wide = lapply(wide, table_of)))

samples <- list(
  apart = list(x = c(1.83, .5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3), y = c(.878, .647, .598, 2.05, 1.06, 1.29, 1.061, 3.14, 1.291)),
  unequal = list(x = c(.8, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46), y = c(1.15, .88, .9, .74, 1.21)),
  tied = list(x = c(1, 1, 2, 2, 3, 5), y = c(2, 2, 3, 4, 4, 5, 5, 9)),
  mostly_tied = list(x = c(0, 0, 0, 1, 1), y = c(0, 1, 1, 1, 1, 2)),
  sleep = list(x = sleep$extra[1:10], y = sleep$extra[11:20]))
two_of <- function(s) {
  x <- s$x; y <- s$y; r <- rank(c(x, y)); m <- length(x); u <- sum(r[1:m]) - m * (m + 1) / 2
  draws <- combn(length(r), m, function(i) sum(r[i])); centre <- m * (length(r) + 1) / 2
  quiet <- suppressWarnings; tied <- anyDuplicated(r) > 0
  list(x = I(x), y = I(y), student = t.test(x, y, var.equal = TRUE)$p.value, welch = t.test(x, y)$p.value,
       welch_freedom = unname(t.test(x, y)$parameter), u = u,
       exact = mean(abs(draws - centre) >= abs(sum(r[1:m]) - centre) - 1e-9),
       r_exact = if (tied) NA_real_ else wilcox.test(x, y, exact = TRUE)$p.value,
       untied = min(1, 2 * pwilcox(floor(min(u, m * length(y) - u)), m, length(y))),
       asymptotic = quiet(wilcox.test(x, y, exact = FALSE, correct = FALSE))$p.value,
       continuity = quiet(wilcox.test(x, y, exact = FALSE))$p.value)
}
emit("location", lapply(samples, two_of))

proportion_of <- function(k, n) {
  z <- qnorm(.975); p <- k / n; q <- (k + z^2 / 2) / (n + z^2)
  quiet <- suppressWarnings
  list(k = k, n = n, "clopper-pearson" = I(as.vector(binom.test(k, n)$conf.int)),
       wilson = I(as.vector(quiet(prop.test(k, n, correct = FALSE))$conf.int)),
       "wilson-continuity" = I(as.vector(quiet(prop.test(k, n))$conf.int)),
       wald = I(pmin(pmax(p + c(-z, z) * sqrt(p * (1 - p) / n), 0), 1)),
       "agresti-coull" = I(pmin(pmax(q + c(-z, z) * sqrt(q * (1 - q) / (n + z^2)), 0), 1)))
}
pairs <- rbind(c(0, 1), c(1, 1), c(0, 20), c(20, 20), c(10, 20), c(11, 20), c(1, 66), c(24, 66), c(38, 66), c(66, 1013), c(13, 39))
emit("proportions", list(cases = lapply(seq_len(nrow(pairs)), function(i) proportion_of(pairs[i, 1], pairs[i, 2]))))
