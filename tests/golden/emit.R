# Writes nested lists as JSON with 17 significant digits (base R only). NA and NaN become null, infinities 1e999.
as_json <- function(x) {
  if (is.list(x)) {
    items <- vapply(x, as_json, "")
    if (is.null(names(x))) return(paste0("[", paste(items, collapse = ","), "]"))
    return(paste0("{", paste0('"', names(x), '":', items, collapse = ","), "}"))
  }
  if (is.matrix(x)) return(as_json(lapply(seq_len(nrow(x)), function(i) I(unname(x[i, ])))))
  many <- length(x) != 1 || inherits(x, "AsIs")
  x <- unclass(x)
  if (is.factor(x)) x <- as.character(x)
  text <- if (is.character(x)) paste0('"', x, '"')
    else if (is.logical(x)) ifelse(is.na(x), "null", ifelse(x, "true", "false"))
    else ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, "1e999", "-1e999"), sprintf("%.17g", x)))
  if (many) paste0("[", paste(text, collapse = ","), "]") else text
}

emit <- function(name, content) {
  made_by <- list(script = "make_golden.R", r = as.character(getRversion()),
                  survival = as.character(packageVersion("survival")), cmprsk = as.character(packageVersion("cmprsk")))
  body <- vapply(names(content), function(k) paste0('"', k, '": ', as_json(content[[k]])), "")
  writeLines(paste0("{\n\"made_by\": ", as_json(made_by), ",\n", paste(body, collapse = ",\n"), "\n}"),
             paste0(name, ".json"))
}
