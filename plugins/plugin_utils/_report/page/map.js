// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Hosts against controls. Only the rows in sight are in the document, so that thousands of hosts cost no more than fifty.
const ROW = 28;
const AHEAD = 12;
const scroller = document.getElementById("scroller");
const map = document.getElementById("map");
const rows = document.getElementById("rows");
let shown = hosts;
let current = -1;
let drawn = "";

const letterClass = (status) => (status === undefined ? "s-none" : `s-${status.letter === "?" ? "Q" : status.letter}`);

function drawHead() {
  const corner = make("th", { scope: "col", class: "corner", text: "Host" });
  const heads = controls.map((control) => {
    const link = make("a", { href: `#control=${encodeURIComponent(control.id)}`, tabindex: "-1", title: `${control.place + 1}. ${control.title} (${control.severity})` }, make("span", { class: "text", text: control.id }));
    return make("th", { scope: "col", class: "turned" }, link);
  });
  document.getElementById("head").replaceChildren(make("tr", { "aria-rowindex": "1" }, corner, ...heads, filler()));
}

// Takes the width that the controls leave.
const filler = () => make("td", { class: "rest", role: "presentation" });

function cell(host, control) {
  const status = cellOf(host, control);
  const words = `${control.title}: ${status?.label ?? "does not apply, or not looked at"}`;
  const chosen = view.control === control.id ? " chosen" : "";
  return make("td", { role: "gridcell", class: `cell ${letterClass(status)}${chosen}`, title: words, "aria-label": words, text: status?.glyph ?? "" });
}

function drawRow(place) {
  const host = shown[place];
  const mark = make("span", { class: `mark ${letterClass(host.status)}`, title: host.status.label, "aria-label": `${host.status.label}:`, role: "img", text: host.status.glyph });
  const name = make("th", { scope: "row", title: host.name.slice(0, 300) }, mark, make("span", { class: "text", text: host.name.slice(0, 300) }));
  return make(
    "tr",
    { id: `row-${place}`, "aria-rowindex": place + 2, "data-place": place, "aria-selected": String(place === current), class: place === current ? "current" : null },
    name,
    ...(host.status.key === "unreachable" && !/[^-]/u.test(host.cells) ? [nothingKnown(host)] : [...controls.map((control) => cell(host, control)), filler()]),
  );
}

// An unreachable host has no checks: its row says so instead of showing an empty line.
function nothingKnown(host) {
  return make("td", { role: "gridcell", class: "unreached", colspan: controls.length + 1, title: host.message.slice(0, 300) }, make("span", { class: "text", text: host.message.slice(0, 300) || host.status.meaning }));
}

function gap(count) {
  const row = make("tr", { class: "gap", "aria-hidden": "true" }, make("td", { colspan: controls.length + 2 }));
  row.firstChild.style.height = `${count * ROW}px`;
  return count ? row : null;
}

function drawRows(anew) {
  const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - AHEAD);
  const last = Math.min(shown.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + AHEAD);
  const range = `${first}-${last}`;
  if (!anew && range === drawn) return;
  drawn = range;
  const lines = [];
  for (let place = first; place < last; place += 1) lines.push(drawRow(place));
  rows.replaceChildren(...[gap(first), ...lines, gap(shown.length - last)].filter(Boolean));
  if (current >= first && current < last) map.setAttribute("aria-activedescendant", `row-${current}`);
  else map.removeAttribute("aria-activedescendant");
}

// Make a row the current one, and bring it into sight below the table's head.
function point(place) {
  if (place < 0 || place >= shown.length) return;
  current = place;
  const head = document.getElementById("head").offsetHeight;
  const top = place * ROW;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + head + ROW > scroller.scrollTop + scroller.clientHeight - 12) scroller.scrollTop = top + head + ROW + 12 - scroller.clientHeight;
  drawRows(true);
}

function moveBy(key) {
  const page = Math.max(1, Math.floor(scroller.clientHeight / ROW) - 6);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (!(key in steps)) return false;
  point(Math.min(shown.length - 1, Math.max(0, current + (current < 0 && steps[key] > 0 ? 1 : steps[key]))));
  return true;
}

map.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target !== map) return;
  if (event.key === "Enter" && current >= 0) openHost(shown[current]);
  else if (!moveBy(event.key)) return;
  event.preventDefault();
});
map.addEventListener("focus", () => {
  if (current < 0 && shown.length && map.matches(":focus-visible")) point(0);
});
rows.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-place]");
  // Marking a name to copy it is no wish to open it.
  if (!row || String(getSelection())) return;
  map.focus({ preventScroll: true });
  openHost(shown[Number(row.dataset.place)]);
});
scroller.addEventListener("scroll", () => requestAnimationFrame(() => drawRows(false)), { passive: true });
// Its height changes with the window's, and with what stands in it.
new ResizeObserver(() => drawRows(false)).observe(scroller);

function drawMap() {
  shown = chooseHosts();
  current = -1;
  scroller.scrollTop = 0;
  map.setAttribute("aria-rowcount", shown.length + 1);
  map.setAttribute("aria-colcount", controls.length + 1);
  map.hidden = !shown.length;
  document.getElementById("nothing").hidden = shown.length > 0;
  const links = document.querySelectorAll("#head .turned");
  links.forEach((head, place) => head.classList.toggle("chosen", controls[place].id === view.control));
  drawRows(true);
}
