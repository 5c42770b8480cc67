# Single groups, pairs, diagnostic tests, means and rates, strata: what papers of other designs print.
set.seed(20261130)
alternatives <- c("two.sided", "greater", "less")
shares <- lapply(list(c(8, 21, .2), c(0, 14, .05), c(14, 14, .8), c(31, 97, .25), c(3, 40, .1)), function(s) {
  exact <- binom.test(s[1], s[2], s[3])$conf.int
  p <- sapply(alternatives, function(a) binom.test(s[1], s[2], s[3], alternative = a)$p.value)
  list(k = s[1], n = s[2], share = s[3], lower = exact[1], upper = exact[2], p = I(unname(p)))
})
mcnemar <- lapply(list(c(21, 9, 4, 37), c(10, 0, 6, 5), c(50, 12, 12, 80), c(5, 1, 0, 9)), function(v) {
  t <- matrix(v, 2, byrow = TRUE)
  list(table = t, exact = binom.test(t[1, 2], t[1, 2] + t[2, 1])$p.value,
       chi_square = mcnemar.test(t, correct = FALSE)$p.value, continuity = mcnemar.test(t)$p.value)
})
before <- round(rnorm(24, 50, 9), 1); after <- round(before + rnorm(24, -3, 6), 1)
tied_before <- sample(1:9, 18, TRUE); tied_after <- pmax(tied_before + sample(-3:2, 18, TRUE), 0)
pair <- function(x, y, exact) {
  t <- t.test(y, x, paired = TRUE)
  w <- function(...) suppressWarnings(wilcox.test(round(y - x, 9), ...)$p.value)  # 0.3 - 0.2 and 0.2 - 0.1 are tied
  r <- cor.test(x, y); s <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))
  list(first = I(x), second = I(y), mean = unname(t$estimate), lower = t$conf.int[1], upper = t$conf.int[2], sd = sd(y - x), t_p = t$p.value,
       continuity = w(exact = FALSE), asymptotic = w(exact = FALSE, correct = FALSE), exact = if (exact) w(exact = TRUE) else NA,
       sign = binom.test(sum(y > x), sum(y != x))$p.value,
       pearson = unname(r$estimate), r_lower = r$conf.int[1], r_upper = r$conf.int[2], pearson_p = r$p.value,
       spearman = unname(s$estimate), spearman_p = s$p.value)
}
pairs <- list(pair(before, after, FALSE), pair(tied_before, tied_after, FALSE),
              pair(c(3.1, 4.7, 2.2, 9.4, 5.5, 6.1), c(3.4, 5.9, 2.0, 12.1, 5.1, 8.3), TRUE))
# marker of 30 with and 45 without the disease, with ties
ill <- round(rnorm(30, 2.6, 1), 1); well <- round(rnorm(45, 1.7, 1), 1)
placed <- outer(ill, well, function(a, b) (a > b) + (a == b) / 2)
area <- mean(placed); q1 <- area / (2 - area); q2 <- 2 * area^2 / (1 + area)
delong <- var(rowMeans(placed)) / 30 + var(colMeans(placed)) / 45
hanley <- (area * (1 - area) + 29 * (q1 - area^2) + 44 * (q2 - area^2)) / (30 * 45)
limits <- function(variance) I(c(max(area - qnorm(.975) * sqrt(variance), 0), min(area + qnorm(.975) * sqrt(variance), 1)))
tp <- sum(ill >= 2.2); fp <- sum(well >= 2.2)
ratio <- function(a, n, b, m) { r <- (a / n) / (b / m); s <- sqrt(1 / a - 1 / n + 1 / b - 1 / m); I(c(r, r * exp(c(-1, 1) * qnorm(.975) * s))) }
diagnosis <- list(ill = I(ill), well = I(well), area = area, delong = limits(delong), hanley = limits(hanley), tp = tp, fp = fp,
                  positive = ratio(tp, 30, fp, 45), negative = ratio(30 - tp, 30, 45 - fp, 45))
raters <- rbind(c(44, 5, 1), c(7, 20, 3), c(9, 5, 6))
p <- raters / sum(raters); r <- rowSums(p); k <- colSums(p); po <- sum(diag(p)); pe <- sum(r * k); value <- (po - pe) / (1 - pe)
a <- sum(diag(p) * (1 - (r + k) * (1 - value))^2)
b <- (1 - value)^2 * sum(sapply(1:3, function(i) sapply(1:3, function(j) if (i == j) 0 else p[i, j] * (k[i] + r[j])^2)))
error <- sqrt((a + b - (value - pe * (1 - value))^2) / sum(raters)) / (1 - pe)
agreement <- list(table = raters, kappa = value, lower = value - qnorm(.975) * error, upper = value + qnorm(.975) * error)
one <- round(rnorm(15, 11, 3), 1); two <- round(rnorm(22, 9, 4.5), 1)
ci <- function(...) I(as.numeric(t.test(...)$conf.int))
means <- list(one = I(one), two = I(two), limits = ci(one), student = ci(one, two, var.equal = TRUE), welch = ci(one, two))
rates <- lapply(list(c(7, 3.4), c(0, 2.2), c(25, 31.7), c(120, 77.5)), function(s) {
  p <- poisson.test(s[1], s[2])
  list(events = s[1], expected = s[2], lower = p$conf.int[1], upper = p$conf.int[2], p = p$p.value)
})
lung <- survival::lung
lung <- lung[!is.na(lung$ph.ecog) & lung$ph.ecog < 3, ]
lung$months <- ceiling(lung$time / 30.4); lung$died <- lung$status - 1; lung$male <- as.numeric(lung$sex == 1)
stratified <- function(ties) { f <- summary(coxph(Surv(months, died) ~ male + strata(ph.ecog), lung, ties = ties)); I(c(f$conf.int[c(1, 3, 4)], f$coef[5])) }
sd <- survdiff(Surv(months, died) ~ ph.ecog, lung)
score <- 0:2; z2 <- sum(score * (sd$obs - sd$exp))^2 / as.numeric(t(score) %*% sd$var %*% score)
at <- lapply(0:1, function(m) { f <- summary(survfit(Surv(months, died) ~ 1, lung[lung$male == m, ]), times = 12); c(f$surv, f$std.err) })
difference <- at[[1]][1] - at[[2]][1]; se <- sqrt(at[[1]][2]^2 + at[[2]][2]^2)
loglog <- (log(-log(at[[1]][1])) - log(-log(at[[2]][1]))) / sqrt(sum(sapply(at, function(s) (s[2] / (s[1] * log(s[1])))^2)))
reverse <- survfit(Surv(months, 1 - died) ~ 1, lung)
band <- function(type) { s <- summary(survfit(Surv(months, 1 - died) ~ 1, lung, conf.type = type))$table; I(unname(s[c("0.95LCL", "0.95UCL")])) }
strata <- list(months = I(lung$months), died = I(lung$died), male = I(lung$male), stratum = I(lung$ph.ecog),
               efron = stratified("efron"), breslow = stratified("breslow"), trend_p = 1 - pchisq(z2, 1),
               difference = I(c(difference, difference + c(-1, 1) * qnorm(.975) * se)),
               difference_p = I(c(2 * pnorm(-abs(difference / se)), 2 * pnorm(-abs(loglog)))),
               follow_up = I(unname(quantile(reverse, c(.25, .5, .75))$quantile)), log = band("log"), loglog = band("log-log"), plain = band("plain"))
sd <- stats::sd
emit("designs", list(shares = shares, mcnemar = mcnemar, pairs = pairs, diagnosis = diagnosis, agreement = agreement, means = means,
                     rates = rates, strata = strata))
