// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later
"use strict";

// What the page knows: the counterpart of _payload.py.
const page = JSON.parse(document.getElementById("data").textContent);
const text = (number) => page.texts[number];

const statuses = page.statuses.map(([key, letter, label, meaning], rank) => ({ key, letter, label, meaning, rank, glyph: letter === "C" ? "\u2713" : letter }));
const byLetter = new Map(statuses.map((status) => [status.letter, status]));
const byKey = new Map(statuses.map((status) => [status.key, status]));
const failing = new Set(["drift", "ineffective", "error"]);

const controls = page.controls.map(([id, title, section, severity, why], place) => ({ id, title, section, severity, why, place }));
const controlPlaces = new Map(controls.map((control) => [control.id, control.place]));
// A severe control counts for more than all lighter ones of a host together.
const weights = new Map(page.severities.map((severity, place) => [severity, 1000 ** (page.severities.length - 1 - place)]));

const unpack = (rows, keys) => rows.map((row) => Object.fromEntries(keys.map((key, place) => [key, text(row[place])])));

function readFinding([control, status, found, resource, explanation, differences, overrides, waiver, since]) {
  return {
    control: controls[control],
    status: byLetter.get(status),
    found: byLetter.get(found),
    resource: text(resource),
    explanation: text(explanation),
    differences: unpack(differences, ["setting", "stored", "required"]),
    overrides: unpack(overrides, ["what", "stored", "effective", "by", "fix"]),
    waiver: waiver ? unpack([waiver], ["reason", "expires"])[0] : null,
    since: text(since),
  };
}

function weigh(cells) {
  let weight = 0;
  for (const control of controls) {
    const status = byLetter.get(cells[control.place]);
    if (status && failing.has(status.key)) weight += weights.get(control.severity) ?? 1;
  }
  return weight;
}

const hosts = page.hosts.map(([name, computer, groups, status, message, cells, findings], place) => ({
  place,
  name,
  computer,
  groups: groups.map(text),
  status: byLetter.get(status),
  message: text(message),
  cells,
  packed: findings,
  weight: weigh(cells),
}));
const hostPlaces = new Map(hosts.map((host) => [host.name, host.place]).reverse());
const changed = new Map(Object.entries(page.changes).map(([key, places]) => [key, new Set(places)]));

// Findings are unpacked when somebody looks at them.
const findingsOf = (host) => (host.findings ??= host.packed.map(readFinding).sort((one, other) => one.status.rank - other.status.rank));
const cellOf = (host, control) => byLetter.get(host.cells[control.place]);

function searchText(host) {
  if (host.searched === undefined) {
    const parts = [host.name, host.computer, host.message, ...host.groups];
    for (const finding of findingsOf(host)) {
      parts.push(finding.control?.id, finding.control?.title, finding.resource, finding.explanation, finding.waiver?.reason);
      for (const entry of [...finding.differences, ...finding.overrides]) parts.push(...Object.values(entry));
    }
    host.searched = parts.join("\n").toLowerCase();
  }
  return host.searched;
}

const byName = (one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.place - other.place);
const orders = {
  "": [...hosts].sort((one, other) => one.status.rank - other.status.rank || other.weight - one.weight || byName(one, other)),
  name: [...hosts].sort(byName),
};

const number = (value) => value.toLocaleString("en");
const countOf = (value, one, many) => `${number(value)} ${value === 1 ? one : (many ?? `${one}s`)}`;

function day(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

// An element with its texts: nothing here can make markup of a text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "text") element.textContent = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
