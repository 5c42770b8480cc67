# What papers say of fitted Cox models, and restricted means compared, on `survival::lung` in whole months (many ties).
lung <- survival::lung
lung <- lung[!is.na(lung$ph.ecog) & lung$ph.ecog < 3, ]
lung$months <- ceiling(lung$time / 30.4); lung$died <- lung$status - 1; lung$male <- as.numeric(lung$sex == 1)
model <- coxph(Surv(months, died) ~ male + age + ph.ecog, lung)
concordant <- function(fit) { c <- concordance(fit); I(c(c$concordance, sqrt(c$var))) }
drift <- lapply(c(km = "km", rank = "rank", identity = "identity", log = "log"), function(g) I(unname(cox.zph(model, transform = g)$table[, "p"])))
mean_of <- function(rows) unname(summary(survfit(Surv(months, died) ~ 1, lung[rows, ]), rmean = 18)$table[c("rmean", "se(rmean)")])
women <- mean_of(lung$male == 0); men <- mean_of(lung$male == 1)
gap <- women[1] - men[1]; se <- sqrt(women[2]^2 + men[2]^2)
emit("fitted_models", list(
  months = I(lung$months), died = I(lung$died), male = I(lung$male), age = I(lung$age), ecog = I(lung$ph.ecog),
  concordance = concordant(model), of_one = concordant(coxph(Surv(months, died) ~ ph.ecog, lung)), drift = drift,
  women = I(women[1] + c(0, -1, 1) * qnorm(.975) * women[2]),
  difference = I(c(gap, gap + c(-1, 1) * qnorm(.975) * se, 2 * pnorm(-abs(gap / se))))))
