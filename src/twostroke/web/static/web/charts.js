// Draws the specifications of the page (made on the server) in the colours of the reader's theme.
"use strict";
(() => {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const fonts = () => getComputedStyle(document.body).fontFamily;
  const named = (text) => {
    if (text === "var(--sans)") return fonts();
    probe.style.color = text;
    return getComputedStyle(probe).color;
  };
  const resolve = (part) => {
    if (typeof part === "string") return part.startsWith("var(") ? named(part) : part;
    if (Array.isArray(part)) return part.map(resolve);
    if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, resolve(v)]));
    return part;
  };
  const options = {
    mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "svg",
    tooltip: { disableDefaultStyle: true, theme: "own" },
  };
  const drawn = new Map();
  const draw = async (place) => {
    const source = document.getElementById(place.dataset.chart);
    if (!source || !window.vegaEmbed) return;
    drawn.get(place)?.finalize();
    const result = await window.vegaEmbed(place, resolve(JSON.parse(source.textContent)), options);
    drawn.set(place, result);
    // The table beside the chart says the same in words: a screen reader gets that one.
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  };
  const drawAll = (within) => within.querySelectorAll("[data-chart]").forEach(draw);
  drawAll(document);
  document.body.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target); });
  document.addEventListener("theme", () => drawAll(document));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
})();
