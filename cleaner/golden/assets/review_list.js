"use strict";
// The list of cases: what is found of them comes in while they are checked.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
  const rows = document.getElementById("rows");
  const words = document.getElementById("filter");
  const wants = document.getElementById("wants");
  const adding = document.getElementById("adding");
  const help = document.getElementById("help");
  let since = Number(rows.dataset.since);

  function narrow() {
    const sought = words.value.trim().toLowerCase();
    for (const row of rows.querySelectorAll(".row")) {
      const name = row.querySelector("a").textContent.toLowerCase();
      row.hidden = !name.includes(sought) || (wants.checked && !row.classList.contains("wants"));
    }
  }

  function count() {
    const all = rows.querySelectorAll(".row").length;
    const unknown = rows.querySelectorAll(".row.unknown").length;
    const open = rows.querySelectorAll(".row.wants:not(.accepted, .rejected, .skipped)");
    const said = [`${all} cases`, `${open.length} to look at`];
    if (unknown) said.push(`${unknown} not checked yet`);
    if (!unknown && !open.length && all) said.push("all is settled");
    const words = said.join(", ");
    const summary = document.getElementById("summary");
    if (summary.textContent !== words) summary.textContent = words;
    const start = document.getElementById("start");
    start.hidden = !open.length;
    if (open.length) start.href = `/case/${open[0].dataset.n}`;
  }

  async function ask(begin) {
    let answer;
    try {
      answer = await fetch(`/told?since=${since}${begin ? "&begin" : ""}`);
    } catch {
      return; // the review has ended
    }
    if (!answer.ok) return;
    const { until, rows: fresh, busy } = await answer.json();
    since = until;
    for (const [number, html] of Object.entries(fresh)) {
      const old = document.getElementById(`c${number}`);
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const focused = old.contains(document.activeElement);
      old.replaceWith(holder.content);
      if (focused) document.querySelector(`#c${number} a`).focus();
    }
    if (Object.keys(fresh).length) narrow();
    count();
    if (busy) setTimeout(ask, 400);
  }

  function step(by) {
    const links = [...rows.querySelectorAll(".row:not([hidden]) a")];
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  }

  async function save(event) {
    event.preventDefault();
    const field = (name) => document.getElementById(name);
    const file = field("file").files[0];
    const query = new URLSearchParams({
      source: file ? file.name : field("source").value.trim(),
      name: field("name").value.trim(),
      url: field("url").value.trim(),
    });
    const answer = await fetch(`/add?${query}`, {
      method: "POST", headers: { "x-review-token": meta("token") }, body: file ?? null,
    });
    if (answer.ok) location.assign(`/case/${(await answer.json()).number}`);
    else field("add-error").textContent = (await answer.text()).trim();
  }

  const keys = {
    n: () => document.getElementById("start").hidden || document.getElementById("start").click(),
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    "/": () => words.focus(),
    "+": () => adding.showModal(),
    t: () => document.getElementById("train").click(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || adding.open || help.open) return;
    if (event.target.matches("input:not([type=checkbox])") || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("add").addEventListener("click", () => adding.showModal());
  document.getElementById("add-close").addEventListener("click", () => adding.close());
  document.querySelector("[data-opens]").addEventListener("click", () => help.showModal());
  document.getElementById("add-form").addEventListener("submit", save);
  words.addEventListener("input", narrow);
  wants.addEventListener("change", narrow);
  count();
  ask(true);
})();
