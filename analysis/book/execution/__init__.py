"""One notebook executed: kernel, recorder of reads, output sanitised."""
