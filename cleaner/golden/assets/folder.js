"use strict";
// Narrows the list of cases to those whose name holds what was typed, and to those that failed.
(() => {
  const words = document.getElementById("filter");
  const failed = document.getElementById("failed");
  const narrow = () => {
    const sought = words.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(".case")) {
      const name = row.querySelector(".name").textContent.toLowerCase();
      row.hidden = !name.includes(sought) || (failed.checked && row.classList.contains("passed"));
    }
  };
  words.addEventListener("input", narrow);
  failed.addEventListener("change", narrow);
})();
