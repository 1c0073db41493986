"""Pages that grow in one way each: what a page could make a cleaner slow with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

SENTENCE = "The miller counted the sacks of flour by the door, and there were fewer than before. "


def _html(body: str, head: str = "") -> str:
    return f"<html lang=en><head><title>Sacks</title>{head}</head><body>{body}</body></html>"


HTML: Mapping[str, Callable[[int], str]] = {
    "paragraphs": lambda n: _html(f"<p>{SENTENCE}</p>" * n),
    "different paragraphs": lambda n: _html("".join(f"<p>{i} {SENTENCE}{i}</p>" for i in range(n))),
    "siblings": lambda n: _html("<div>sack</div>" * n),
    "empty siblings": lambda n: _html(SENTENCE + "<div></div>" * n),
    "named siblings": lambda n: _html(
        "".join(f"<div class='row r{i}' id='i{i}'>sack {i}</div>" for i in range(n))
    ),
    "nested divs": lambda n: _html("<div>" * n + SENTENCE + "</div>" * n),
    "nested divs with text": lambda n: _html("<div>sack " * n + "</div>" * n),
    "nested named divs": lambda n: _html("<div class='outer box'>sack " * n + "</div>" * n),
    "nested inline tags": lambda n: _html(f"<p>{'<b>sack ' * n}{'</b>' * n}</p>"),
    "nested links": lambda n: _html("<p>" + "<a href='/x'>sack " * n),
    "nested lists": lambda n: _html("<ul><li>sack" * n + "</li></ul>" * n),
    "nested quotes": lambda n: _html("<blockquote>sack" * n + "</blockquote>" * n),
    "nested tables": lambda n: _html("<table><tr><td>sack" * n + "</td></tr></table>" * n),
    "unclosed paragraphs": lambda n: _html(f"<p>{SENTENCE}<b>" * n),
    "table rows": lambda n: _html(
        "<table><tr><th>Day</th><th>Sacks</th></tr>"
        + "".join(f"<tr><td>{i}</td><td>{i} sacks of flour</td></tr>" for i in range(n))
        + "</table>"
    ),
    "table cells": lambda n: _html(f"<table><tr>{'<td>sack</td>' * n}</tr></table>"),
    "tables": lambda n: _html("<table><tr><td>1<td>sack</tr><tr><td>2<td>sack</tr></table>" * n),
    "inline tags": lambda n: _html(f"<p>{'<b>sack</b> ' * n}</p>"),
    "inline tags that touch": lambda n: _html(f"<p>{'<i>s</i>' * n}</p>"),
    "links": lambda n: _html("".join(f"<p><a href='/p/{i}'>Sack {i}</a></p>" for i in range(n))),
    "links in a line": lambda n: _html(
        "<p>" + "".join(f"<a href='/p/{i}'>Sack {i}</a> " for i in range(n)) + "</p>"
    ),
    "one long paragraph": lambda n: _html(f"<p>{SENTENCE * n}</p>"),
    "one long word": lambda n: _html(f"<p>{SENTENCE} {'sack' * n}</p>"),
    "spaces": lambda n: _html(f"<p>{SENTENCE}{' ' * n}{SENTENCE}</p>"),
    "no-break spaces": lambda n: _html(f"<p>{SENTENCE}{'&nbsp;' * n}{SENTENCE}</p>"),
    "list items": lambda n: _html(f"<ul>{'<li>A sack of flour</li>' * n}</ul>"),
    "headings": lambda n: _html("".join(f"<h2>Sack {i}</h2><p>{SENTENCE}</p>" for i in range(n))),
    "long headings": lambda n: _html(f"<h1>{SENTENCE * n}</h1><p>{SENTENCE}</p>"),
    "breaks": lambda n: _html(f"<div>{'sack<br>' * n}</div>"),
    "paired breaks": lambda n: _html(f"<div>{'A sack of flour.<br><br>' * n}</div>"),
    "images": lambda n: _html(
        f"<figure><img src='/s.jpg' alt='sack'><figcaption>A sack</figcaption></figure>{SENTENCE}"
        * n
    ),
    "options": lambda n: _html(f"<select>{'<option>sack' * n}</select><p>{SENTENCE}</p>"),
    "hidden elements": lambda n: _html("<div hidden>sack</div><p>flour</p>" * n),
    "hidden amid text": lambda n: _html(f"<p>{'flour <i hidden>sack</i> ' * n}</p>"),
    "entities": lambda n: _html(f"<p>{'&amp;&eacute;&#8212;' * n}</p>"),
    "comment marks": lambda n: _html(f"<p>{SENTENCE}</p>{'<!-- sack -->' * n}"),
    "open comment marks": lambda n: _html(f"<p>{SENTENCE}</p>" + "<!-- sack " * n),
    "angle brackets": lambda n: _html(f"<p>{SENTENCE}</p>" + "<" * n),
    "open end tags": lambda n: _html(f"<p>{SENTENCE}</p>" + "</" * n),
    "open attributes": lambda n: _html(f"<p>{SENTENCE}</p>" + "<a href='" * n),
    "attributes of one tag": lambda n: _html(
        f"<p {' '.join(f'a{i}=1' for i in range(n))}>{SENTENCE}</p>"
    ),
    "class names of one tag": lambda n: _html(
        f"<p class='{' '.join(f'c{i}' for i in range(n))}'>{SENTENCE}</p>"
    ),
    "one long attribute": lambda n: _html(f"<p style='{'x' * n}'>{SENTENCE}</p>"),
    "scripts": lambda n: _html("<script>let sack = '<p>';</script><p>flour</p>" * n),
    "one long script": lambda n: _html(f"<script>{'let sack = 1;' * n}</script><p>{SENTENCE}</p>"),
    "one long line of data": lambda n: _html(
        f"<p>{SENTENCE}</p><script type='application/json'>[" + '{"a":[1,2]},' * n + "0]</script>"
    ),
    "meta tags": lambda n: _html(f"<p>{SENTENCE}</p>", "<meta name=author content='Ada Mill'>" * n),
    "titles": lambda n: _html(f"<p>{SENTENCE}</p>", "<meta property='og:title' content='Mill'>" * n)
    + "<h2>Mill</h2>" * n,
    "keywords": lambda n: _html(
        f"<p>{SENTENCE}</p>",
        f"<meta name=keywords content='{','.join(f'sack {i}' for i in range(n))}'>",
    ),
    "linked data": lambda n: _html(
        f"<p>{SENTENCE}</p>",
        '<script type="application/ld+json">{"@type":"Article","headline":"Sacks"}</script>' * n,
    ),
    "wide linked data": lambda n: _html(
        f"<p>{SENTENCE}</p>",
        '<script type="application/ld+json">{"@graph":['
        + ",".join(f'{{"@id":"#{i}","@type":"Person","name":"Ada {i}"}}' for i in range(n))
        + "]}</script>",
    ),
    "deep linked data": lambda n: _html(
        f"<p>{SENTENCE}</p>",
        '<script type="application/ld+json">' + '{"a":' * n + "1" + "}" * n + "</script>",
    ),
    "dates": lambda n: _html(f"<h1>Sacks</h1><p>{'3 March 2021, ' * n}</p>"),
    "dated lines": lambda n: _html("<h1>Sacks</h1>" + "<p>By Ada Mill, 3 March 2021</p>" * n),
    "bylines": lambda n: _html(f"<h1>Sacks</h1><p class=author>By {'Ada Mill, ' * n}</p>"),
    "readers' comments": lambda n: _html(
        f"<article><p>{SENTENCE * 3}</p></article><div id=comments>"
        + f"<div class=comment><b>Ada</b> <time>3 March 2021</time><p>{SENTENCE}</p></div>"
        * n
        + "</div>"
    ),
    "crumbs": lambda n: _html(
        f"<nav class=breadcrumb>{'<a href=/x>Mill</a> &gt; ' * n}</nav><p>{SENTENCE}</p>"
    ),
    "promo lines": lambda n: _html(f"<p>{SENTENCE}</p><p>Read more</p><p>Sign up</p>" * n),
    "code": lambda n: _html("<pre>" + "let sack = 1;\n" * n + "</pre>"),
    "definitions": lambda n: _html(f"<dl>{'<dt>Sack</dt><dd>A bag of flour</dd>' * n}</dl>"),
}  # fmt: skip

MARKDOWN: Mapping[str, Callable[[int], str]] = {
    "lines": lambda n: "# Sacks\n\n" + (SENTENCE + "\n\n") * n,
    "lines of one paragraph": lambda n: "# Sacks\n\n" + (SENTENCE + "\n") * n,
    "one long line": lambda n: "# Sacks\n\n" + SENTENCE * n,
    "links": lambda n: "".join(f"[Sack {i}](/p/{i})\n\n" for i in range(n)),
    "links in a line": lambda n: "".join(f"[Sack {i}](/p/{i}) " for i in range(n)),
    "link items": lambda n: "".join(f"* [Sack {i}](/p/{i})\n" for i in range(n)),
    "images": lambda n: "![sack](/s.jpg)\n" * n,
    "images in links": lambda n: "[![sack](/s.jpg)](/s)\n" * n,
    "list items": lambda n: "- a sack of flour\n" * n,
    "deep lists": lambda n: "".join(f"{'  ' * i}- sack\n" for i in range(n)),
    "deep marks of lists": lambda n: "- " * n + "sack\n",
    "deep quotes": lambda n: ">" * n + " sack\n",
    "quotes": lambda n: f"> {SENTENCE}\n\n" * n,
    "headings": lambda n: f"## Sack\n\n{SENTENCE}\n\n" * n,
    "underlined headings": lambda n: "Sack\n====\n\n" * n,
    "table rows": lambda n: "| Day | Sacks |\n|---|---|\n" + "| Monday | three sacks |\n" * n,
    "table cells": lambda n: "|" + "sack|" * n + "\n|" + "---|" * n + "\n|" + "sack|" * n + "\n",
    "open brackets": lambda n: SENTENCE + "[" * n,
    "open links": lambda n: SENTENCE + "[sack](" * n,
    "open images": lambda n: SENTENCE + "![sack" * n,
    "closing brackets": lambda n: SENTENCE + "]" * n,
    "stars": lambda n: SENTENCE + "*" * n,
    "open stars": lambda n: SENTENCE + "*sack " * n,
    "open double stars": lambda n: SENTENCE + "**sack " * n,
    "closing stars": lambda n: SENTENCE + "sack** " * n,
    "mixed marks": lambda n: SENTENCE + "*sack _flour **mill " * n,
    "emphasis": lambda n: SENTENCE + "*sack* **flour** " * n,
    "nested emphasis": lambda n: "*sack " * n + "sack*" * n,
    "underscores": lambda n: SENTENCE + "_sack" * n,
    "backticks": lambda n: SENTENCE + "`sack " * n,
    "runs of backticks": lambda n: SENTENCE + " ".join("`" * i for i in range(1, int(n**0.5))),
    "backslashes": lambda n: SENTENCE + "\\" * n,
    "angle brackets": lambda n: SENTENCE + "<" * n,
    "open tags": lambda n: SENTENCE + "<a href='" * n,
    "tags": lambda n: "<div>sack</div>\n\n" * n,
    "open declarations": lambda n: SENTENCE + "<!A " * n,
    "open comment marks": lambda n: SENTENCE + "<!-- " * n,
    "entities": lambda n: SENTENCE + "&amp;" * n,
    "addresses": lambda n: SENTENCE + "https://mill.example/sack " * n,
    "references": lambda n: "".join(f"[sack {i}]: /p/{i}\n" for i in range(n))
    + "\n" + "".join(f"[sack {i}]\n" for i in range(n)),
    "open references": lambda n: SENTENCE + "[sack]: " * n,
    "code fences": lambda n: "```\nlet sack = 1;\n```\n\n" * n,
    "an open fence": lambda n: SENTENCE + "\n\n```\n" + "let sack = 1;\n" * n,
    "rules": lambda n: "---\n\n" * n,
    "spaces": lambda n: SENTENCE + " " * n + SENTENCE,
    "empty lines": lambda n: SENTENCE + "\n" * n + SENTENCE,
    "hard breaks": lambda n: "sack  \n" * n,
    "brackets and parentheses": lambda n: SENTENCE + "[a](" * n + ")" * n,
    "tildes": lambda n: SENTENCE + "~~sack " * n,
    "front matter": lambda n: "---\n" + "".join(f"key{i}: sack\n" for i in range(n)) + "---\n"
    + SENTENCE,
    "promo lines": lambda n: f"{SENTENCE}\n\nRead more\n\nSign up for news\n\n" * n,
}  # fmt: skip

TEXT: Mapping[str, Callable[[int], str]] = {
    "lines": lambda n: (SENTENCE + "\n") * n,
    "paragraphs": lambda n: (SENTENCE + "\n\n") * n,
    "one long line": lambda n: SENTENCE * n,
    "short lines": lambda n: "sack\n" * n,
    "bullets": lambda n: "• a sack of flour\n" * n,
    "indented lines": lambda n: "".join(f"{' ' * (i % 9)}sack {i}\n" for i in range(n)),
    "deep indents": lambda n: "".join(f"{' ' * i}sack\n" for i in range(n)),
    "wrapped lines": lambda n: (
        "The miller counted the sacks of flour\nby the door, and there\n" * n
    ),
    "columns": lambda n: "Monday      three sacks      12\n" * n,
    "marks": lambda n: SENTENCE + "\n" + "=-*" * n,
    "spaces": lambda n: SENTENCE + " " * n + SENTENCE,
    "empty lines": lambda n: SENTENCE + "\n" * n + SENTENCE,
    "dated lines": lambda n: "By Ada Mill, 3 March 2021\n\n" * n,
    "addresses": lambda n: "https://mill.example/sack\n" * n,
}

SHAPES: Mapping[str, Callable[[int], str]] = {
    f"{media_type}: {name}": shape
    for media_type, shapes in (("html", HTML), ("markdown", MARKDOWN), ("text", TEXT))
    for name, shape in shapes.items()
}
"""Media type and name to what makes a page of a size."""
