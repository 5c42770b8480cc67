"""No line breaks within a range or a P value; text and code keep their characters."""

import pytest
from bs4 import BeautifulSoup

from analysis.book.sphinx.unbroken_numbers import keep_numbers_whole


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<p>HR 0.49 (95% CI 0.11–1.64; P = 0.26).</p>", ["95% CI", "0.11–1.64", "P = 0.26"]),
        ("<td>5.1–8.2</td>", ["5.1–8.2"]),
        ("<p>28%–52%, P &lt; 0.001, P ≥ 0.05.</p>", ["28%–52%", "P < 0.001", "P ≥ 0.05"]),
        ("<p>of 100 × 10⁹/L or more</p>", ["100 × 10⁹/L"]),
        ("<p>in 2015–2020, then 17.</p>", ["2015–2020"]),
        ("<p>a Mantel–Haenszel ratio, DP = 5, 7 – 8</p>", []),
        ('<p title="0.1–0.2 and P = 0.3">text</p>', []),
        ("<pre>P = 0.3 0.1–0.2</pre><code>P = 0.3</code><svg><text>0.1–0.2</text></svg>", []),
    ],
)
def test_a_number_in_a_sentence_is_one_line(html, whole):
    made = BeautifulSoup(keep_numbers_whole(html), "html.parser")
    assert [span.get_text() for span in made.select(".one-line")] == whole
    assert made.get_text() == BeautifulSoup(html, "html.parser").get_text()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p>(P = <span class="n">0.7</span>)</p>', "(P\xa0=\xa00.7)"),
        ('<p>(P <a href="#x">&lt; 0.001</a>)</p>', "(P\xa0< 0.001)"),
        ("<p><span>0.1</span>–<span>0.2</span></p>", "0.1–\u20600.2"),
        ("<p>0.1–<span>0.2</span></p>", "0.1–\u20600.2"),
        ("<p>Kaplan–<span>Meier</span> and <b>–</b></p>", "Kaplan–Meier and –"),
        ("<code>0.1–<span>0.2</span></code>", "0.1–0.2"),
    ],
)
def test_the_break_before_a_number_that_is_an_element_is_forbidden(html, text):
    assert BeautifulSoup(keep_numbers_whole(html), "html.parser").get_text() == text


@pytest.mark.parametrize("html", ["<p>P = 0.26, 0.11–1.64, P = <span>0.7</span>, 0.1–<span>0.2</span></p>"])
def test_a_page_once_set_stays_as_it_is(html):
    once = keep_numbers_whole(html)
    assert keep_numbers_whole(once) == once
