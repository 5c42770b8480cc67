# Fine and Gray's model (cmprsk::crr), interactions of a Cox model (survival::coxph), ratios of rates (stats::poisson.test).
# Rscript models.R, in this folder: writes models.json with the data that were used.
library(survival)
source("emit.R")
m <- mgus2[complete.cases(mgus2[, c("age", "hgb")]), ][1:200, ]
m$cause <- ifelse(m$pstat == 1, 1, ifelse(m$death == 1, 2, 0))
m$time <- ifelse(m$pstat == 1, m$ptime, m$futime)
m$male <- as.numeric(m$sex == "M")
one <- cmprsk::crr(m$time, m$cause, cbind(m$male), failcode = 2, gtol = 1e-12)
two <- cmprsk::crr(m$time, m$cause, cbind(m$male, m$age), failcode = 2, gtol = 1e-12)
told <- function(f) list(coefficient = I(unname(f$coef)), standard_error = I(unname(sqrt(diag(f$var)))))
v <- veteran
interaction <- function(ties) {
  full <- coxph(Surv(time, status) ~ trt * celltype, v, ties = ties, control = coxph.control(eps = 1e-11, iter.max = 50))
  main <- coxph(Surv(time, status) ~ trt + celltype, v, ties = ties, control = coxph.control(eps = 1e-11, iter.max = 50))
  k <- grep(":", names(coef(full)))
  wald <- as.numeric(coef(full)[k] %*% solve(vcov(full)[k, k]) %*% coef(full)[k])
  list(wald = pchisq(wald, length(k), lower.tail = FALSE),
       likelihood_ratio = pchisq(2 * (full$loglik[2] - main$loglik[2]), length(k), lower.tail = FALSE))
}
rates <- function(x, t) {
  p <- poisson.test(x, t)
  list(events = I(x), time = I(t), ratio = unname(p$estimate), lower = p$conf.int[1], upper = p$conf.int[2], p = p$p.value)
}
emit("models", list(
  fine_gray = list(time = I(m$time), cause = I(c(0, 2, 1)[m$cause + 1]), male = I(m$male), age = I(m$age), one = told(one), two = told(two)),
  interaction = list(time = I(v$time), status = I(v$status), trt = I(v$trt), celltype = I(as.character(v$celltype)),
                     breslow = interaction("breslow"), efron = interaction("efron")),
  rates = list(rates(c(11, 25), c(800.5, 720.25)), rates(c(0, 7), c(100, 90)), rates(c(6, 0), c(100, 90)), rates(c(3, 3), c(50, 50)))))
