// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A host's findings written out, on the screen and on paper.
const chip = (status) => make("span", { class: `chip chip-${status.key}`, text: status.label });
const severityOf = (control) => make("span", { class: `severity severity-${control.severity}`, text: `${control.severity.charAt(0).toUpperCase()}${control.severity.slice(1)}` });

function tableOf(heads, rows, caption) {
  const line = make("tr", {}, ...heads.map((head) => make("th", { scope: "col", text: head })));
  const lines = rows.map((row) => make("tr", {}, ...row.map((value, place) => make(place ? "td" : "th", { scope: place ? null : "row", class: "text", "data-head": heads[place], text: value }))));
  return make("table", { class: `values values-${heads.length}` }, make("caption", { class: "unseen", text: caption }), make("thead", {}, line), make("tbody", {}, ...lines));
}

function age(since) {
  const days = Math.floor((Date.parse(page.generated) - Date.parse(since)) / 86400000);
  if (!since || Number.isNaN(days)) return null;
  const told = since === page.generated ? "new in this report" : days < 1 ? "seen less than a day before this report" : `first seen ${countOf(days, "day")} before this report`;
  return make("p", { class: "since quiet", text: `Since ${day(since)}, ${told}.` });
}

function waiverOf(finding) {
  if (!finding.waiver) return null;
  const head = finding.status.key === "waived" ? `Accepted until ${day(finding.waiver.expires)}. ` : `Was accepted until ${day(finding.waiver.expires)}. `;
  return make("p", { class: "waiver" }, make("b", { text: head }), make("span", { class: "text", text: finding.waiver.reason }));
}

function overridesOf(finding) {
  const rows = finding.overrides.map((entry) => [entry.what, entry.stored, entry.effective || "Windows does not tell", entry.by]);
  const fixes = [...new Set(finding.overrides.map((entry) => entry.fix).filter(Boolean))];
  return [
    rows.length ? tableOf(["Setting", "Stored", "In force", "Set by"], rows, "What is in force instead") : null,
    ...fixes.map((fix) => make("p", { class: "fix" }, make("b", { text: "What to do: " }), make("span", { class: "text", text: fix }))),
  ];
}

function findingOf(finding, level) {
  const control = finding.control;
  const rows = finding.differences.map((entry) => [entry.setting, entry.stored, entry.required]);
  const was = finding.status.key === "waived" ? make("span", { class: "quiet", text: `Without the exception: ${finding.found.label}` }) : null;
  return make(
    "article",
    { class: `finding edge-${finding.status.key}` },
    make(level, { class: "text", text: control?.title ?? "A control that is not in this report" }),
    make("p", { class: "tags" }, chip(finding.status), control ? severityOf(control) : null, make("code", { class: "text", text: finding.resource }), was),
    make("p", { class: "explanation text", text: finding.explanation }),
    rows.length ? tableOf(["Setting", "Stored", "Required"], rows, "What is stored and what is required") : null,
    ...overridesOf(finding),
    waiverOf(finding),
    age(finding.since),
  );
}

// What a host is called, besides its name in the inventory.
function namesOf(host) {
  const list = make("dl", { class: "names" });
  if (host.computer) list.append(make("div", {}, make("dt", { text: "Name in Windows" }), make("dd", { class: "text", text: host.computer })));
  if (host.groups.length) list.append(make("div", {}, make("dt", { text: host.groups.length === 1 ? "Group" : "Groups" }), make("dd", { class: "text", text: host.groups.join(", ") })));
  return list;
}

function messageOf(host) {
  if (!host.message) return null;
  const lead = host.status.key === "unreachable" ? make("span", { text: "This computer could not be reached, so nothing can be said about it. " }) : null;
  return make("p", { class: `message edge-${host.status.key}` }, lead, make("span", { class: "text", text: host.message }));
}
