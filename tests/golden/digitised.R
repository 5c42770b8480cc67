# Curves, numbers at risk and results of survival's data sets: what a reader of their figures sees, and what is true.
# Rscript tests/golden/digitised.R > tests/golden/digitised.json
library(survival)
month <- 30.4375
cohort <- function(time, event, arm = 1) data.frame(time = time / month, event = as.integer(event), arm = as.integer(factor(arm)))
sets <- list(
  aml = with(aml, cohort(time * 7, status, x)),
  ovarian = with(ovarian, cohort(futime, fustat, rx)),
  veteran = with(veteran, cohort(time, status, trt)),
  lung = with(lung, cohort(time, status == 2, sex)),
  gbsg = with(gbsg, cohort(rfstime, status, hormon)),
  colon = with(subset(colon, etype == 2), cohort(time, status, rx == "Lev+5FU")),
  pbc = with(pbc, cohort(time, status == 2)),
  rotterdam = with(rotterdam, cohort(dtime, death, chemo))
)
every <- c(aml = 6, ovarian = 6, veteran = 6, lung = 6, gbsg = 12, colon = 12, pbc = 12, rotterdam = 12)
numbers <- function(x) paste0("[", paste(ifelse(is.na(x), "null", format(x, digits = 7, trim = TRUE, scientific = FALSE)), collapse = ","), "]")
one <- function(name, d) {
  fit <- survfit(Surv(time, event) ~ 1, data = d)
  last <- max(d$time)
  drop <- fit$n.event > 0
  after <- fit$surv[drop]
  few <- sum(drop) <= 150
  if (few) { # both ends of each step
    at <- c(0, rep(fit$time[drop], each = 2), last)
    height <- c(1, as.vector(rbind(c(1, after[-length(after)]), after)), after[length(after)])
  } else { # as many points as clicks
    at <- seq(0, last, length.out = 161)
    height <- summary(fit, times = at, extend = TRUE)$surv
  }
  marks <- seq(0, last, by = every[[name]])
  horizons <- c(12, 24, 36)[c(12, 24, 36) < last]
  sprintf('{"n":%d,"events":%d,"median":%s,"horizons":%s,"survival":%s,"time":%s,"height":%s,"at":%s,"at_risk":%s,"censored":%s}',
    nrow(d), sum(d$event), numbers(unname(summary(fit)$table["median"])), numbers(horizons),
    numbers(if (length(horizons)) summary(fit, times = horizons, extend = TRUE)$surv else numeric(0)), numbers(round(at, 4)), numbers(round(100 * height, 3)), numbers(marks),
    numbers(sapply(marks, function(m) sum(d$time >= m))), numbers(round(sort(unique(d$time[d$event == 0])), 4)))
}
entry <- function(name) {
  d <- sets[[name]]
  arms <- lapply(sort(unique(d$arm)), function(a) one(name, d[d$arm == a, ]))
  ratio <- if (length(arms) == 2) sprintf("%.6f", coef(coxph(Surv(time, event) ~ arm, data = d))) else "null"
  sprintf('"%s":{"all":%s,"arms":[%s],"log_hr":%s}', name, one(name, d), if (length(arms) == 2) paste(unlist(arms), collapse = ",") else "", ratio)
}
cat("{", paste(sapply(names(sets), entry), collapse = ",\n"), "}\n", sep = "")
