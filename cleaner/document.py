"""The clean document: kept blocks, metadata, comments, confidence, warnings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cleaner.collector import collector_at_rest
from cleaner.types import (
    Block,
    Comment,
    Kind,
    Label,
    LabelledBlock,
    LabelName,
    Metadata,
    Options,
    Page,
)


@dataclass(frozen=True)
class Document:
    """A cleaned page. It renders itself, with the same words in every format.

    What costs time and not every caller asks for is found out when it is asked for: metadata and
    comments once, texts each time.
    """

    page: Page
    labels: tuple[Label, ...]
    """One for each block of the page, in its order."""
    confidence: float = 0.0
    """How far the text can be trusted to be the whole article and nothing else (0..1)."""
    warnings: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)

    @cached_property
    def metadata(self) -> Metadata:
        """What the page says of itself."""
        from cleaner.metadata import read_metadata

        with collector_at_rest():
            return read_metadata(self.page, self.labels, self.options)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """The readers' comments, in reading order."""
        from cleaner.comments import gather_comments

        return gather_comments(self.page, self.labels, self.metadata.language)

    def complete(self) -> Document:
        """Find out now what else is found out when it is asked for; return the same document."""
        _ = self.comments  # which ask for the metadata
        return self

    @property
    def blocks(self) -> tuple[LabelledBlock, ...]:
        """Every block of the page, kept or dropped, in reading order, with what decided."""
        from cleaner.reasons import find_reasons

        labels = self.labels
        if not all(label.reasons for label in labels):
            reasons = find_reasons(self.page, labels, self.options.model, self.options.site)
            labels = tuple(map(_with_reasons, labels, reasons))
        pairs = zip(self.page.blocks, labels, strict=True)
        return tuple(LabelledBlock(block, label, self.page) for block, label in pairs)

    @property
    def template_id(self) -> str | None:
        """The id of the site's template that had a say; ``None`` without one."""
        return self.options.site.id if self.options.site else None

    @property
    def content(self) -> tuple[Block, ...]:
        """The blocks of the article, in reading order."""
        pairs = zip(self.page.blocks, self.labels, strict=True)
        return tuple(block for block, label in pairs if label.name is LabelName.CONTENT)

    @property
    def text(self) -> str:
        """The article as plain text, paragraphs separated by a blank line."""
        from cleaner.render import render_text

        return render_text(self.content)

    @property
    def markdown(self) -> str:
        """The article as Markdown, without its title."""
        return self.to_markdown()

    @property
    def html(self) -> str:
        """The article as clean HTML: no script, no event attribute, safe addresses alone."""
        return self.to_html()

    @property
    def tei(self) -> str:
        """The document as XML-TEI."""
        from cleaner.render import render_tei

        return render_tei(self.content, self.metadata, self.comments, base_url=self.page.base_url)

    def to_markdown(self, *, links: bool = True, images: bool = False, tables: bool = True) -> str:
        """Return the article as Markdown; the options change the markup, never the words."""
        from cleaner.render import render_markdown

        return render_markdown(
            self._shown(images),
            base_url=self.page.base_url,
            links=links,
            images=images,
            tables=tables,
        )

    def to_html(self, *, links: bool = True, images: bool = False, tables: bool = True) -> str:
        """Return the article as clean HTML; the options change the markup, never the words."""
        from cleaner.render import render_html

        return render_html(
            self._shown(images),
            base_url=self.page.base_url,
            links=links,
            images=images,
            tables=tables,
        )

    def _shown(self, images: bool) -> tuple[Block, ...]:
        """Return the blocks of the article and, if asked for, its images without their words."""
        if not images:
            return self.content
        shown: list[Block] = []
        for block, label in zip(self.page.blocks, self.labels, strict=True):
            if label.name is LabelName.CONTENT:
                shown.append(block)
            elif label.name is LabelName.CAPTION and block.kind is Kind.IMAGE:
                shown.append(replace(block, text=""))
        return tuple(shown)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as JSON-ready values; ``docs/schema.md`` describes them."""
        from cleaner.render import document_dict

        return document_dict(self)


def _with_reasons(label: Label, reasons: tuple[str, ...]) -> Label:
    return label._replace(reasons=reasons)
