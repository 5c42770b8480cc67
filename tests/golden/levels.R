# Limits of 90 % and 99 % of the eight patients of tests/conftest.py, and standardised differences of their levels.
library(cmprsk)
d <- data.frame(arm = rep(c("A", "B"), each = 4), stage = c("I", "II", NA, "III", "I", "I", "II", "III"), age = c(50, 60, 70, NA, 40:43),
                months = c(2, 5, 8, 12, 1, 3, 4, 9), died = c(1, 0, 1, 0, 1, 1, 1, 0))
d$a <- as.numeric(d$arm == "A")
one <- function(statistic, arguments, convention, level, lower, upper, subset = "")
  list(statistic = statistic, arguments = arguments, convention = convention, level = 100 * level, lower = lower, upper = upper, subset = subset)
limits <- do.call(c, lapply(c(.9, .99), function(level) {
  z <- qnorm((1 + level) / 2)
  km <- lapply(c("log", "log-log", "plain"), function(type) {
    f <- survfit(Surv(months, died) ~ 1, d, conf.type = type, conf.int = level); s <- summary(f, times = 4); m <- quantile(f, .5)
    list(one("survival", "endpoint=os; time=4", type, level, 100 * s$lower, 100 * s$upper),
         one("survival_median", "endpoint=os", type, level, unname(m$lower), unname(m$upper)))
  })
  reverse <- quantile(survfit(Surv(months, 1 - died) ~ 1, d, conf.type = "log", conf.int = level), .5)
  cox <- summary(coxph(Surv(months, died) ~ a, d), conf.int = level)$conf.int
  logit <- summary(glm(died ~ months, binomial, d, epsilon = 1e-14, maxit = 100))$coef[2, 1:2]
  exact <- 100 * binom.test(sum(d$died), 8, conf.level = level)$conf.int
  mean <- t.test(d$age, conf.level = level)$conf.int
  welch <- t.test(age ~ arm, d, conf.level = level)$conf.int
  r <- cor.test(d$age, d$months, conf.level = level)$conf.int
  rate <- 100 * poisson.test(sum(d$died), sum(d$months), conf.level = level)$conf.int
  odds <- summary(glm(died ~ a, binomial, d, epsilon = 1e-14))$coef[2, 1:2]
  c(do.call(c, km), list(
    one("follow_up_median", "endpoint=os", "log", level, unname(reverse$lower), unname(reverse$upper)),
    one("hazard_ratio", "endpoint=os; by=arm", "cox-efron", level, cox[3], cox[4]),
    one("cox", "endpoint=os; covariates=arm=A; term=arm=A", "efron", level, cox[3], cox[4]),
    one("logistic", "outcome=died; covariates=months; term=months", "", level, exp(logit[1] - z * logit[2]), exp(logit[1] + z * logit[2])),
    one("percent", "", "clopper-pearson", level, exact[1], exact[2], "died=1"),
    one("mean", "variable=age", "", level, mean[1], mean[2]),
    one("mean_difference", "variable=age; by=arm", "welch", level, welch[1], welch[2]),
    one("correlation", "first=age; second=months", "", level, r[1], r[2]),
    one("event_rate", "endpoint=os", "exact", level, rate[1], rate[2]),
    one("odds_ratio", "by=arm", "sample", level, exp(odds[1] - z * odds[2]), exp(odds[1] + z * odds[2]), "died=1")))
}))
# Yang and Dalton (SAS Global Forum 2012, 335), as tableone has it: differences of the shares over the mean of their covariances
apart <- function(x, g) {
  share <- function(k) table(factor(x)[g == k & !is.na(x)])[-1] / sum(g == k & !is.na(x))
  p <- c(share(1)); q <- c(share(0)); cov <- function(v) diag(v, length(v)) - v %o% v
  sqrt(c(t(p - q) %*% solve((cov(p) + cov(q)) / 2) %*% (p - q)))
}
ten <- summary(coxph(Surv(months, died) ~ age + a, d))$conf.int[1, c(1, 3, 4)]^10
trend <- summary(coxph(Surv(months, died) ~ I(1 - a) + age, d))
five <- exp(5 * coef(glm(died ~ months, binomial, d, epsilon = 1e-14, maxit = 100))[2])
mtcars$three <- cut(mtcars$hp, c(0, 100, 150, 400), labels = FALSE)
emit("levels", list(limits = limits, per_ten_years = I(unname(ten)), trend = I(c(trend$conf.int[1, 1], trend$coef[1, 5])), per_five_months = unname(five), stage = apart(d$stage, d$a), died = apart(d$died, d$a),
                    cars = list(first = I(tabulate(mtcars$three[mtcars$am == 1], 3)), second = I(tabulate(mtcars$three[mtcars$am == 0], 3)),
                                three = apart(mtcars$three, mtcars$am))))
