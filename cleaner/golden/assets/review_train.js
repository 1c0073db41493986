"use strict";
// The page that trains: it starts and stops a process, and shows how far that is.
(() => {
  const token = document.querySelector('meta[name="token"]').content;
  const part = (id) => document.getElementById(id);
  const [says, bar, start, stop, result] = ["says", "bar", "start", "stop", "result"].map(part);
  let waiting = 0;
  let shown = "";

  function say(words, isBad) {
    if (says.textContent !== words) says.textContent = words;
    says.classList.toggle("bad", isBad);
  }

  function show(now) {
    const running = now.state === "running";
    const held = running ? start : stop;
    const free = running ? stop : start;
    free.disabled = false;
    if (document.activeElement === held) free.focus();
    held.disabled = true;
    bar.hidden = !running;
    if (now.total) {
      bar.max = now.total;
      bar.value = now.done;
    } else bar.removeAttribute("value");
    say(now.says, now.state === "failed");
    if (shown !== now.html) {
      result.innerHTML = now.html;
      shown = now.html;
    }
    clearTimeout(waiting);
    if (running) waiting = setTimeout(look, 300);
  }

  async function ask(path, values) {
    try {
      const answer = await fetch(path, values && {
        method: "POST",
        headers: { "content-type": "application/json", "x-review-token": token },
        body: JSON.stringify(values),
      });
      if (!answer.ok) throw new Error((await answer.text()).trim());
      show(await answer.json());
    } catch (error) {
      say(error.message, true);
    }
  }

  const look = () => ask("/train/state");

  part("train-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!start.disabled) ask("/train/start", { output: part("output").value.trim() });
  });
  stop.addEventListener("click", () => ask("/train/stop", {}));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    if (event.key === "l") location.assign("/");
  });
  look();
})();
