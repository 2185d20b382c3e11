import { Eta } from "eta";
import type { Review } from "../review.js";
import { offline } from "./table.js";
import { sectionsOf, stackOf, summaryOf } from "./words.js";

/** A page of its own, which loads nothing from the network. */
export const html = (review: Review): string =>
  new Eta().renderString(template, {
    title: stackOf(review),
    summary: summaryOf(review),
    remark: review.isFromCloud ? "" : offline,
    sections: sectionsOf(review),
    tone: { 0: "fine", 2: "bad", 3: "partial" }[review.exitCode],
  });

const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Access review of <%= it.title %></title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 75rem; }
.summary { font-weight: 600; border-left: .4rem solid; padding-left: .8rem; }
.fine { border-color: light-dark(#1a7f37, #3fb950); }
.bad { border-color: light-dark(#b3261e, #ff8b82); }
.partial { border-color: light-dark(#8250df, #bf94ff); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid light-dark(#ddd, #444); }
td { overflow-wrap: anywhere; min-width: 6rem; }
.danger h2::before { content: "⚠ "; }
@media print { .scroll { overflow: visible; } }
</style>
</head>
<body>
<main>
<h1>Access review of <%= it.title %></h1>
<p class="summary <%= it.tone %>"><%= it.summary %></p>
<% if (it.remark !== "") { %><p><%= it.remark %></p><% } %>
<% it.sections.forEach((section) => { %>
<section<% if (section.isDangerous) { %> class="danger"<% } %>>
<h2><%= section.title %></h2>
<div class="scroll" tabindex="0" role="region" aria-label="<%= section.title %>">
<table>
<thead><tr><% section.head.forEach((text) => { %><th scope="col"><%= text %></th><% }) %></tr></thead>
<tbody>
<% section.rows.forEach((row) => { %><tr><% row.forEach((text) => { %><td><%= text %></td><% }) %></tr>
<% }) %></tbody>
</table>
</div>
</section>
<% }) %>
</main>
</body>
</html>
`;
