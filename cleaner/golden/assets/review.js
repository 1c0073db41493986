"use strict";
// One case of the review: labels are changed, the case is accepted, rejected or skipped.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
  const home = `/case/${meta("case")}`;
  const view = window.cleanerView;
  const menu = document.getElementById("menu");
  const help = document.getElementById("help");
  const toast = document.getElementById("toast");
  let chosen = null;

  async function send(action, values) {
    const answer = await fetch(`${home}/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-review-token": meta("token") },
      body: JSON.stringify(values ?? {}),
    });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    return answer.json();
  }

  function say(words, isBad = false, ...more) {
    toast.classList.toggle("bad", isBad);
    toast.replaceChildren(words, ...more);
  }

  const goOn = () => location.assign(document.getElementById("next").href);

  function buttonTo(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(words);
    button.addEventListener("click", act);
    return button;
  }

  async function settle(action) {
    try {
      const { still } = await send(action);
      if (action === "accept" && still.length) {
        say(`Accepted. The cleaner does not give this yet: ${still.join(", ")}. `, false,
          buttonTo("Note it as a known failure (f)", noteFailures), buttonTo("Go on (n)", goOn));
        refresh();
      } else goOn();
    } catch (error) {
      say(error.message, true);
    }
  }

  async function noteFailures() {
    try {
      const { changed } = await send("expect-failures");
      say(`Noted in ${changed.join(", ")}. `, false, buttonTo("Go on (n)", goOn));
      refresh();
    } catch (error) {
      say(error.message, true);
    }
  }

  // Takes over the parts of the page that show how the case stands.
  async function refresh() {
    const fresh = new DOMParser().parseFromString(await (await fetch(home)).text(), "text/html");
    for (const part of ["chips", "changes"]) {
      document.getElementById(part).replaceChildren(...fresh.getElementById(part).childNodes);
    }
  }

  function openMenu(block) {
    const row = view.row(block);
    if (!row) return;
    chosen = block;
    const part = (name) => row.querySelector(`.${name}`).textContent;
    const current = part("label");
    document.getElementById("menu-text").textContent = part("text");
    document.getElementById("menu-says").textContent =
      [`Now ${current}`, part("note"), `${part("number")} main text: ${part("reasons")}`].filter(Boolean).join(" · ");
    for (const button of menu.querySelectorAll(".choices button")) {
      button.setAttribute("aria-current", String(button.value === current));
    }
    menu.showModal();
    menu.querySelector('.choices [aria-current="true"]')?.focus();
  }

  async function relabel(label) {
    const block = chosen;
    menu.close();
    try {
      const state = await send("label", { block: Number(block), label });
      view.relabel(block, state.block);
      for (const part of ["chips", "changes", "legend", "clean"]) {
        document.getElementById(part).innerHTML = state[part];
      }
      say(`Block ${block} is ${state.block.name} now. Accept the case to keep that.`);
    } catch (error) {
      say(error.message, true);
    }
    view.row(block).focus({ preventScroll: true });
  }

  function stepChanged(by) {
    const rows = [...document.querySelectorAll("#blocks > .changed")];
    if (!rows.length) return;
    const at = Number(view.active ?? -1);
    const numbers = rows.map((row) => Number(row.dataset.b));
    const next = by > 0 ? numbers.find((number) => number > at) ?? numbers[0]
      : numbers.findLast((number) => number < at) ?? numbers.at(-1);
    view.go(String(next));
  }

  const keys = {
    a: () => settle("accept"),
    r: () => settle("reject"),
    s: () => settle("skip"),
    n: goOn,
    l: () => location.assign("/"),
    f: noteFailures,
    ".": () => stepChanged(1),
    ",": () => stepChanged(-1),
    p: () => document.getElementById("plain")?.click(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (menu.open) {
      const button = menu.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (button) relabel(button.value);
      return;
    }
    if (help.open || event.target.closest?.("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "Enter" && event.target.closest?.("#blocks [data-b]")) {
      event.preventDefault();
      openMenu(event.target.closest("[data-b]").dataset.b);
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  menu.addEventListener("click", (event) => {
    const button = event.target.closest(".choices button");
    if (button) relabel(button.value);
  });
  document.addEventListener("block", (event) => openMenu(event.detail.block));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });
  for (const action of ["accept", "reject", "skip"]) {
    document.getElementById(action).addEventListener("click", () => settle(action));
  }
})();
