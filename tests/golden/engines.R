# Whole analyses of data sets that no other golden value uses: colon, pbc, rotterdam, veteran, mgus2 of the R package survival.
column <- function(...) lapply(list(...), function(v) I(as.vector(v)))
colon <- subset(survival::colon, etype == 1 & !is.na(differ))
pbc <- survival::pbc[1:312, ]
rotterdam <- survival::rotterdam[seq(1, 2982, 4), ]
mgus2 <- subset(survival::mgus2, !is.na(hgb))[1:900, ]
progressed <- mgus2$pstat == 1

data <- list(
  colon = column(time = colon$time, event = colon$status, group = as.character(colon$rx), stratum = as.character(colon$extent),
                 age = colon$age, obstruct = colon$obstruct, differ = colon$differ),
  pbc = column(time = pbc$time, event = as.numeric(pbc$status == 2), cause = c(0, 2, 1)[pbc$status + 1], group = as.character(pbc$sex),
               stratum = as.character(pbc$stage), age = round(pbc$age, 3), bili = pbc$bili, albumin = pbc$albumin),
  rotterdam = column(time = rotterdam$dtime, event = rotterdam$death, group = as.character(rotterdam$size),
                     stratum = as.character(rotterdam$grade), age = rotterdam$age, nodes = rotterdam$nodes, meno = rotterdam$meno),
  veteran = column(time = survival::veteran$time, event = survival::veteran$status, group = as.character(survival::veteran$celltype),
                   stratum = as.character(survival::veteran$trt), karno = survival::veteran$karno, age = survival::veteran$age,
                   diagtime = survival::veteran$diagtime),
  mgus2 = column(time = ifelse(progressed, mgus2$ptime, mgus2$futime), event = as.numeric(progressed | mgus2$death == 1),
                 cause = ifelse(progressed, 1, 2 * mgus2$death), group = as.character(mgus2$sex), stratum = as.character(mgus2$age > 70),
                 age = mgus2$age, hgb = mgus2$hgb))

cox_of <- function(formula, frame, ties) {
  fit <- coxph(formula, frame, ties = ties, eps = 1e-14, iter.max = 100)
  list(coefficient = I(unname(coef(fit))), standard_error = I(unname(sqrt(diag(vcov(fit))))), log_likelihood = fit$loglik[2],
       likelihood_ratio = 2 * diff(fit$loglik))
}
whole <- function(case) {
  frame <- as.data.frame(lapply(case, unclass))
  covariates <- setdiff(names(case), c("time", "event", "cause", "group", "stratum"))
  right <- paste(covariates, collapse = " + ")
  curve <- survfit(Surv(time, event) ~ 1, frame)
  loglog <- survfit(Surv(time, event) ~ 1, frame, conf.type = "log-log", conf.int = 0.9)
  rows <- which(curve$surv > 0 & curve$surv < 1)
  rows <- rows[round(seq(1, length(rows), length.out = 12))]
  horizon <- max(frame$time) / 2
  test <- function(formula, ...) survdiff(formula, frame, ...)$chisq
  found <- list(
    covariates = I(covariates), at = I(curve$time[rows]), survival = I(curve$surv[rows]),
    standard_error = I(curve$std.err[rows] * curve$surv[rows]), lower = I(loglog$lower[rows]), upper = I(loglog$upper[rows]),
    hazard = I(curve$cumhaz[rows]), horizon = horizon, mean = unname(summary(curve, rmean = horizon)$table["rmean"]),
    mean_error = unname(summary(curve, rmean = horizon)$table["se(rmean)"]),
    logrank = test(Surv(time, event) ~ group), peto = test(Surv(time, event) ~ group, rho = 1),
    stratified = test(Surv(time, event) ~ group + strata(stratum)),
    efron = cox_of(as.formula(paste("Surv(time, event) ~", right)), frame, "efron"),
    breslow = cox_of(as.formula(paste("Surv(time, event) ~", right)), frame, "breslow"))
  logistic <- glm(as.formula(paste("event ~", right)), binomial, frame, control = glm.control(epsilon = 1e-14))
  found$logistic <- list(coefficient = I(unname(coef(logistic)[-1])), standard_error = I(unname(sqrt(diag(vcov(logistic)))[-1])))
  counts <- table(frame$group, frame$event)
  found$table <- list(pearson = suppressWarnings(chisq.test(counts, correct = FALSE))$p.value)
  if (nrow(counts) == 2) found$table$fisher <- fisher.test(counts)$p.value
  first <- frame$group == sort(unique(frame$group), method = "radix")[1]
  found$wilcoxon <- wilcox.test(frame$age[first], frame$age[!first], exact = FALSE, correct = FALSE)$p.value
  if (!is.null(case$cause)) {
    incidence <- cmprsk::cuminc(frame$time, frame$cause, frame$group)
    all <- cmprsk::timepoints(cmprsk::cuminc(frame$time, frame$cause), curve$time[rows])
    found$competing <- list(
      incidence = I(unname(all$est[1, ])), variance = I(unname(all$var[1, ])), gray = I(unname(incidence$Tests[, "stat"])),
      # cause-specific: the other cause ends observation
      efron = cox_of(as.formula(paste("Surv(time, cause == 1) ~", right)), frame, "efron"),
      breslow = cox_of(as.formula(paste("Surv(time, cause == 1) ~", right)), frame, "breslow"))
  }
  found
}
emit("engines", list(data = data, results = lapply(data, whole)))
