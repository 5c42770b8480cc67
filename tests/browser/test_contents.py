"""The page being read is in sight among the contents, wherever the theme left them."""

from __future__ import annotations

import pytest

from analysis import paths

SCRIPT = (paths.BOOK / "_static" / "contents.js").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("here", "left_at", "moved"), [(55, 0, True), (2, 0, False), (2, 900, True), (40, 900, False)])
def test_contents_move_to_the_page_that_is_read_only_if_it_is_out_of_sight(browser, tmp_path, here, left_at, moved):
    entries = "".join(f'<li class="{"active" if place == here else ""}" style="height: 25px">{place}</li>' for place in range(60))
    (tmp_path / "page.html").write_text(
        f'<!DOCTYPE html><body style="margin: 0"><div class="bd-sidebar" style="height: 300px; overflow-y: auto"><ul class="bd-docs-nav">{entries}'
        f"</ul></div><script>document.querySelector('.bd-sidebar').scrollTop = {left_at};</script><script>{SCRIPT}</script></body>",
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    sidebar, entry = page.locator(".bd-sidebar"), page.locator(".active").bounding_box()
    assert entry["y"] >= 0 and entry["y"] + entry["height"] <= 300
    assert (sidebar.evaluate("one => one.scrollTop") != left_at) is moved
    page.context.close()
