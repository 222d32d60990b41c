// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What is shown is said by the address behind the page's name, so that a view can be linked: #q=...&status=drift,error&host=...
const noView = () => ({ q: "", status: new Set(), severity: "", control: "", group: "", change: "", sort: "", host: "" });
let view = noView();

function readView() {
  const given = new URLSearchParams(location.hash.slice(1));
  const one = (key, known) => (known(given.get(key) ?? "") ? (given.get(key) ?? "") : "");
  return {
    q: given.get("q") ?? "",
    status: new Set((given.get("status") ?? "").split(",").filter((key) => byKey.has(key))),
    severity: one("severity", (value) => weights.has(value)),
    control: one("control", (value) => controlPlaces.has(value)),
    group: given.get("group") ?? "",
    change: one("change", (value) => changed.has(value)),
    sort: one("sort", (value) => value === "name"),
    host: one("host", (value) => hostPlaces.has(value)),
  };
}

function writeView(push) {
  const told = new URLSearchParams();
  for (const [key, value] of Object.entries(view)) {
    const written = key === "status" ? [...value].join(",") : value;
    if (written) told.set(key, written);
  }
  const address = `#${told}`;
  if (address === location.hash || (address === "#" && location.hash === "")) return;
  if (push) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

// The controls that the filters speak of; null if they speak of whole hosts.
function chosenControls() {
  if (!view.control && !view.severity) return null;
  return controls.filter((control) => (!view.control || control.id === view.control) && (!view.severity || control.severity === view.severity));
}

function hasCell(host, chosen) {
  return chosen.some((control) => {
    const status = cellOf(host, control);
    return status !== undefined && (view.status.size ? view.status.has(status.key) : status.key !== "compliant");
  });
}

function chooseHosts() {
  const words = view.q.toLowerCase().split(/\s+/u).filter(Boolean);
  const chosen = chosenControls();
  const change = changed.get(view.change);
  return orders[view.sort].filter(
    (host) =>
      (!view.group || host.groups.includes(view.group)) &&
      (!change || change.has(host.place)) &&
      (chosen ? hasCell(host, chosen) : !view.status.size || view.status.has(host.status.key)) &&
      words.every((word) => searchText(host).includes(word)),
  );
}

const changeWords = { new: "with something new", fixed: "with something fixed", open: "with something still open", unseen: "with something that nobody could look at" };

// The filters in words.
function sentence() {
  const parts = [];
  const labels = [...view.status].map((key) => byKey.get(key).label).join(" or ");
  if (view.control) parts.push(`control "${controls[controlPlaces.get(view.control)].title}": ${labels || "not as required"}`);
  else if (view.severity) parts.push(`a control of severity ${view.severity}: ${labels || "not as required"}`);
  else if (labels) parts.push(`status ${labels}`);
  if (view.control && view.severity) parts.push(`severity ${view.severity}`);
  if (view.group) parts.push(`group ${view.group}`);
  if (view.change) parts.push(changeWords[view.change]);
  if (view.q) parts.push(`search "${view.q}"`);
  return parts.length ? `Filtered by ${parts.join("; ")}.` : "";
}
