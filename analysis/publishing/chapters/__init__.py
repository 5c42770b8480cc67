"""What the pages of a study are made of: one module a kind of content; `analysis.publishing.page.Page` is all of them."""
