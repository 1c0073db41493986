"use strict";
// Ties the captured page, the clean text and the list of blocks together: what the pointer or the
// keyboard is on in one of them shows in the others, with its label, probability and reasons.
(() => {
  const card = document.getElementById("card");
  const list = document.getElementById("blocks");
  const frame = document.getElementById("page");
  const plain = document.getElementById("plain");
  const rows = new Map([...list.children].map((row) => [row.dataset.b, row]));
  let active = null;
  let near = null;
  let alone = null;
  let inFrame = null;

  const marks = (block) => {
    const found = [...document.querySelectorAll(`main [data-b="${block}"]`)];
    return inFrame ? [...found, ...inFrame.querySelectorAll(`cleaner-mark[data-b="${block}"]`)] : found;
  };
  const all = () => {
    const found = [...document.querySelectorAll(".source [data-b], .blocks [data-b]")];
    return inFrame ? [...found, ...inFrame.querySelectorAll("cleaner-mark[data-b]")] : found;
  };

  function fillCard(row) {
    const part = (name) => row.querySelector(`.${name}`).cloneNode(true);
    const head = document.createElement("div");
    head.className = "head";
    head.append(part("letter"), part("label"), part("number"));
    card.className = `card ${row.classList[0]}`;
    card.replaceChildren(head, part("bar"), part("note"), part("reasons"), part("place"));
    card.dataset.b = row.dataset.b;
  }

  // `box` is where the block stands, in the coordinates of this window.
  function placeCard(box) {
    card.hidden = false;
    const width = card.offsetWidth;
    const height = card.offsetHeight;
    const below = box.bottom + 10 + height < innerHeight;
    card.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    card.style.top = `${Math.max(8, below ? box.bottom + 10 : box.top - height - 10)}px`;
  }

  function boxOf(element, point) {
    const box = [...element.getClientRects()].find(
      (rect) => !point || (point.y >= rect.top && point.y <= rect.bottom)) ?? element.getBoundingClientRect();
    const shift = element.ownerDocument === document ? { left: 0, top: 0 } : frame.getBoundingClientRect();
    return { left: box.left + shift.left, top: box.top + shift.top, bottom: box.bottom + shift.top };
  }

  function setNear(block, element, point) {
    if (near !== null) marks(near).forEach((mark) => mark.classList.remove("near"));
    near = block;
    if (block === null || !rows.has(block)) {
      card.hidden = true;
      return;
    }
    marks(block).forEach((mark) => mark.classList.add("near"));
    fillCard(rows.get(block));
    placeCard(boxOf(element, point));
  }

  function setActive(block, from) {
    if (active !== null) marks(active).forEach((mark) => mark.classList.remove("active"));
    active = block;
    if (block === null) return;
    const row = rows.get(block);
    const found = marks(block);
    found.forEach((mark) => mark.classList.add("active"));
    for (const other of list.querySelectorAll('[tabindex="0"], [aria-selected="true"]')) {
      other.tabIndex = -1;
      other.ariaSelected = "false";
    }
    row.tabIndex = 0;
    row.ariaSelected = "true";
    const inText = found.find((mark) => mark.closest(".paper"));
    const inPage = found.find((mark) => mark.ownerDocument !== document || mark.closest(".source"));
    if (inText && from !== "text") scrollWithin(inText, inText.closest(".paper"));
    if (inPage && from !== "page") {
      if (inPage.ownerDocument === document) scrollWithin(inPage, inPage.closest(".source"));
      else scrollFrame(inPage);
    }
  }

  function scrollWithin(element, box) {
    const inner = element.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
    box.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  function scrollFrame(element) {
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (around.tagName === "DETAILS") around.open = true;
    }
    const box = element.getBoundingClientRect();
    const view = frame.contentWindow;
    if (box.top >= 0 && box.bottom <= view.innerHeight) return;
    view.scrollTo(0, view.scrollY + box.top - view.innerHeight / 3);
  }

  function listen(root, from) {
    const block = (event) => event.target.closest?.("[data-b]");
    root.addEventListener("pointerover", (event) => {
      const element = block(event);
      setNear(element ? element.dataset.b : null, element, { y: event.clientY });
    });
    root.addEventListener("pointerleave", () => setNear(null));
    root.addEventListener("click", (event) => {
      const element = block(event);
      if (!element) return;
      setActive(element.dataset.b, from);
      rows.get(element.dataset.b)?.focus({ preventScroll: true });
      document.dispatchEvent(new CustomEvent("block", { detail: { block: element.dataset.b } }));
    });
  }

  function spotlight(name) {
    alone = alone === name ? null : name;
    document.querySelectorAll(".legend button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.label === alone));
    });
    all().forEach((mark) => mark.classList.toggle("dim", alone !== null && !mark.classList.contains(alone)));
  }

  function step(by) {
    const shown = [...list.children].filter((row) => !row.classList.contains("dim"));
    if (!shown.length) return;
    const at = shown.findIndex((row) => row.dataset.b === active);
    go(shown[at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + by))].dataset.b);
  }

  // Puts the keyboard on a block. The list comes into view only if the keyboard was in it: else the
  // block is looked at in the page and in the text.
  function go(block) {
    const row = rows.get(block);
    const inList = list.contains(document.activeElement) && isInSight(list);
    setActive(block, "list");
    row.focus({ preventScroll: true });
    if (inList) row.scrollIntoView({ block: "nearest" });
    const shown = inList ? row : marks(block).find((mark) => !list.contains(mark) && mark.getClientRects().length);
    setNear(block, shown ?? row);
  }

  const isInSight = (element) => {
    const box = element.getBoundingClientRect();
    return box.top < innerHeight - 60 && box.bottom > 0;
  };

  function openFrame() {
    inFrame = frame.contentDocument;
    if (!inFrame?.body) return;
    listen(inFrame.documentElement, "page");
    const kept = [...inFrame.querySelectorAll("cleaner-mark.content[data-first]")];
    const unseen = kept.filter((mark) => !mark.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
    // Some pages hide their text until a script of theirs has run: then they are shown without style.
    if (unseen.length * 2 > kept.length) setPlain(true);
    const start = inFrame.querySelector("cleaner-mark.title") ?? kept[0];
    if (start) scrollFrame(start);
    inFrame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const heard = { key: event.key, bubbles: true, cancelable: true };
      if (!document.dispatchEvent(new KeyboardEvent("keydown", heard))) event.preventDefault();
    });
  }

  function setPlain(isPlain) {
    if (plain) plain.checked = isPlain;
    for (const sheet of inFrame.querySelectorAll("style[data-page]")) sheet.sheet.disabled = isPlain;
    for (const element of inFrame.querySelectorAll("[style]")) {
      if (!element.localName.startsWith("cleaner-")) element.toggleAttribute("data-plain", isPlain);
    }
  }

  if (frame) {
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.body?.childNodes.length) openFrame();
    frame.addEventListener("load", openFrame);
    plain?.addEventListener("change", () => setPlain(plain.checked));
  } else {
    const source = document.querySelector(".source");
    if (source) listen(source, "page");
    document.querySelector(".switch")?.remove();
  }
  listen(document.querySelector(".paper"), "text");
  listen(list, "list");
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") setNear(null);
    if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("input:not([type=checkbox])")) return;
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
  });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-b]");
    if (row && row.dataset.b !== active) setActive(row.dataset.b, "list");
    if (row?.matches(":focus-visible")) setNear(row.dataset.b, row);
  });
  list.addEventListener("focusout", () => setNear(null));
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".legend button");
    if (button) spotlight(button.dataset.label);
  });
  for (const bar of list.querySelectorAll(".bar")) bar.style.setProperty("--share", `${bar.dataset.share * 100}%`);
  if (list.firstElementChild) list.firstElementChild.tabIndex = 0;

  // What the review builds on: it gives blocks other labels.
  window.cleanerView = {
    step,
    go,
    get active() { return active; },
    row: (block) => rows.get(block),
    relabel(block, { name, letter, group, note }) {
      const row = rows.get(block);
      const old = row.classList[0];
      if (alone) spotlight(alone);
      for (const mark of marks(block)) {
        mark.classList.replace(old, name);
        mark.classList.toggle("changed", note !== "" && !mark.closest?.(".paper"));
        const sign = mark.querySelector?.(":scope > .letter");
        if (!sign) continue;
        sign.className = `letter ${group}`;
        if (sign.textContent) sign.textContent = letter;
      }
      row.querySelector(".label").textContent = name;
      row.querySelector(".note").textContent = note;
    },
  };
})();
