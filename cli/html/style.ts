/**
 * The page's style. Colours have a contrast of at least 4.5:1, and colour is never the only way to convey information.
 */
export const style = `
:root { color-scheme: light; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff; }
body { margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.5rem; margin: .2rem 0; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .4rem; }
.lead { color: #444; margin: 0 0 1rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .4rem; z-index: 9; }
.verdict { border-left: .4rem solid #1b6e3c; background: #eef7f1; padding: .5rem .9rem; margin: .8rem 0; }
.verdict.bad { border-color: #a4262c; background: #fdf0f0; } .verdict.partial { border-color: #7a4b00; background: #fff6e5; }
form { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: end; padding: .7rem .9rem; background: #f3f4f6; border-radius: .4rem; }
label { display: block; font-size: .85rem; color: #333; } label.check { font-size: 1rem; }
input[type=search], select { font: inherit; padding: .25rem .4rem; border: 1px solid #6b7280; border-radius: .25rem; background: #fff; color: inherit; }
:focus-visible { outline: 3px solid #0b57d0; outline-offset: 1px; }
.scroll { overflow: auto; max-height: 85vh; border: 1px solid #c5c9d0; margin-top: .6rem; }
table { border-collapse: separate; border-spacing: 0; font-size: .85rem; }
caption { text-align: left; padding: .4rem .6rem; color: #444; }
th, td { border-right: 1px solid #dfe2e7; border-bottom: 1px solid #dfe2e7; padding: .2rem .45rem; text-align: left; vertical-align: top; white-space: nowrap; }
thead th { position: sticky; top: 0; background: #e8ebf0; z-index: 2; vertical-align: bottom; }
.matrix thead th:first-child { left: 0; z-index: 3; }
.matrix table { table-layout: fixed; } col.who { width: 20rem; } col.keys { width: 16rem; }
.matrix th, .matrix td { white-space: normal; overflow-wrap: anywhere; }
 .tall span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 12rem; overflow: hidden; text-overflow: ellipsis; }
tbody th { position: sticky; left: 0; background: #fff; font-weight: 600; z-index: 1; }
tbody th small { display: block; font-weight: 400; color: #555; }
tbody tr:hover > * { background: #f1f5fd; }
.undeclared { background: #fdecec; } .undeclared b { color: #8e1519; }
.accepted { background: #fff6e0; } .inherited { color: #555; font-style: italic; }
.count { display: inline-block; margin: .6rem .8rem 0 0; }
b { font-weight: 600; } em { font-style: normal; display: block; font-size: .75rem; }
.findings td { white-space: normal; } .findings { width: 100%; } .empty { color: #555; }
ul.list { display: none; padding: 0; list-style: none; } ul.list li { margin-bottom: .5rem; break-inside: avoid; }
ul.list ul { padding-left: 1.2rem; }
[hidden] { display: none !important; }
@media print {
  body { padding: 0; font-size: 10pt; } form, .scroll.matrix, .skip, .count, .more { display: none; } ul.list { display: block; }
  .scroll { overflow: visible; max-height: none; border: 0; } thead th { position: static; } .verdict, .undeclared { print-color-adjust: exact; }
}
`;
