/** Eta escapes values in `<%= %>`. Values in `<%~ %>` are inserted unescaped, so they must come from this package. */
export const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '<%~ it.styleHash %>'; script-src '<%~ it.scriptHash %>'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Access: <%= it.title %></title>
<style><%~ it.style %></style>
</head>
<body>
<a class="skip" href="#access">Skip to the access matrix</a>
<header>
<h1>Access: <%= it.title %></h1>
<p class="lead">As of <time datetime="<%= it.asOf %>"><%= it.asOf.slice(0, 10) %></time>, at <%= it.apiUrl %>.</p>
</header>
<main>
<p class="verdict <%= it.tone %>"><strong><%= it.tally %></strong></p>
<ul class="tiles" aria-label="Figures">
<% it.tiles.forEach((tile) => { %><li<% if (tile.isBad) { %> class="bad"<% } %> data-filter="<%= tile.filter %>"><b><%= tile.figure %></b> <span><%= tile.label %></span></li>
<% }) %></ul>
<% if (it.since) { %><section aria-labelledby="changes">
<h2 id="changes">What changed since <%= it.since %></h2>
<% if (it.changes.length === 0) { %><p>Nothing changed.</p><% } else { %><ol class="items" data-items="changes"></ol>
<noscript><ol class="items">
<% it.changes.forEach((item) => { %><li><%= item.tag %>: <b><%= item.title %></b><% if (item.where) { %> in <%= item.where %><% } %>: <%= item.text %></li>
<% }) %></ol></noscript><% } %>
</section>
<% } %><% if (it.findings.length > 0) { %><section aria-labelledby="findings">
<h2 id="findings">What is not as declared</h2>
<ol class="items" data-items="findings"></ol>
<noscript><ol class="items">
<% it.findings.forEach((item) => { %><li><%= item.tag %>: <b><%= item.title %></b><% if (item.where) { %> in <%= item.where %><% } %>: <%= item.text %><% if (item.by) { %> (<%= item.by %>)<% } %> <code><%= item.id %></code></li>
<% }) %></ol></noscript>
</section>
<% } %><section aria-labelledby="access">
<h2 id="access">Who can access what</h2>
<p class="legend">A role without a remark is as declared. Two roles: the first is the role in the cloud. <b>Not declared</b>: exists, but is not
declared. <b>Missing</b>: declared, but does not exist. <b>Accepted</b>: not declared, but accepted with a reason. <b>Administrator of …</b>: comes with
administering the organization. <b>Not compared</b>: nothing is declared around it.</p>
<form hidden aria-label="Filters">
<div><label for="text">Name or email</label><input type="search" id="text" name="text" autocomplete="off"></div>
<div><label for="kind">Who</label><select id="kind" name="kind"><option value="">everybody</option><option value="person">people</option><option value="account">service accounts</option></select></div>
<div><label for="trait">Only</label><select id="trait" name="trait"><option value="">everything</option><option value="danger">danger</option><option value="undeclared">undeclared</option><option value="admin">administrators</option><option value="external">external</option><option value="oldKeys">old keys</option><option value="soon">ending soon</option></select></div>
<div><label for="scope">Where</label><select id="scope" name="scope"><option value="">everywhere</option></select></div>
<div><label for="role">Role</label><select id="role" name="role"><option value="">any</option><% it.roles.forEach((role) => { %><option><%= role %></option><% }) %></select></div>
<div><label for="sort">Sort by</label><select id="sort" name="sort"><option value="danger">danger</option><option value="name">name</option><option value="keys">oldest key</option><option value="role">strongest role</option></select></div>
<div><label for="view">View</label><select id="view" name="view"><option value="matrix">matrix</option><option value="list">list</option></select></div>
<button type="reset">Clear</button>
</form>
<p class="count" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="Access matrix" hidden></div>
<ul class="cards" hidden></ul>
<button type="button" class="more" hidden>Show more</button>
<ul class="paper"></ul>
<noscript><ul class="people">
<% it.people.forEach((person) => { %><li><b><%= person.name %></b><% if (person.email !== person.name) { %> <%= person.email %><% } %><% if (person.isAccount) { %> (service account)<% } %><% if (person.remark) { %> (<%= person.remark %>)<% } %><ul><% person.lines.forEach((line) => { %><li><%= line %></li><% }) %></ul></li>
<% }) %></ul></noscript>
</section>
<section aria-labelledby="coverage">
<h2 id="coverage">Coverage</h2>
<ul><% it.coverage.forEach((line) => { %><li><%= line %></li><% }) %></ul>
</section>
</main>
<dialog aria-labelledby="who"><form method="dialog"><button>Close</button></form><div class="card"></div></dialog>
<script type="application/json" id="data"><%~ it.data %></script>
<script><%~ it.script %></script>
</body>
</html>
`;
