// Draws the specifications of the page (made on the server). Colours stay names of custom properties in the drawing
// itself, so that another theme, and paper, need no second drawing. Only the font is put in: text is measured with it.
"use strict";
(() => {
  const font = getComputedStyle(document.body).fontFamily;
  const resolve = (part) => {
    if (part === "var(--sans)") return font;
    if (Array.isArray(part)) return part.map(resolve);
    if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, resolve(v)]));
    return part;
  };
  const options = {
    mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "svg",
    tooltip: { disableDefaultStyle: true, theme: "own" },
  };
  const draw = async (place) => {
    const source = document.getElementById(place.dataset.chart);
    if (!source || !window.vegaEmbed) return;
    await window.vegaEmbed(place, resolve(JSON.parse(source.textContent)), options);
    // The table beside the chart says the same in words: a screen reader gets that one.
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  };
  const drawAll = (within) => within.querySelectorAll("[data-chart]").forEach(draw);
  drawAll(document);
  document.body.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target); });
})();
