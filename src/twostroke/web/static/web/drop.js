// Dropping files. The file field works without it.
"use strict";
(() => {
  const box = document.getElementById("drop");
  const field = document.getElementById("id_files");
  const list = document.getElementById("drop-list");
  const form = document.getElementById("drop-form");
  box.classList.add("drop-js");
  const size = (bytes) => bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const show = () => {
    list.replaceChildren(...[...field.files].map((file) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const weight = document.createElement("span");
      name.textContent = file.name;
      weight.textContent = size(file.size);
      weight.className = "muted";
      item.append(name, weight);
      return item;
    }));
  };
  field.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("drop-over"); });
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("drop-over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const all = new DataTransfer();
    [...field.files, ...event.dataTransfer.files].forEach((file) => all.items.add(file));
    field.files = all.files;
    show();
  });
  form.addEventListener("submit", () => {
    if (!field.files.length) return;
    const button = form.querySelector(".main-button");
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending;
  });
})();
