"""HTML to blocks: reading order, kinds, spans, hidden text, and pages made to break parsers."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cleaner.blocks.html import read_html
from cleaner.blocks.html_guard import cut_attributes
from cleaner.types import Block, Capture, Kind, MediaType, Page, SpanKind


def page_of(source: str, url: str | None = None) -> Page:
    return read_html(Capture(text=source, media_type=MediaType.HTML, url=url))


def blocks_of(source: str) -> tuple[Block, ...]:
    return page_of(source).blocks


def texts_of(source: str) -> list[str]:
    return [block.text for block in blocks_of(source)]


def linked(block: Block) -> list[tuple[str, str]]:
    return [(block.text[s.start : s.end], s.target) for s in block.spans if s.kind is SpanKind.LINK]


def test_paragraphs_and_bare_text_are_blocks_in_reading_order() -> None:
    source = "<div>bare <b>bold</b><p>first</p>between<p>second</p>after</div>"
    assert texts_of(source) == ["bare bold", "first", "between", "second", "after"]


def test_white_space_is_squashed_and_no_break_spaces_become_blanks() -> None:
    assert texts_of("<p>  a\n\t b&nbsp;&nbsp;c <i> d</i></p>") == ["a b c d"]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert texts_of("<div>one<br>two<br> &nbsp;<br/>three</div>") == ["one\ntwo", "three"]


def test_headings_have_their_level() -> None:
    first, second = blocks_of("<h1>Top <span>part</span></h1><h4>Low</h4>")
    assert (first.kind, first.level, first.text) == (Kind.HEADING, 1, "Top part")
    assert (second.kind, second.level) == (Kind.HEADING, 4)


def test_lists_keep_nesting_numbers_and_further_paragraphs() -> None:
    source = (
        "<ol start=4><li>four<p>more</p><ul><li>inner</li></ul>rest</li>"
        "<li value=9>nine</li><li>ten</li></ol>"
    )
    rows = [(b.text, b.level, b.ordinal, b.continues) for b in blocks_of(source)]
    assert rows == [
        ("four", 1, 4, False),
        ("more", 1, None, True),
        ("inner", 2, None, False),
        ("rest", 1, None, True),
        ("nine", 1, 9, False),
        ("ten", 1, 10, False),
    ]
    assert len({block.group for block in blocks_of(source)}) == 1


def test_two_lists_are_two_groups() -> None:
    first, second = blocks_of("<ul><li>a</ul><ul><li>b</ul>")
    assert first.group != second.group


def test_definition_lists() -> None:
    kinds = [(b.kind, b.text) for b in blocks_of("<dl><dt>term</dt><dd>meaning</dd></dl>")]
    assert kinds == [(Kind.TERM, "term"), (Kind.DEFINITION, "meaning")]


def test_quotes_carry_their_depth() -> None:
    source = "<blockquote><p>outer</p><blockquote>inner</blockquote></blockquote>"
    assert [(b.kind, b.quote_depth) for b in blocks_of(source)] == [
        (Kind.QUOTE, 1),
        (Kind.QUOTE, 2),
    ]


def test_code_keeps_white_space_and_notes_its_language() -> None:
    source = '<pre><code class="language-python">\ndef f():\n    return 1\n</code></pre>'
    (block,) = blocks_of(source)
    assert (block.kind, block.language) == (Kind.CODE, "python")
    assert block.text == "def f():\n    return 1"


@pytest.mark.parametrize(
    ("attributes", "language"),
    [
        ('class="brush: js"', "js"),
        ('class="highlight-source-shell"', "shell"),
        ('data-lang="Rust"', "rust"),
        ('class="plain"', ""),
        ('class="notranslate"', ""),
    ],
)
def test_code_languages(attributes: str, language: str) -> None:
    assert blocks_of(f"<pre {attributes}>x</pre>")[0].language == language


def test_rows_of_a_data_table_are_blocks_with_cells() -> None:
    source = (
        "<table><caption>Rain</caption><tr><th>Town<th>mm<tr><td><p>Aden</p><td colspan=2>4<br>5"
        "</table>"
    )
    caption, head, row = blocks_of(source)
    assert (caption.kind, caption.text) == (Kind.CAPTION, "Rain")
    assert [cell.header for cell in head.cells] == [True, True]
    assert row.text == "Aden\t4 5"
    assert [(row.text[c.start : c.end], c.columns) for c in row.cells] == [("Aden", 1), ("4 5", 2)]
    assert head.group == row.group != -1


@pytest.mark.parametrize(
    "source",
    [
        "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d<tr><td>e<td>f</table>",
        "<table><tr><td>a<td>b</table>",
        "<table><tr><td><h2>a</h2><td>b<tr><td>c<td>d<tr><td>e<td>f</table>",
        "<table><tr><td><table><tr><td>a</table><td>b</table>",
    ],
)
def test_layout_tables_are_no_rows(source: str) -> None:
    assert all(block.kind is not Kind.TABLE_ROW for block in blocks_of(source))


def test_images_alone_are_blocks_and_in_text_they_are_spans() -> None:
    source = "<figure><img src=a.png alt='A hill'></figure><p>text <img src=b.png alt=B> on</p>"
    image, text = blocks_of(source)
    assert (image.kind, image.text) == (Kind.IMAGE, "A hill")
    assert text.text == "text on"
    (span,) = text.spans
    assert (span.kind, span.target, span.title, span.start) == (SpanKind.IMAGE, "b.png", "B", 4)


def test_what_the_parser_puts_into_a_source_is_read() -> None:
    (block,) = blocks_of("<picture><source srcset=a.webp><img src=a.png alt=Hill></picture>")
    assert (block.kind, block.text) == (Kind.IMAGE, "Hill")


def test_a_hidden_count_does_not_glue_what_is_around_it() -> None:
    source = "<div><b class=a>241</b><i aria-hidden=true>5</i><b class=c>5 badges</b></div>"
    assert texts_of(source) == ["5", "241 5 badges"]


def test_lazy_images_give_their_real_address() -> None:
    (block,) = blocks_of('<img src="data:image/gif;base64,R0" data-src="/real.jpg" alt="x">')
    assert block.spans[0].target == "/real.jpg"


def test_spans_have_their_offsets() -> None:
    (block,) = blocks_of("<p>see <a href=x>the <em>old</em> page</a>, <code>f()</code></p>")
    assert block.text == "see the old page, f()"
    assert linked(block) == [("the old page", "x")]
    marks = {s.kind: block.text[s.start : s.end] for s in block.spans}
    assert marks[SpanKind.EMPHASIS] == "old"
    assert marks[SpanKind.CODE] == "f()"


def test_a_link_around_blocks_is_in_each_of_them() -> None:
    heading, text = blocks_of("<a href=card><h3>Card</h3><p>teaser</p></a>")
    assert linked(heading) == [("Card", "card")]
    assert linked(text) == [("teaser", "card")]


def test_links_that_touch_are_two_words() -> None:
    assert texts_of("<div><a href=1>One</a><a href=2>Two</a></div>") == ["One Two"]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div hidden>x</div>", "hidden"),
        ("<div aria-hidden=true>x</div>", "aria-hidden"),
        ('<div style="display : none">x</div>', "display-none"),
        ('<p style="visibility:hidden">x</p>', "display-none"),
        ('<div style="position:absolute;left:-9999px">x</div>', "off-screen"),
        ("<div class='sr-only'>x</div>", "off-screen"),
        ("<video>x</video>", "fallback"),
        ("<template>x</template>", "template"),
        ("<dialog>x</dialog>", "hidden"),
    ],
)
def test_hidden_text_is_kept_and_flagged(markup: str, reason: str) -> None:
    (block,) = blocks_of(markup)
    assert (block.text, block.hidden) == ("x", reason)


def test_hidden_words_amid_a_paragraph_are_a_block_of_their_own() -> None:
    source = "<p>Price <span class=visually-hidden>Regular price</span> 5 €</p>"
    assert [(b.text, b.hidden) for b in blocks_of(source)] == [
        ("Regular price", "off-screen"),
        ("Price 5 €", ""),
    ]


def test_a_hidden_body_is_not_hidden() -> None:
    assert blocks_of('<body style="visibility:hidden"><p>x</p>')[0].hidden == ""


def test_controls_are_blocks_and_within_a_paragraph_they_are_text() -> None:
    source = "<div>a<button>b</button></div><p>c<button>d</button>e</p><input type=submit value=f>"
    assert [(b.text, b.kind) for b in blocks_of(source)] == [
        ("a", Kind.PARAGRAPH),
        ("b", Kind.CONTROL),
        ("c d e", Kind.PARAGRAPH),
        ("f", Kind.CONTROL),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p><span class=a>By Ada</span><time class=b>06.30</time></p>", "By Ada 06.30"),
        ("<p><b class=a>one</b><i class=b>, two</i></p>", "one, two"),
        ("<p><b>on</b><i>e</i></p>", "one"),
        ("<li><a>Who?</a><span class=k>Poll</span></li>", "Who? Poll"),
        ("<p><time>17.41</time><span>Power back</span></p>", "17.41 Power back"),
        ("<p><span class=drop>O</span>nce</p>", "Once"),
        ("<p><span class=a>漢</span><span class=b>字</span></p>", "漢字"),
        ("<p><a>漢字</a><a>仮名</a></p>", "漢字 仮名"),
        ("<p>visitor<br><img src=n.gif><br>since 1998</p>", "visitor\nsince 1998"),
        ("<p><b class=a>기자</b><i class=b>다른</i></p>", "기자 다른"),
        ("<p><a>हमारे बारे में</a><a>संपर्क</a></p>", "हमारे बारे में संपर्क"),
        ("<div><span>Alkanlı</span><span>12 Nisan</span></div>", "Alkanlı 12 Nisan"),
        ("<p><span class=a>12:</span><span class=b>30</span></p>", "12:30"),
    ],
)
def test_words_that_only_style_sheets_set_apart(source: str, text: str) -> None:
    assert texts_of(source) == [text]


def test_permalinks_are_no_part_of_their_heading() -> None:
    mark, heading = blocks_of('<h2>Fields<a class="headerlink" href="#fields">¶</a></h2>')
    assert (mark.text, mark.hidden) == ("¶", "permalink")
    assert heading.text == "Fields"


def test_a_quotation_begins_with_its_source_and_each_has_its_group() -> None:
    blocks = blocks_of(
        "<blockquote><cite>Ada wrote:</cite>Go <cite>on</cite></blockquote>"
        "<blockquote><p>b</p></blockquote>"
    )
    assert [b.text for b in blocks] == ["Ada wrote:", "Go on", "b"]
    assert blocks[0].group == blocks[1].group != blocks[-1].group


def test_noscript_and_open_shadow_trees_are_read() -> None:
    source = (
        "<noscript><p>whole thread</p></noscript>"
        "<my-card><template shadowrootmode=open><p>in the shadow</p></template></my-card>"
    )
    assert [(b.text, b.hidden) for b in blocks_of(source)] == [
        ("whole thread", ""),
        ("in the shadow", ""),
    ]


def test_scripts_and_styles_have_no_text_and_json_ld_is_kept() -> None:
    page = page_of(
        '<script type="application/ld+json">{"a": 1}</script><style>p{}</style>'
        "<script>var x = '<p>no</p>'</script><p>yes</p>"
    )
    assert [block.text for block in page.blocks] == ["yes"]
    assert page.json_ld == ('{"a": 1}',)


def test_the_drawing_that_never_closes_does_not_swallow_the_page() -> None:
    source = "<svg><title>icon</title><defs><g id=a><div><p>text</p></div>"
    assert texts_of(source) == ["text"]


def test_facts_of_head_and_body() -> None:
    page = page_of(
        '<html lang=de><head><title> A  b </title><meta property="og:title" content="T">'
        '<link rel="canonical" href="/c"></head><body><time datetime="2024-01-02">x</time>'
        '<span itemprop=author>Ada <b>B</b></span><a rel="tag" href="/t">tag</a></body>',
    )
    facts = {(fact.source, fact.name): fact.value for fact in page.facts}
    assert facts == {
        ("html", "lang"): "de",
        ("title", "title"): "A b",
        ("meta", "og:title"): "T",
        ("link", "canonical"): "/c",
        ("time", "datetime"): "2024-01-02",
        ("itemprop", "author"): "Ada B",
        ("rel", "tag"): "tag",
        ("rel", "tag:href"): "/t",
    }


def test_base_address() -> None:
    source = '<base href="/sub/"><p>x</p>'
    assert page_of(source, "https://a.example/b/c").base_url == "https://a.example/sub/"
    assert page_of("<base href='javascript:x'>", "https://a.example/").base_url == (
        "https://a.example/"
    )


def test_elements_list_parents_first_and_paths_name_them() -> None:
    page = page_of("<main id=m><div class='text wide'><p>x</p></div></main>")
    assert page.path(page.blocks[0]) == "html/body/main.m/div.text/p"
    assert all(element.parent < i for i, element in enumerate(page.elements))


def test_paths_of_deep_blocks_are_cut() -> None:
    page = page_of("<div>" * 100 + "x")
    assert page.path(page.blocks[0]).startswith("…/div/div/")
    assert page.path(page.blocks[0]).count("/") == 30


def test_a_tree_is_read_and_not_changed() -> None:
    root = etree.fromstring("<div><p>a</p>tail</div>")
    before = etree.tostring(root)
    page = read_html(Capture(text="", media_type=MediaType.HTML, tree=root))
    assert [block.text for block in page.blocks] == ["a", "tail"]
    assert etree.tostring(root) == before


DEEP = 10_000


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("<div>" * DEEP + "deep" + "</div>" * DEEP + "after", ""),
        ("".join(f"<b {i}><i {i}>" for i in range(DEEP)) + "deep</b> after", ""),
        ("<table><tr><td>" * DEEP + "deep</table>after", ""),
        (f"<p {' '.join(f'a{i}' for i in range(100_000))}>deep</p>after", "attributes-cut"),
        ("<p " + " ".join(f'a{i}=">"' for i in range(50_000)) + ">deep</p>after", "attributes-cut"),
    ],
    ids=["divs", "formatting", "tables", "attributes", "quoted attributes"],
)
def test_pages_made_to_break_the_parser(source: str, warning: str) -> None:
    began = time.process_time()
    page = page_of(source)
    words = " ".join(block.text for block in page.blocks).split()
    assert words.count("deep") == 1
    assert words.count("after") == 1
    assert page.warnings == ((warning,) if warning else ())
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<p>" + "word " * 5_000,
        "<script>" + "a<b;c='" * 5_000 + "</script>",
        "<i title='>'>",
        '<i title="' + "x" * 20_000 + '">',
        "<i title='" + "<b>" * 20_000 + "'>",
        "<",
    ],
    ids=["nothing", "text", "script", "value", "long value", "long value of tags", "mark"],
)
def test_a_tag_of_thousands_of_attributes_is_cut_wherever_it_stands(before: str) -> None:
    attributes = [f'a{i}=">"' for i in range(5_000)]
    kept = before + "<p " + " ".join(attributes[:1_000])
    assert cut_attributes(before + "<p " + " ".join(attributes) + ">after") == kept + ">after"
    assert cut_attributes(kept + ">after") == kept + ">after"


def test_pages_full_of_unclosed_values_are_guarded_in_linear_time() -> None:
    began = time.process_time()
    for source in ('<a b=\'>" c=">' * 200_000, "<a " * 500_000, '=">' * 500_000, "<" * 1_000_000):
        assert cut_attributes("<p>" + source).startswith("<p>")
    assert time.process_time() - began < 5


def test_elements_within_those_without_text_are_not_read() -> None:
    root = etree.fromstring("<div><style>a<b>c</b>d</style><p>e</p></div>")
    page = read_html(Capture(text="", media_type=MediaType.HTML, tree=root))
    assert [block.text for block in page.blocks] == ["e"]


def test_a_text_of_twelve_megabytes_is_whole() -> None:
    (block,) = blocks_of("<p>" + "word " * 2_400_000 + "</p>")
    assert len(block.text) == 12_000_000 - 1


@pytest.mark.parametrize("source", ["", " ", "<", "<!--", "<script>", "<p", "</div>"])
def test_next_to_nothing_gives_no_blocks_and_no_error(source: str) -> None:
    assert not any(block.text.strip("< ") for block in blocks_of(source))


def visible_letters(source: str) -> Counter[str]:
    soup = BeautifulSoup(source, "lxml")
    return Counter(re.sub(r"\s", "", soup.get_text()))


TAGS = "p div span b a li ul ol td tr table h2 blockquote pre em section button label".split()
WORDS = st.text("abcäд漢  \n", min_size=1, max_size=6)
MARKUP = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from([f"<{tag}>" for tag in TAGS]),
        st.sampled_from([f"</{tag}>" for tag in TAGS]),
        st.just("<br>"),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_every_visible_letter_is_in_exactly_one_block(source: str) -> None:
    page = page_of(source)
    letters = Counter(re.sub(r"\s", "", "".join(block.text for block in page.blocks)))
    assert letters == visible_letters(source)
    for block in page.blocks:
        assert all(0 <= s.start < s.end <= len(block.text) for s in block.spans)
        assert all(0 <= c.start <= c.end <= len(block.text) for c in block.cells)
        assert block.text == block.text.strip(" \n") or block.kind in (Kind.CODE, Kind.TABLE_ROW)
