# Public data sets as packages ship them, read by R: patients, events, estimates at two times, median, log-rank P.
#   Rscript own_files.R DATASETS > own_files.json   the files of Python's lifelines, in the folder DATASETS
#   Rscript own_files.R R FOLDER                    those of R's survival, written as R writes files into FOLDER; values on stdout
suppressMessages(library(survival))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "emit.R"))
values <- function(time, event, group, at) {
  fit <- survfit(Surv(time, event) ~ 1)
  test <- survdiff(Surv(time, event) ~ group)
  list(patients = length(time), events = sum(event), at = I(at), survival = I(summary(fit, times = at)$surv),
       median = unname(summary(fit)$table["median"]), p = pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE))
}
month <- 365.25 / 12
asked <- commandArgs(TRUE)
if (asked[1] == "R") {
  place <- function(name) file.path(asked[2], name)
  write.csv(lung, place("lung.csv"))                                              # names of rows, NA
  write.table(veteran, place("veteran.txt"))                                      # quoted, blanks, names of rows
  write.table(ovarian, place("ovarian.txt"), row.names = FALSE, quote = FALSE)
  write.csv2(transform(colon, time = time / month), place("colon.csv"))           # semicolons, decimal comma; two rows a patient
  write.table(transform(lung, time = time / 7), place("lung-dots.txt"), sep = ";", dec = ",", na = ".", row.names = FALSE)
  write.table(aml, place("aml.txt"), sep = "\t", quote = FALSE)                    # a cell more than the header in each row
  write.csv(pbc, place("pbc.csv"), row.names = FALSE, na = "")
  foreign::write.dta(pbc, place("pbc.dta"))                                       # factors as value labels
  foreign::write.dta(aml, place("aml.dta"))
  deaths <- subset(colon, etype == 2)
  randomised <- subset(pbc, !is.na(trt))
  complete <- subset(lung, !is.na(ph.ecog))
  content <- list(
    lung = values(complete$time / month, complete$status - 1, complete$sex, c(6, 12)),
    veteran = values(veteran$time / month, veteran$status, veteran$trt, c(3, 6)),
    ovarian = values(ovarian$futime / month, ovarian$fustat, ovarian$rx, c(12, 15)),
    aml = values(aml$time / (month / 7), aml$status, aml$x, c(3, 6)),
    pbc = values(randomised$time / month, randomised$status == 2, randomised$trt, c(36, 84)),
    colon = values(deaths$time / month, deaths$status, deaths$rx, c(24, 60)))
} else {
  read <- function(name) read.csv(file.path(asked[1], name))
  lung <- read("lung.csv"); gbsg <- read("gbsg2.csv"); larynx <- read("larynx.csv"); waltons <- read("waltons_dataset.csv")
  glioma <- read("g3.csv"); lymphoma <- read("lymphoma.csv"); gehan <- read.table(file.path(asked[1], "gehan.dat"))
  content <- list(
    lung = values(lung$time / month, lung$status, lung$sex, c(6, 12)),
    gbsg2 = values(gbsg$time / month, gbsg$cens, gbsg$horTh, c(24, 60)),
    larynx = values(larynx$time * 12, larynx$death, larynx$Stage_IV, c(12, 36)),
    waltons = values(waltons$T, waltons$E, waltons$group, c(24, 60)),
    glioma = values(glioma$time, glioma$event == "True", glioma$group, c(12, 24)),
    lymphoma = values(lymphoma$Time / month, lymphoma$Censor, lymphoma$Stage_group, c(3, 6)),
    gehan = values(gehan$V2, gehan$V3, gehan$V1, c(6, 12)))
}
body <- vapply(names(content), function(k) paste0('"', k, '": ', as_json(content[[k]])), "")
cat("{\n", paste(body, collapse = ",\n"), "\n}\n", sep = "")
