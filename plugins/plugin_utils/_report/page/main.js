// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The filters, and what brings everything to life.
const search = document.getElementById("search");
const tiles = [...document.querySelectorAll("#tiles button")];
const selects = ["control", "severity", "group", "sort"].map((id) => document.getElementById(id));

function showFilters() {
  if (search.value !== view.q) search.value = view.q;
  for (const select of selects) {
    select.value = view[select.id];
    select.classList.toggle("set", select.value !== "" && select.id !== "sort");
  }
  for (const tile of tiles) tile.setAttribute("aria-pressed", String(view.status.has(tile.dataset.status)));
  const words = sentence();
  document.getElementById("sentence").textContent = words;
  document.getElementById("clear").disabled = !words;
  document.getElementById("count").textContent =
    shown.length === hosts.length ? `${countOf(hosts.length, "host")}.` : `${number(shown.length)} of ${countOf(hosts.length, "host")}.`;
}

function show() {
  drawMap();
  showFilters();
}

function change(part) {
  view = { ...view, ...part };
  writeView(false);
  show();
}

function clear() {
  change({ ...noView(), sort: view.sort });
  search.focus();
}

function follow() {
  // An address of a place in the page is none of a view.
  if (location.hash && !location.hash.includes("=")) return;
  const before = view;
  view = readView();
  // A host that is opened by a link leaves the list as it is, a view that is linked shows its list.
  if (view.host && before.host !== view.host && [...new URLSearchParams(location.hash.slice(1)).keys()].length === 1) {
    view = { ...before, host: view.host };
    writeView(false);
  } else {
    show();
    if (!view.host && !before.host && location.hash) document.getElementById("hosts").scrollIntoView();
  }
  showDetail();
}

let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => change({ q: search.value }), 80);
});
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
for (const select of selects) select.addEventListener("change", () => change({ [select.id]: select.value }));
for (const tile of tiles) {
  tile.addEventListener("click", () => {
    const chosen = new Set(view.status);
    if (!chosen.delete(tile.dataset.status)) chosen.add(tile.dataset.status);
    change({ status: chosen });
  });
}
document.getElementById("clear").addEventListener("click", clear);
document.getElementById("clear-too").addEventListener("click", clear);

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  map.focus();
  document.getElementById("hosts").scrollIntoView();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    document.getElementById("hosts").scrollIntoView();
    search.focus({ preventScroll: true });
    search.select();
  } else if (event.key === "Escape" && event.target === search && search.value) {
    event.preventDefault();
    change({ q: "" });
  } else if (event.key === "ArrowDown" && event.target === search) {
    event.preventDefault();
    map.focus({ preventScroll: true });
    point(0);
  }
});
addEventListener("hashchange", follow);

const when = document.getElementById("when");
const moment = new Date(page.generated);
if (!Number.isNaN(moment.getTime())) {
  const local = moment.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const zone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" }).formatToParts(moment).find((part) => part.type === "timeZoneName")?.value ?? "";
  if (zone !== "UTC") when.textContent = `${local} ${zone} (${when.textContent})`;
}

document.documentElement.classList.add("alive");
document.getElementById("hosts").hidden = false;
drawHead();
view = readView();
show();
showDetail();
