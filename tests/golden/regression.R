# Cox and logistic regression, converged to rounding.
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, toler.inf = 1e-14, iter.max = 200)

cox_of <- function(frame, covariates, ties, counting = FALSE) {
  left <- if (counting) "Surv(start, stop, event)" else "Surv(time, event)"
  fit_of <- function(names, ...) suppressWarnings(coxph(as.formula(paste(left, "~", paste(c(names, "1"), collapse = "+"))),
                                                        frame, ties = ties, control = tight, ...))
  one <- fit_of(covariates)
  reduced <- lapply(seq_along(covariates), function(k) {
    rest <- covariates[-k]
    beta <- rep(0, length(covariates)); value <- one$loglik[1]
    if (length(rest)) { small <- fit_of(rest); beta[-k] <- small$coefficients; value <- small$loglik[2] }
    start <- suppressWarnings(coxph(as.formula(paste(left, "~", paste(covariates, collapse = "+"))), frame, ties = ties,
                                    init = beta, control = coxph.control(iter.max = 0)))
    c(2 * (one$loglik[2] - value), start$score)
  })
  list(covariates = I(covariates), ties = ties, coefficient = I(unname(one$coefficients)), covariance = unname(as.matrix(one$var)),
       log_likelihood = I(one$loglik), wald = one$wald.test, score = one$score,
       term_ratio = I(vapply(reduced, `[`, 0, 1)), term_score = I(vapply(reduced, `[`, 0, 2)))
}

frame_of <- function(case) data.frame(lapply(case, as.vector))
with_first <- function(case) {
  frame <- frame_of(case); frame$first <- as.numeric(frame$group == sort(unique(frame$group))[1]); frame
}
ties <- c("efron", "breslow", "exact")
models <- list(aml = "first", lung = c("age", "ecog", "female"), veteran = c("trt", "karno", "age", "prior"),
               ovarian = c("age", "residual", "rx"), colon_months = c("node4", "sex", "age"), heavy_ties = "first",
               zero_event_arm = "first", three_groups = "first")
fits <- list()
for (name in names(models)) for (method in ties)
  fits[[paste(name, method, sep = ".")]] <- cox_of(with_first(all_cases[[name]]), models[[name]], method)
for (method in ties) {
  fits[[paste("heart", method, sep = ".")]] <-
    cox_of(frame_of(start_stop$heart), c("age", "transplant", "surgery"), method, TRUE)
  fits[[paste("switches", method, sep = ".")]] <- cox_of(frame_of(start_stop$switches), "on", method, TRUE)
}
emit("cox", fits)

logistic_of <- function(frame, outcome, covariates) {
  control <- glm.control(epsilon = 1e-15, maxit = 100)
  fit_of <- function(names, offset = rep(0, nrow(frame))) {
    frame$shift <- offset
    suppressWarnings(glm(as.formula(paste(outcome, "~", paste(c(names, "offset(shift)"), collapse = "+"))), binomial,
                         frame, control = control))
  }
  one <- fit_of(covariates)
  limit <- function(name, side) {
    excess <- function(b) deviance(fit_of(setdiff(covariates, name), b * frame[[name]])) - deviance(one) - qchisq(.95, 1)
    b <- coef(one)[[name]]; step <- side * sqrt(vcov(one)[name, name]); far <- b + step
    while (excess(far) < 0) far <- far + step
    uniroot(excess, sort(c(b, far)), tol = 1e-13)$root
  }
  list(coefficient = I(unname(coef(one))), standard_error = I(unname(sqrt(diag(vcov(one))))),
       log_likelihood = as.numeric(logLik(one)), null_deviance = one$null.deviance,
       term_ratio = I(vapply(covariates, function(k) deviance(fit_of(setdiff(covariates, k))) - deviance(one), 0)),
       profile_lower = I(vapply(covariates, limit, 0, -1)), profile_upper = I(vapply(covariates, limit, 0, 1)))
}
cars <- mtcars
inf <- infert
emit("logistic", list(
  data = list(mtcars = column(vs = cars$vs, mpg = cars$mpg, am = cars$am),
              infert = column(case = inf$case, spontaneous = inf$spontaneous, induced = inf$induced, age = inf$age)),
  mtcars = logistic_of(cars, "vs", c("mpg", "am")),
  infert = logistic_of(inf, "case", c("spontaneous", "induced", "age"))))
