// Keyboard, palette, menus and theme. Everything here is a short cut: each has a link or a form that works without it.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };

  // --- dialogs -----------------------------------------------------------------------------------------------
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    $$("details.who[open]").forEach((menu) => menu.removeAttribute("open"));
    dialog.showModal();
    if (id === "palette") { field.value = ""; show(); field.focus(); }
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.nodeName === "DIALOG") event.target.close();
    $$("details.who[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
  });

  // --- palette -----------------------------------------------------------------------------------------------
  const palette = $("#palette");
  const field = $("#palette-field");
  const list = $("#palette-list");
  let asked = 0;
  const visible = () => $$("li:not([hidden])", list);
  const choose = (item) => {
    $$("li", list).forEach((other) => other.setAttribute("aria-selected", String(other === item)));
    if (item) { field.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    $$("li[data-words]", list).forEach((item) => {
      const known = item.dataset.words.split(/\s+/);
      item.hidden = !words.every((word) => known.some((name) => name.startsWith(word)));
    });
    choose(visible()[0]);
    $(".palette-none", palette).hidden = visible().length > 0;
  };
  const found = (entry, number) => {
    const item = document.createElement("li");
    item.id = `found-${number}`;
    item.setAttribute("role", "option");
    item.dataset.address = entry.address;
    item.className = "found";
    for (const [name, text] of [["title", entry.title], ["more", entry.more], ["kind", entry.kind]]) {
      const part = document.createElement("span");
      part.className = `palette-${name}`;
      part.textContent = text;
      item.append(part);
    }
    return item;
  };
  const ask = async () => {
    const mine = ++asked;
    const words = field.value.trim();
    const answer = words.length < 2 ? [] : await fetch(`${field.dataset.search}?q=${encodeURIComponent(words)}`, {
      headers: { Accept: "application/json" },
    }).then((reply) => (reply.ok ? reply.json() : { found: [] })).then((reply) => reply.found).catch(() => []);
    if (mine !== asked) return;
    $$(".found", list).forEach((item) => item.remove());
    list.append(...answer.map(found));
    show();
  };
  let pause;
  const go = (item) => { if (item) location.href = item.dataset.address; };
  if (palette) {
    field.addEventListener("input", () => { show(); clearTimeout(pause); pause = setTimeout(ask, 120); });
    field.addEventListener("keydown", (event) => {
      const items = visible();
      const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") choose(items[(at + 1) % items.length]);
      else if (event.key === "ArrowUp") choose(items[(at - 1 + items.length) % items.length]);
      else if (event.key === "Enter") go(items[at]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("click", (event) => go(event.target.closest("li")));
    list.addEventListener("mousemove", (event) => { const item = event.target.closest("li"); if (item) choose(item); });
  }

  // --- single keys -------------------------------------------------------------------------------------------
  const singles = $("#single-keys");
  if (singles) {
    singles.checked = remembered("single-keys") !== "off";
    singles.addEventListener("change", () => remember("single-keys", singles.checked ? "on" : "off"));
  }
  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.nodeName);
  const step = (by) => {
    const rows = $$("a.row");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + by))].focus();
  };
  let going = 0;
  const single = (event) => {
    const key = event.key;
    if (Date.now() - going < 1200) {
      going = 0;
      const link = $(`[data-go="${CSS.escape(key)}"]`);
      if (link) { link.click(); return true; }
      if (key === "i" && $("#go-imports")) { go($("#go-imports")); return true; }
    }
    if (key === "g") { going = Date.now(); return true; }
    if (key === "?") { open("keys"); return true; }
    if (key === "j") { step(1); return true; }
    if (key === "k") { step(-1); return true; }
    const pressed = $(`[data-key="${CSS.escape(key)}"]`);
    if (pressed) { if (pressed.nodeName === "INPUT") pressed.focus(); else pressed.click(); return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); return; }
    if (event.key === "Escape") $$("details.who[open]").forEach((menu) => { menu.removeAttribute("open"); $("summary", menu).focus(); });
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (singles && singles.checked && single(event)) event.preventDefault();
  });

  // --- theme: at once, without loading the page anew -----------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".themes");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.theme = theme;
    $$("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });

  // --- streams: which teams' lines are shown -------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-team-filter]");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    const off = $$("[data-team-filter][aria-pressed='false']").map((other) => other.dataset.teamFilter);
    $$("[data-team]").forEach((line) => { line.hidden = off.includes(line.dataset.team); });
  });
})();
