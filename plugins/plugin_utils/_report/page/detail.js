// Copyright (c) 2026 The uamops.netwrix_auditor authors
// SPDX-License-Identifier: GPL-3.0-or-later

// One host, beside the list.
const dialog = document.getElementById("detail");

function step(host, by) {
  const place = shown.indexOf(host);
  const next = place < 0 ? undefined : shown[place + by];
  const button = make("button", { type: "button", class: "plain", disabled: !next, text: by < 0 ? "Previous host" : "Next host" });
  button.addEventListener("click", () => next && openHost(next, by < 0 ? 0 : 1));
  return button;
}

function closer() {
  const button = make("button", { type: "button", class: "plain close", text: "Close" });
  button.addEventListener("click", () => dialog.close());
  return button;
}

function listOf(title, chosen, status) {
  if (!chosen.length) return null;
  const items = chosen.map((control) => make("li", {}, make("span", { class: `mark s-${status}`, "aria-hidden": "true", text: status === "C" ? "\u2713" : "" }), make("span", { class: "text", text: control.title })));
  return make("section", { class: "rest" }, make("h3", { text: `${title} (${chosen.length})` }), make("ul", {}, ...items));
}

function fillDetail(host) {
  const findings = findingsOf(host);
  const good = controls.filter((control) => cellOf(host, control)?.key === "compliant");
  const absent = controls.filter((control) => cellOf(host, control) === undefined);
  const content = make(
    "div",
    { class: "content", tabindex: "0", autofocus: true, role: "region", "aria-label": "Findings" },
    namesOf(host),
    messageOf(host),
    findings.length ? make("h3", { class: "unseen", text: "Findings" }) : null,
    ...findings.map((finding) => findingOf(finding, "h4")),
    !findings.length && !host.message ? make("p", { text: "Everything that was looked at is as required." }) : null,
    listOf("As required", good, "C"),
    listOf("Does not apply, or was not looked at", absent, "none"),
  );
  const bar = make("div", { class: "bar-top" }, make("h2", { id: "detail-name", class: "text", text: host.name }), chip(host.status));
  dialog.replaceChildren(make("header", {}, bar, make("div", { class: "steps" }, step(host, -1), step(host, 1), closer())), content);
}

function showDetail() {
  const host = view.host ? hosts[hostPlaces.get(view.host)] : null;
  if (!host) {
    if (dialog.open) dialog.close();
    return;
  }
  fillDetail(host);
  if (!dialog.open) dialog.showModal();
  point(shown.indexOf(host));
}

// `kept` is the button that keeps the focus when the dialog's content is changed.
function openHost(host, kept) {
  const push = !view.host;
  view.host = host.name;
  writeView(push);
  showDetail();
  const button = kept === undefined ? null : dialog.querySelectorAll(".steps button")[kept];
  if (button && !button.disabled) button.focus();
  else dialog.querySelector(".content").focus();
}

dialog.addEventListener("close", () => {
  view.host = "";
  writeView(false);
});
// The backdrop belongs to the dialog; everything else in it is inside a child.
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
