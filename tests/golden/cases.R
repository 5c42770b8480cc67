# The data sets: classics of R's survival package, and small hand-made ones for the edge cases.
column <- function(...) lapply(list(...), function(v) I(as.vector(v)))

aml <- survival::aml
lung <- subset(survival::lung, !is.na(ph.ecog))
veteran <- survival::veteran
ovarian <- survival::ovarian
colon <- subset(survival::colon, etype == 2 & !is.na(nodes))
mgus <- survival::mgus2
heart <- survival::heart

classics <- list(
  aml = column(time = aml$time, event = aml$status, group = as.character(aml$x)),
  lung = column(time = lung$time, event = lung$status - 1, group = ifelse(lung$sex == 1, "male", "female"),
                age = lung$age, ecog = lung$ph.ecog, female = lung$sex - 1),
  veteran = column(time = veteran$time, event = veteran$status, group = as.character(veteran$celltype),
                   trt = veteran$trt, karno = veteran$karno, age = veteran$age, prior = veteran$prior / 10),
  ovarian = column(time = ovarian$futime, event = ovarian$fustat, group = paste0("rx", ovarian$rx),
                   age = ovarian$age, residual = ovarian$resid.ds - 1, rx = ovarian$rx - 1),
  # whole months: up to a dozen deaths tied
  colon_months = column(time = round(colon$time / 30.4375), event = colon$status, group = as.character(colon$rx),
                        node4 = colon$node4, sex = colon$sex, age = colon$age))

hand <- list(
  heavy_ties = column(time = c(1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5),
                      event = c(1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0),
                      group = rep(c("a", "b"), c(12, 10))),
  zero_event_arm = column(time = c(3, 5, 7, 9, 4, 6, 8, 10), event = c(1, 1, 0, 1, 0, 0, 0, 0),
                          group = rep(c("a", "b"), each = 4)),
  plateau_at_half = column(time = c(1, 2, 3, 5, 8, 9), event = c(1, 1, 1, 0, 1, 1), group = rep(c("a", "b"), 3)),
  plateau_to_the_end = column(time = c(1, 2, 6, 7), event = c(1, 1, 0, 0), group = c("a", "b", "a", "b")),
  all_events = column(time = c(2, 4, 4, 7, 11, 13, 17), event = rep(1, 7), group = c("a", "b", "a", "a", "b", "b", "b")),
  no_events = column(time = c(1, 4, 6), event = c(0, 0, 0), group = c("a", "b", "a")),
  one_death = column(time = 5, event = 1),
  one_censored = column(time = 5, event = 0),
  censored_first = column(time = c(1, 2, 3, 4), event = c(0, 1, 1, 0), group = c("a", "b", "a", "b")),
  death_at_zero = column(time = c(0, 0, 2, 3, 5), event = c(1, 0, 1, 0, 1), group = c("a", "b", "a", "b", "b")),
  noisy_ties = column(time = c(0.1 + 0.2, 0.3, 0.3, 0.7, 0.1 * 7, 1.1), event = c(1, 1, 0, 1, 1, 0),
                      group = c("a", "b", "a", "b", "a", "b")),
  rising_band = column(time = 1:12, event = c(1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1),
                       group = rep(c("a", "b"), 6)),
  three_groups = column(time = c(6, 7, 10, 15, 19, 25, 3, 4, 9, 11, 12, 20, 8, 14, 16, 22, 24, 30),
                        event = c(1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1),
                        group = rep(c("a", "b", "c"), each = 6), stratum = rep(c("s", "t"), 9)))

start_stop <- list(
  heart = column(start = heart$start, stop = heart$stop, event = heart$event, age = heart$age,
                 transplant = as.integer(heart$transplant) - 1, surgery = heart$surgery),
  # whole numbers of time: switches fall on event times
  switches = column(start = c(0, 0, 3, 0, 5, 0, 0, 5, 0, 0, 2, 0, 3, 0), stop = c(3, 3, 9, 5, 8, 5, 5, 12, 8, 2, 5, 3, 10, 9),
                    event = c(1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1), on = c(0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0)))

rounded <- ceiling(mgus$etime <- with(mgus, ifelse(pstat == 0, futime, ptime)) / 12)
competing <- list(
  mgus = column(time = mgus$etime, cause = with(mgus, ifelse(pstat == 0, 2 * death, 1)), group = as.character(mgus$sex)),
  mgus_years = column(time = rounded, cause = with(mgus, ifelse(pstat == 0, 2 * death, 1)),
                      group = as.character(cut(mgus$age, c(0, 60, 75, 200), labels = c("young", "middle", "old")))),
  small = column(time = c(1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8), cause = c(1, 1, 2, 0, 1, 2, 2, 0, 1, 1, 2, 1),
                 group = rep(c("a", "b"), 6)))
