# Models in which a whole group has no event, so that coefficients are infinite while contrasts of the other groups are finite.
# Rscript separated.R, in this folder: writes separated.json with the data that were used.
suppressPackageStartupMessages(library(survival))
source("emit.R")
v <- veteran
v$event <- ifelse(v$celltype == "squamous", 0, v$status)
v$late <- as.numeric(v$time > 60 & v$celltype != "squamous")
for (type in c("smallcell", "adeno", "large")) v[[type]] <- as.numeric(v$celltype == type)
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100)
# iterations end while the infinite coefficients still grow; the finite one and its error have settled by then
cox <- function(ties) {
  s <- suppressWarnings(summary(coxph(Surv(time, event) ~ karno + smallcell + adeno + large, v, ties = ties, control = tight)))$coef["karno", ]
  list(coefficient = unname(s["coef"]), standard_error = unname(s["se(coef)"]), p = unname(s["Pr(>|z|)"]))
}
logistic <- summary(glm(late ~ karno + smallcell + adeno + large, binomial, v, control = glm.control(epsilon = 1e-12, maxit = 100)))$coef["karno", ]
# finite, but far from zero: two groups of x that barely overlap
far <- data.frame(y = c(0, 1, 0, 0, 0, 1, 0, 1), x = c(1.395, -0.008, 2.559, -0.079, 0.496, 1.288, 1.482, -1.623), z = c(1, 0, 1, 0, 0, 1, 0, 0))
apart <- summary(glm(y ~ x + z, binomial, far, control = glm.control(epsilon = 1e-14, maxit = 100)))$coef[-1, ]
# Firth's penalty with three events in seven patients: the profile is flat in places, and R's own search between two points finds the limits
few <- data.frame(time = c(0, 0, 2, 3, 5, 6, 10), event = c(0, 0, 0, 1, 0, 1, 1),
                  x = c(.037, .194, .246, 1.392, -.86, .801, 2.47), z = c(0, 1, 1, 1, 0, 1, 1))
penalised <- function(b) {
  r <- exp(few$x * b[1] + few$z * b[2]); X <- cbind(few$x, few$z); value <- 0; information <- matrix(0, 2, 2)
  for (k in which(few$event == 1)) {
    at_risk <- few$time >= few$time[k]; w <- r[at_risk] / sum(r[at_risk]); m <- colSums(X[at_risk, , drop = FALSE] * w)
    value <- value + log(r[k] / sum(r[at_risk])); information <- information + crossprod(X[at_risk, , drop = FALSE] * sqrt(w)) - tcrossprod(m)
  }
  value + log(det(information)) / 2
}
climb <- function(start, f) { for (i in 1:4) start <- optim(start, f, control = list(fnscale = -1, reltol = 1e-16, maxit = 5000))$par; start }
top <- climb(c(0, 0), penalised)
held <- function(k, b) {
  f <- function(other) penalised(if (k == 1) c(b, other) else c(other, b))
  optimize(f, c(-30, 30), maximum = TRUE, tol = 1e-12)$objective
}
limit <- function(k, far) uniroot(function(b) held(k, b) - penalised(top) + qchisq(.95, 1) / 2, sort(c(top[k], far)), tol = 1e-11)$root
firth <- list(data = lapply(few, I), coefficient = I(top), lower = I(c(limit(1, -8), limit(2, -8))), upper = I(c(limit(1, 5), limit(2, 12))),
              p = I(pchisq(2 * (penalised(top) - c(held(1, 0), held(2, 0))), 1, lower.tail = FALSE)))
emit("separated", list(
  data = list(time = I(v$time), event = I(v$event), late = I(v$late), karno = I(v$karno), smallcell = I(v$smallcell),
              adeno = I(v$adeno), large = I(v$large)),
  efron = cox("efron"), breslow = cox("breslow"), exact = cox("exact"),
  logistic = list(coefficient = unname(logistic[1]), standard_error = unname(logistic[2]), p = unname(logistic[4])),
  far = list(data = lapply(far, I), coefficient = I(unname(apart[, 1])), standard_error = I(unname(apart[, 2])), p = I(unname(apart[, 4]))),
  firth = firth))
