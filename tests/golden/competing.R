# Cumulative incidence and Gray's test (cmprsk), and the same estimate from survival.
incidence_of <- function(case) {
  time <- as.numeric(case$time); cause <- as.numeric(case$cause); group <- as.character(case$group)
  whole <- cmprsk::cuminc(time, cause)
  grouped <- cmprsk::cuminc(time, cause, group)
  at <- quantile(time, c(.05, .2, .5, .8), names = FALSE, type = 1)
  found <- cmprsk::timepoints(whole, at)
  fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1)
  list(at = I(at), incidence1 = I(unname(found$est[1, ])), incidence2 = I(unname(found$est[2, ])),
       variance1 = I(unname(found$var[1, ])), variance2 = I(unname(found$var[2, ])),
       last = I(fit$pstate[nrow(fit$pstate), 2:3]), gray = I(grouped$Tests[, "stat"]), freedom = I(grouped$Tests[, "df"]),
       # cuminc itself prints 1 - pchisq(), which loses the small ones
       p = I(pchisq(grouped$Tests[, "stat"], grouped$Tests[, "df"], lower.tail = FALSE)),
       weighted = I(cmprsk::cuminc(time, cause, group, rho = 1)$Tests[, "stat"]))
}
emit("competing", lapply(competing, incidence_of))
