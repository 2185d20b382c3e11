/** Eta escapes what stands in `<%= %>`; what stands in `<%~ %>` is ours. */
export const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '<%~ it.scriptHash %>'">
<title>Access: <%= it.title %></title>
<style><%~ it.style %></style>
<style class="columns"></style>
</head>
<body>
<a class="skip" href="#matrix">Skip to the access matrix</a>
<header>
<h1>Access: <%= it.title %></h1>
<p class="lead">As of <time datetime="<%= it.asOf %>"><%= it.asOf.slice(0, 10) %></time>, at <%= it.apiUrl %>.</p>
</header>
<main>
<p class="verdict <%= it.tone %>"><strong><%= it.tally %></strong></p>
<% if (it.findings.length > 0) { %>
<section aria-labelledby="findings">
<h2 id="findings">What is not as declared</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table of findings">
<table class="findings">
<thead><tr><th scope="col">Class</th><th scope="col">What</th><th scope="col">How</th><th scope="col">Declared by</th></tr></thead>
<tbody>
<% it.findings.forEach((finding) => { %><tr><td><%= finding.class %></td><td><%= finding.what %></td><td><%= finding.how %></td><td><%= finding.by %></td></tr>
<% }) %></tbody>
</table>
</div>
</section>
<% } %>
<section aria-labelledby="matrix">
<h2 id="matrix">Who may reach what</h2>
<p>A role without a remark is declared. <b>Undeclared</b>: exists, but is not declared. <b>Accepted</b>: undeclared, with a reason.
<b>Inherited</b>: comes with administering the organization.</p>
<form hidden aria-label="Filters">
<div><label for="text">Name or email</label><input type="search" id="text" name="text" autocomplete="off"></div>
<div><label for="kind">Who</label><select id="kind" name="kind"><option value="">everybody</option><option value="person">people</option><option value="account">service accounts</option></select></div>
<div><label for="scope">Where</label><select id="scope" name="scope"><option value="">everywhere</option><% it.scopes.forEach((scope) => { %><option value="<%= scope.name %>"><%= scope.title %></option><% }) %></select></div>
<div><label for="role">Role</label><select id="role" name="role"><option value="">any</option><% it.roles.forEach((role) => { %><option><%= role %></option><% }) %></select></div>
<label class="check"><input type="checkbox" name="undeclared"> only undeclared</label>
<button type="reset">Clear</button>
</form>
<p class="count" role="status"></p><button type="button" class="more" hidden>Show all</button>
<div class="scroll matrix" tabindex="0" role="region" aria-label="Access matrix">
<table data-fixed="2" style="width: <%= 36 + 6.5 * it.scopes.length %>rem">
<caption><%= it.rows.length %> people and service accounts, <%= it.scopes.length %> projects and organizations</caption>
<colgroup><col class="who"><col class="keys"><col span="<%= Math.max(1, it.scopes.length) %>"></colgroup>
<thead><tr><th scope="col">Who</th><th scope="col">Keys</th><% it.scopes.forEach((scope) => { %><th scope="col" class="tall" data-scope="<%= scope.name %>"><span title="<%= scope.name %>"><%= scope.title %></span></th><% }) %></tr></thead>
<tbody>
<% it.rows.forEach((row) => { %><tr data-kind="<%= row.kind %>" data-text="<%= row.text %>" data-loose="<%= row.isLoose %>"><th scope="row"><%= row.name %><small><%= row.email %><% if (row.remark) { %> (<%= row.remark %>)<% } %></small></th><td><% row.keys.forEach((key) => { %><div class="<%= key.standing %>"><%= key.text %></div><% }) %></td><%~ row.cells %></tr>
<% }) %></tbody>
</table>
</div>
<ul class="list">
<% it.rows.forEach((row) => { %><li><b><%= row.name %></b> <%= row.email %><% if (row.remark) { %> (<%= row.remark %>)<% } %><ul><% row.lines.forEach((line) => { %><li><%= line %></li><% }) %></ul></li>
<% }) %></ul>
</section>
<section aria-labelledby="coverage">
<h2 id="coverage">Coverage</h2>
<ul><% it.coverage.forEach((line) => { %><li><%= line %></li><% }) %></ul>
</section>
</main>
<script><%~ it.script %></script>
</body>
</html>
`;
