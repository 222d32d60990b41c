// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What goes to the printer instead of the list: the chosen hosts, with everything that is not as required written out.
const MOST_HOSTS = 200;
const MOST_ROWS = 400;
const paper = document.getElementById("paper");

function paperMap(chosen) {
  const heads = controls.map((control) => make("th", { scope: "col", text: String(control.place + 1) }));
  const lines = chosen.slice(0, MOST_ROWS).map((host) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", class: "text", text: host.name.slice(0, 300) }),
      make("td", { class: `cell ${letterClass(host.status)}`, text: host.status.glyph }),
      ...controls.map((control) => make("td", { class: `cell ${letterClass(cellOf(host, control))}`, text: cellOf(host, control)?.glyph ?? "" })),
    ),
  );
  const key = statuses.map((status) => `${status.glyph} ${status.label}`).join(", ");
  return make(
    "section",
    {},
    make("h2", { text: "Hosts and controls" }),
    make("p", { text: `The numbers are those of the controls above, "All" is the worst of a host. ${key}, empty: does not apply or was not looked at.` }),
    chosen.length > MOST_ROWS ? make("p", { text: `The first ${number(MOST_ROWS)} of ${countOf(chosen.length, "host")} are printed.` }) : null,
    make("table", { class: "paper-map" }, make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "Host" }), make("th", { scope: "col", text: "All" }), ...heads)), make("tbody", {}, ...lines)),
  );
}

function paperHost(host) {
  return make("section", { class: "paper-host" }, make("h3", {}, make("span", { class: "text", text: host.name }), " ", chip(host.status)), namesOf(host), messageOf(host), ...findingsOf(host).map((finding) => findingOf(finding, "h4")));
}

function fillPaper() {
  // An open host is what somebody wants on paper.
  const chosen = view.host ? [hosts[hostPlaces.get(view.host)]] : shown;
  const told = chosen.filter((host) => host.status.key !== "compliant" || host.packed.length);
  const printed = told.slice(0, MOST_HOSTS);
  const filtered = view.host ? "Only this host is printed, because it is open on the screen." : sentence();
  const left = told.length - printed.length;
  paper.replaceChildren(
    paperMap(chosen),
    make("h2", { text: "Findings" }),
    ...(filtered ? [make("p", { class: "text", text: filtered })] : []),
    ...(left ? [make("p", { class: "left-out", text: `Printed are the first ${number(printed.length)} of ${countOf(told.length, "host")} with findings; ${number(left)} are left out. Filter the list to print others, or use the report's CSV file.` })] : []),
    ...(printed.length ? printed.map(paperHost) : [make("p", { text: "Nothing to tell: everything that was looked at is as required." })]),
  );
}

// Paper can't be clicked: what has changed is printed with its lists.
const opened = [];

addEventListener("beforeprint", () => {
  fillPaper();
  for (const list of document.querySelectorAll("details.change:not([open])")) {
    list.open = true;
    opened.push(list);
  }
});
addEventListener("afterprint", () => {
  paper.replaceChildren();
  for (const list of opened.splice(0)) list.open = false;
});
