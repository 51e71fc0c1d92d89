// What scripts add, and nothing rests on: drafts kept in this browser until the service has them,
// choices that send their form by themselves, suggestions while one writes, forms sent in place,
// documents with progress.
(() => {
  const PREFIX = "draft:" + (document.documentElement.dataset.who || "") + ":";
  const SENT = "sent";
  const skipped = new Set(["csrf", "revision", "once"]);
  const here = () => location.pathname + location.search;
  const typed = (form) => [...new FormData(form)].filter(([name, value]) => !skipped.has(name) && typeof value === "string");
  const seen = (form) => form.elements.revision?.value || "";

  // A browser may keep nothing at all: then drafts are simply not kept.
  const store = {
    read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    keep(name, draft) { try { localStorage.setItem(name, JSON.stringify(draft)); } catch { /* full, or not allowed */ } },
    drop(name) { try { localStorage.removeItem(name); } catch { /* not allowed */ } },
  };

  function fill(form, fields) {
    for (const control of form.elements) {
      if (!control.name || skipped.has(control.name) || control.type === "file" || control.type === "hidden") continue;
      const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else if (control.tagName === "SELECT") for (const one of control.options) one.selected = values.includes(one.value);
      else if (values.length) control.value = values[0];
    }
  }

  // What was sent and led on to another page was taken: its draft has done its service. Coming back
  // to the form, or going elsewhere by oneself, says nothing of the kind.
  function settle() {
    let sent = null;
    try { sent = JSON.parse(sessionStorage.getItem(SENT)); sessionStorage.removeItem(SENT); } catch { return; }
    if (!sent || !document.referrer || document.getElementById("faults")) return;
    const from = new URL(document.referrer);
    if (from.pathname + from.search === sent.from) store.drop(sent.name);
  }
  settle();

  const nameOf = (form) => PREFIX + (form.dataset.draft || here());
  function draft(form) {
    const name = nameOf(form);
    const first = JSON.stringify(typed(form));
    const told = form.querySelector("[data-offline]");
    const box = form.querySelector("[data-draft-found]");
    const keep = () => store.keep(name, { revision: seen(form), fields: typed(form) });
    const kept = store.read(name);
    // What was asked comes back with all that was typed: the draft is what stands there now.
    if ("asked" in form.dataset) keep();
    else if (kept?.fields && box && JSON.stringify(kept.fields) !== first && !document.getElementById("faults")) {
      box.hidden = false;
      box.querySelector("[data-take]").addEventListener("click", () => {
        fill(form, kept.fields);
        // What the draft rests on goes with it: what others wrote since then is shown, not lost.
        if (form.elements.revision && kept.revision) form.elements.revision.value = kept.revision;
        box.hidden = true;
        form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      });
      box.querySelector("[data-drop]").addEventListener("click", () => { store.drop(name); box.hidden = true; });
    }
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    addEventListener("online", () => { if (told) told.hidden = true; });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "asks") return;
      keep();
      if (!navigator.onLine) {
        event.preventDefault();
        if (told) { told.hidden = false; told.focus(); }
        addEventListener("online", () => form.requestSubmit(), { once: true });
        return;
      }
      try { sessionStorage.setItem(SENT, JSON.stringify({ name, from: here() })); } catch { /* not allowed */ }
    });
  }
  document.querySelectorAll("form[data-draft]").forEach(draft);

  // What a page of ours kept and sends again settles the draft of the form that it came from.
  document.querySelector("form[data-settles]")?.addEventListener("submit", () => {
    try { sessionStorage.setItem(SENT, JSON.stringify({ name: PREFIX + here(), from: here() })); } catch { /* not allowed */ }
  });

  // What was put in its place says briefly what it is, to who does not see it; the same is said once.
  function tell(place, shown) {
    const told = [...shown.querySelectorAll("[data-tells]")].map((one) => one.textContent.trim()).join(" · ");
    if (place && place.textContent !== told) place.textContent = told;
  }

  // Suggestions while one writes; taking one chooses it in the form, as a hand would.
  function suggest(place) {
    const form = place.closest("form");
    const words = form.elements[place.dataset.words];
    const shown = place.querySelector("[data-suggested]");
    const told = place.querySelector("[data-told]");
    let waits = 0;
    async function ask() {
      const sent = new FormData(form);
      sent.delete("once");
      sent.append("asks", "words");
      sent.append("fragment", "yes");
      try {
        const answer = await fetch(place.dataset.suggest, { method: "POST", body: new URLSearchParams(sent) });
        if (!answer.ok || answer.redirected) return;
        shown.innerHTML = await answer.text();
        tell(told, shown);
      } catch { /* no line: the button is still there */ }
    }
    place.querySelector("button[value=words]").addEventListener("click", (event) => {
      event.preventDefault();
      told.replaceChildren();
      ask();
    });
    words.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(ask, 900); });
    shown.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=asks]");
      if (!button) return;
      event.preventDefault();
      const [field, code] = button.value.split(":");
      const chosen = [[field, code]];
      if (field === "topic") chosen.push(["area", code[0]]);
      for (const [name, value] of chosen) {
        for (const control of form.querySelectorAll(`[name="${name}"]`)) {
          if (control.tagName === "SELECT") { for (const one of control.options) if (one.value === value) one.selected = true; }
          else if (control.value === value) control.checked = true;
        }
      }
      button.disabled = true;
      form.dispatchEvent(new Event("change"));
    });
  }
  document.querySelectorAll("[data-suggest]").forEach(suggest);

  // Forms that are sent in place: what they change is shown, and nothing typed elsewhere is lost.
  const parts = (page) => page.querySelectorAll("[data-part]");
  const said = (how) => { const place = document.getElementById("live-state"); if (place) place.textContent = place.dataset[how] ?? ""; };
  async function send(form) {
    said("");  // what reads it out is silent about words that stand there already
    const body = new URLSearchParams(new FormData(form));
    let answer, page;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      said("waits");
      return addEventListener("online", () => form.requestSubmit(), { once: true });
    }
    if (!answer.ok || !answer.redirected || !parts(page).length) return form.submit();
    store.drop(nameOf(form));
    try { sessionStorage.removeItem(SENT); } catch { /* not allowed */ }
    // What another wrote meanwhile is shown, and a form that rests on what was there before keeps
    // that revision: sent, it comes back with both.
    for (const one of document.querySelectorAll("form[data-live]")) {
      const part = one.closest("section")?.querySelector("[data-part]");
      const same = !part || part.outerHTML === page.getElementById(part.id)?.outerHTML;
      const fresh = page.getElementById(one.id);
      if (!fresh || (one !== form && !same)) continue;
      for (const name of skipped) if (one.elements[name] && fresh.elements[name]) one.elements[name].value = fresh.elements[name].value;
    }
    for (const part of parts(document)) { const fresh = page.getElementById(part.id); if (fresh) part.replaceWith(document.adoptNode(fresh)); }
    for (const place of document.querySelectorAll("[data-grows]")) grow(place, page.getElementById(place.id));
    said("saved");
  }
  function grow(place, fresh) {
    let before = null;
    for (const child of fresh ? [...fresh.children] : []) {
      const mine = document.getElementById(child.id);
      if (mine) { before = mine; continue; }
      const added = document.adoptNode(child);
      if (before) before.after(added); else place.prepend(added);
      before = added;
      added.querySelectorAll("form[data-draft]").forEach(draft);
      added.querySelectorAll("form[data-live]").forEach(live);
    }
  }
  const live = (form) => form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    send(form);
  });
  document.querySelectorAll("form[data-live]").forEach(live);

  // Where the findings would lead with what is chosen: the service says so before it is saved.
  function outlook(form) {
    const chosen = ["verdict", "finding", "infringing"];
    let asked = 0;
    form.addEventListener("change", async (event) => {
      if (!chosen.includes(event.target.name)) return;
      const place = document.getElementById("outcome");
      const mine = ++asked;
      try {
        const answer = await fetch(form.dataset.outlook + "&" + new URLSearchParams(typed(form).filter(([name]) => chosen.includes(name))), { headers: { Accept: "text/html" } });
        const fresh = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("outcome");
        if (fresh && mine === asked && place.isConnected) { place.innerHTML = fresh.innerHTML; place.className = fresh.className; tell(document.getElementById("outcome-told"), place); }
      } catch { /* no line: saving says it */ }
    });
  }
  document.querySelectorAll("form[data-outlook]").forEach(outlook);

  // A document on its way: how far it is, and what became of it.
  function progress(form) {
    const state = form.querySelector("[data-state]");
    const told = form.querySelector("[data-offline]");
    const large = form.querySelector("[data-large]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Said at once: on a thin line it would take an hour until the service could say it.
      large.hidden = form.elements.file.files[0]?.size <= form.dataset.most;
      if (!large.hidden) { large.focus(); return; }
      const call = new XMLHttpRequest();
      call.upload.addEventListener("progress", (sent) => { if (sent.lengthComputable) state.querySelector("progress").value = 100 * sent.loaded / sent.total; });
      call.addEventListener("load", () => {
        if (call.status < 400) { location.assign(call.responseURL); return; }
        const page = new DOMParser().parseFromString(call.responseText, "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
        document.querySelectorAll("form[data-progress]").forEach(progress);
        document.getElementById("faults")?.focus();
      });
      call.addEventListener("error", () => { state.hidden = true; told.hidden = false; told.focus(); });
      call.open("POST", form.action);
      call.setRequestHeader("Accept", "text/html");
      told.hidden = true;
      state.hidden = false;
      call.send(new FormData(form));
    });
  }
  document.querySelectorAll("form[data-progress]").forEach(progress);

  // Before a session ends one is told, and can go on.
  const ends = document.getElementById("ends");
  if (ends) {
    const WARNED = 300;
    let timer = 0;
    const wait = (left) => {
      clearTimeout(timer);
      ends.hidden = left > WARNED;
      if (!ends.hidden) ends.querySelector("[data-last]").hidden = false;
      else timer = setTimeout(() => { ends.hidden = false; }, (left - WARNED) * 1000);
    };
    wait(Number(ends.dataset.left));
    ends.querySelector("button").addEventListener("click", async () => {
      try {
        const answer = await fetch("/account/stay");
        if (answer.ok && !answer.redirected) wait(Number(await answer.text()));
      } catch { /* no line: the notice stays */ }
    });
  }

  document.getElementById("faults")?.focus();
  // Work that takes a while is looked at in the background: a page that came again and again would
  // take whoever reads it, by ear above all, back to its beginning.
  async function lookAgain() {
    try {
      const answer = await fetch(here(), { headers: { Accept: "text/html" } });
      if (answer.ok && !(await answer.text()).includes("data-look-again")) { location.reload(); return; }
    } catch { /* no line: later, then */ }
    setTimeout(lookAgain, 3000);
  }
  if (document.querySelector("[data-look-again]")) setTimeout(lookAgain, 3000);
  for (const one of document.querySelectorAll("[data-now]")) one.addEventListener("change", () => one.form.requestSubmit());
})();
