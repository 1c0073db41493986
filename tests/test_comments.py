"""Readers' comments: which blocks make one, who wrote it and when, and what is none."""

from __future__ import annotations

import json
import time
from pathlib import Path

import builders
import pytest

from cleaner import Capture, Comment, Label, LabelName, MediaType, Page, clean
from cleaner.blocks.html import read_html
from cleaner.comments import gather_comments
from cleaner.golden import find_cases, read_case

FIXTURES = Path(__file__).parent.parent / "fixtures"

STORY = "".join(
    f"<p>In the {season} the ferryman painted his boat in another colour, and the people on both "
    "banks of the river had to learn again which of the boats was his.</p>"
    for season in ("spring", "summer", "autumn", "winter")
)


def comments_of(markup: str, *, around: str = "{}") -> tuple[Comment, ...]:
    """Gather from a page whose story is content, and all that stands after it comments."""
    source = around.format(f"<article>{STORY}</article>{markup}")
    page = read_html(Capture(f"<html><body>{source}</body></html>", MediaType.HTML))
    labels = [
        Label(LabelName.CONTENT if "ferryman" in block.text else LabelName.COMMENT, 0.5)
        for block in page.blocks
    ]
    assert sum(label.name is LabelName.CONTENT for label in labels) == 4
    return gather_comments(page, labels)


def entry(number: int, author: str, text: str, inner: str = "") -> str:
    """Return a comment as blog software writes it, with the replies to it inside."""
    return (
        f'<li id="comment-{number}" class="comment depth-1"><article class="comment-body">'
        f'<footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{author}</b>'
        '<span class="says">says:</span></div><div class="comment-metadata">'
        f'<a href="#c{number}"><time datetime="2024-03-0{number % 9}T08:00">March</time></a></div>'
        f'</footer><div class="comment-content"><p>{text}</p></div><div class="reply">'
        f'<a class="comment-reply-link" href="#r{number}">Reply</a></div></article>{inner}</li>'
    )


def test_a_comment_has_text_author_and_date() -> None:
    listed = f'<ol class="comment-list">{entry(1, "Ada", "Green!")}{entry(2, "Bo", "Red.")}</ol>'
    assert comments_of(listed) == (
        Comment("Green!", "Ada", "2024-03-01T08:00"),
        Comment("Red.", "Bo", "2024-03-02T08:00"),
    )


def test_a_reply_is_a_comment_of_its_own() -> None:
    reply = f'<ol class="children">{entry(2, "Bo", "No, blue.")}</ol>'
    found = comments_of(f'<ol class="comment-list">{entry(1, "Ada", "Green!", reply)}</ol>')
    assert [(comment.author, comment.text) for comment in found] == [
        ("Ada", "Green!"),
        ("Bo", "No, blue."),
    ]


def test_replies_in_numbered_divisions() -> None:
    found = comments_of(
        "<div id=comments><div id=comment-71><div id=comment-body-71><p>Green!</p></div>"
        "<div class=replies><div id=comment-72><div id=comment-body-72><p>No, blue.</p></div>"
        "</div></div></div></div>"
    )
    assert [comment.text for comment in found] == ["Green!", "No, blue."]


def test_replies_in_divisions_without_numbers() -> None:
    found = comments_of(
        "<div class=comments><div class=comment><p class=author>Ada</p><p class=text>Green!</p>"
        "<div class=replies><div class=comment><p class=author>Bo</p><p class=text>Blue.</p>"
        "</div></div></div></div>"
    )
    assert found == (Comment("Green!", "Ada"), Comment("Blue.", "Bo"))


def test_paragraphs_of_a_comment_stay_together() -> None:
    found = comments_of(f"<ol>{entry(1, 'Ada', 'Green!</p><p>And quite dark.')}</ol>")
    assert [comment.text for comment in found] == ["Green!\n\nAnd quite dark."]


def test_a_list_in_a_comment_is_a_part_of_it() -> None:
    found = comments_of(
        "<div class=comments><div class=comment id=comment-5><span class=author>Ada</span>"
        "<p>I saw three:</p><ul><li>a green one</li><li>a red one</li></ul></div></div>"
    )
    assert found == (Comment("I saw three:\n\na green one\n\na red one", "Ada"),)


def test_items_without_names_are_comments_if_they_have_an_author() -> None:
    found = comments_of(
        "<ul class=comments><li><b class=user>Ada</b><p>Green!</p></li>"
        "<li><b class=user>Bo</b><p>Blue.</p></li><li><p>Comments are checked.</p></li></ul>"
    )
    assert found == (Comment("Green!", "Ada"), Comment("Blue.", "Bo"))


def test_authors_part_comments_that_no_element_holds() -> None:
    found = comments_of(
        "<div id=comments><dl><dt class=comment-author><a href=/ada>Ada</a> wrote:</dt>"
        "<dd class=comment-body><p>Green!</p></dd><dd class=comment-date>3 March</dd>"
        "<dt class=comment-author>Bo</dt><dd class=comment-body><p>Blue.</p></dd></dl></div>"
    )
    assert found == (Comment("Green!", "Ada", "3 March"), Comment("Blue.", "Bo"))


def test_notices_among_comments_are_none() -> None:
    assert (
        comments_of("<div class=comments><p>Comments are read before they appear.</p></div>") == ()
    )
    assert comments_of("<section id=comments><h3>Two comments</h3><p>Log in.</p></section>") == ()


def test_a_comment_named_as_one_needs_no_author() -> None:
    assert comments_of("<div class=comment><p>Green!</p></div>") == (Comment("Green!"),)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<div class=author>Ada Quill:</div>", "Ada Quill"),
        ("<div class=author><a href=/ada>Ada Quill</a> says:</div>", "Ada Quill"),
        ("<h4 class=comment-author>Ada Quill</h4>", "Ada Quill"),
        ("<span class='fn'>Ada Quill</span>", "Ada Quill"),
        ("<div class=head>by <b class=username>Ada</b></div>", None),
        (f"<div class=author>{'Ada Quill ' * 7}</div>", None),
    ],
)
def test_authors(line: str, author: str | None) -> None:
    (found,) = comments_of(f"<div class=comment id=comment-1>{line}<p>Green!</p></div>")
    assert found.author == author
    assert "Green!" in found.text


def test_an_author_may_stand_under_the_text() -> None:
    found = comments_of("<div class=review><p>Good paint.</p><p class=review-author>Ada</p></div>")
    assert found == (Comment("Good paint.", "Ada"),)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("<time datetime=2024-03-08>last Friday</time>", "2024-03-08"),
        ("<span class=comment-date>8 March</span>", "8 March"),
        ("<a class=permalink href='#c1'>two days ago</a>", "two days ago"),
        ("<span class=place>8 March</span>", None),
    ],
)
def test_dates(line: str, date: str | None) -> None:
    (found,) = comments_of(f"<div class=comment id=comment-1><div>{line}</div><p>Green!</p></div>")
    assert found.date == date


def test_author_and_date_may_share_a_line() -> None:
    (found,) = comments_of(
        "<div class=comment id=comment-1><header><a href=/by/ada>Ada7</a> "
        "<a href='#comment-1'><time datetime=2024-03-08>last Friday</time></a></header>"
        "<p>Green!</p></div>"
    )
    assert found == Comment("Green!", "Ada7", "2024-03-08")


def test_the_date_that_links_to_the_comment_is_no_author() -> None:
    (found,) = comments_of(
        "<div class=comment id=comment-1><div class=date><a href='#comment-1'>8 March</a> at noon"
        "</div><p>Green!</p></div>"
    )
    assert (found.author, found.date) == (None, "8 March at noon")


def test_controls_pictures_and_headings_are_no_text() -> None:
    found = comments_of(
        "<div class=comment id=comment-1><h4>One comment</h4><img src=ada.png alt='Picture of Ada'>"
        "<p>Green!</p><p class=vote-count>17</p><p><a href='#r'>Answer</a></p>"
        "<button>Report</button><p hidden>Deleted</p></div>"
    )
    assert found == (Comment("Green!"),)


def test_a_form_is_no_comment_but_a_page_may_be_in_a_form() -> None:
    listed = f"<ol>{entry(1, 'Ada', 'Green!')}</ol>"
    form = "<form class=comment><p>Write something kind about the boat</p></form>"
    expected = (Comment("Green!", "Ada", "2024-03-01T08:00"),)
    assert comments_of(listed + form) == expected
    assert comments_of(listed, around="<form id=page action=/>{}</form>") == expected


def test_each_block_of_a_text_capture_is_a_comment() -> None:
    blocks = (
        builders.paragraph("A story."),
        builders.paragraph("Green!"),
        builders.paragraph("No."),
    )
    labels = [Label(LabelName(n), 0.5) for n in ("content", "comment", "comment")]
    assert gather_comments(builders.page(*blocks), labels) == (Comment("Green!"), Comment("No."))


def test_no_blocks_and_no_labels_give_no_comments() -> None:
    assert gather_comments(Page(Capture("", MediaType.HTML), ()), ()) == ()


def test_comments_are_apart_from_the_article() -> None:
    source = f"<html><body><h1>Boats</h1><article>{STORY}</article><ol class=comments>"
    document = clean(f"{source}{entry(1, 'Ada', 'Green!')}</ol></body></html>")
    assert document.comments == (Comment("Green!", "Ada", "2024-03-01T08:00"),)
    assert "Green" not in document.text
    assert document.to_dict()["comments"] == [
        {"text": "Green!", "author": "Ada", "date": "2024-03-01T08:00"}
    ]
    assert "Green!" in document.tei


def test_authors_and_dates_that_are_labelled_as_bylines_are_found() -> None:
    document = clean(
        f"<html><body><h1>Boats</h1><article>{STORY}</article><ol class=comments>"
        "<li class=comment><b class=author>Ada</b><p>Green is a good colour for a boat.</p></li>"
        "<li class=comment><p class=byline>Bo</p><p class=byline>Gold member</p>"
        "<p>Blue is better, to my mind.</p></li></ol>"
    )
    assert document.comments == (
        Comment("Green is a good colour for a boat.", "Ada"),
        Comment("Blue is better, to my mind.", "Bo"),
    )


def test_the_author_of_the_article_writes_no_comment() -> None:
    document = clean(
        f"<html><body><article><h1>Boats</h1><p class=author>Cy</p>{STORY}<section class=comments>"
        "<div><p class=comment-author>Ada</p><p>Green is good.</p></div>"
        "<div><p class=comment-author>Bo</p><p>Blue is better.</p></div></section></article>"
    )
    assert document.comments == (Comment("Green is good.", "Ada"), Comment("Blue is better.", "Bo"))


@pytest.mark.parametrize("folder", find_cases(FIXTURES), ids=lambda folder: folder.name)
def test_pages_without_comments_have_none(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    if "comments" not in expected:
        assert read_case(folder).clean().comments == ()


def test_five_thousand_comments_take_no_time() -> None:
    listed = "".join(entry(number, "Ada", "Green!") for number in range(5_000))
    source = f"<html><body>{STORY}<ol>{listed}</ol></body></html>"
    page = read_html(Capture(source, MediaType.HTML))
    labels = [Label(LabelName.COMMENT, 0.5)] * len(page.blocks)
    begun = time.process_time()
    found = gather_comments(page, labels)
    assert time.process_time() - begun < 2
    assert found[-5_000:] == tuple(
        Comment("Green!", "Ada", f"2024-03-0{n % 9}T08:00") for n in range(5_000)
    )


def test_a_name_before_the_date_of_a_line_is_the_author() -> None:
    found = comments_of(
        "<ul class=reviews><li class=review><div class=review-head>Ada Penn "
        "<time datetime=2024-03-02>2 March 2024</time> verified</div><p>They keep my feet dry.</p>"
        "</li></ul>"
    )
    assert found == (Comment("They keep my feet dry.", "Ada Penn", "2024-03-02"),)


def test_a_linked_name_below_a_comment_is_the_author_and_another_link_is_not() -> None:
    line = (
        "<div class=comment-meta><a href={}>{}</a> <time datetime=2024-03-02>2 March</time></div>"
    )
    for address, text, author in (("/users/ada", "ada", "ada"), ("/d/3", "Thread", None)):
        markup = f"<ul><li class=comment><p>Green!</p>{line.format(address, text)}</li></ul>"
        assert comments_of(markup) == (Comment("Green!", author, "2024-03-02"),)


def test_a_date_that_people_read_is_given_in_numbers_and_what_is_none_as_it_stands() -> None:
    for text, date in (("2 March 2024, 08:15", "2024-03-02T08:15"), ("a while ago", "a while ago")):
        found = comments_of(
            f"<div class=comment><p class=author>Ada says:</p><p class=date>{text}</p><p>Green!</p>"
            "</div>"
        )
        assert found == (Comment("Green!", "Ada", date),)


def test_the_posts_of_a_thread_below_an_article_are_a_comment_each() -> None:
    post = (
        "<li class=post><p class=author>{}</p>"
        "<p class=time><time datetime=2024-03-02>2 d</time></p><p>{}</p>{}</li>"
    )
    inner = post.format("Bo", "No, blue.", "")
    outer = post.format("Ada", "Green!", f"<ul class=children>{inner}</ul>")
    found = comments_of(f"<section id=thread><ul>{outer}</ul></section>")
    assert [(c.author, c.text) for c in found] == [("Ada", "Green!"), ("Bo", "No, blue.")]
