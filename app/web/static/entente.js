// What scripts add, and nothing rests on: drafts kept in this browser until the service has them,
// and choices that send their form by themselves.
(() => {
  const PREFIX = "draft:";
  const skipped = new Set(["csrf", "revision", "once"]);
  const key = (form) => PREFIX + (form.dataset.draft || location.pathname);
  const typed = (form) => [...new FormData(form)].filter(([name, value]) => !skipped.has(name) && typeof value === "string");

  function fill(form, kept) {
    for (const control of form.elements) {
      if (!control.name || skipped.has(control.name) || control.type === "file") continue;
      const values = kept.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else if (control.tagName === "SELECT") for (const one of control.options) one.selected = values.includes(one.value);
      else if (values.length) control.value = values[0];
    }
  }

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const first = JSON.stringify(typed(form));
    const kept = localStorage.getItem(key(form));
    const box = form.querySelector("[data-draft-found]");
    if (kept && kept !== first && box) {
      box.hidden = false;
      box.querySelector("[data-take]").addEventListener("click", () => { fill(form, JSON.parse(kept)); box.hidden = true; });
      box.querySelector("[data-drop]").addEventListener("click", () => { localStorage.removeItem(key(form)); box.hidden = true; });
    }
    form.addEventListener("input", () => localStorage.setItem(key(form), JSON.stringify(typed(form))));
    form.addEventListener("submit", (event) => {
      if (!navigator.onLine) {
        event.preventDefault();
        const told = form.querySelector("[data-offline]");
        if (told) { told.hidden = false; told.focus(); }
        addEventListener("online", () => form.requestSubmit(), { once: true });
        return;
      }
      sessionStorage.setItem("sent", key(form));
    });
  }
  // What was sent and led on was taken: its draft has done its service.
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector('form[data-draft] [aria-invalid], #faults')) {
    localStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
  }
  document.getElementById("faults")?.focus();
  for (const one of document.querySelectorAll("[data-now]")) one.addEventListener("change", () => one.form.requestSubmit());
})();
