/**
 * The page's style. Colours have a contrast of at least 4.5:1, and colour is never the only way to convey information.
 */
export const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif;
  --text: #1a1a1a; --soft: #50555c; --page: #fff; --panel: #f3f4f6; --head: #e8ebf0; --line: #d5d9df; --edge: #6b7280;
  --link: #0b4fb3; --focus: #0b57d0; --red: #8e1519; --red-back: #fdecec; --amber: #6b4200; --amber-back: #fff6e0;
  --green: #14562e; --green-back: #eef7f1; --hit: #0b57d0;
  color: var(--text); background: var(--page); }
@media (prefers-color-scheme: dark) { :root {
  --text: #e6e8eb; --soft: #aab1bb; --page: #14171b; --panel: #1f242b; --head: #262c35; --line: #39414c; --edge: #8b95a3;
  --link: #8ab8ff; --focus: #8ab8ff; --red: #ffb4b0; --red-back: #42191b; --amber: #ffd591; --amber-back: #3a2c10;
  --green: #9fe0b8; --green-back: #14301f; --hit: #8ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem clamp(.8rem, 2vw, 2rem) 3rem; }
h1 { font-size: 1.5rem; margin: .2rem 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
p { margin: 0; } ul, ol { margin: 0; padding: 0; list-style: none; }
a { color: var(--link); }
.lead, .legend, .small, small { color: var(--soft); } .lead, .legend { margin: 0 0 .8rem; overflow-wrap: anywhere; } .legend { max-width: 75rem; font-size: .87rem; }
.legend b { color: var(--text); }
.small, small { font-size: .8rem; }
code { font: .78rem/1.3 ui-monospace, "DejaVu Sans Mono", monospace; color: var(--soft); overflow-wrap: anywhere; }
.id { user-select: all; cursor: copy; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .4rem; z-index: 9; }
.verdict { border-left: .4rem solid var(--green); background: var(--green-back); color: var(--green); padding: .5rem .9rem; margin: .8rem 0; }
.verdict.bad { border-color: var(--red); background: var(--red-back); color: var(--red); }
.verdict.partial { border-color: var(--amber); background: var(--amber-back); color: var(--amber); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .6rem; }
.tiles li { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .7rem; font-size: .85rem; overflow-wrap: anywhere; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; }
.tiles .bad { border-color: var(--red); background: var(--red-back); color: var(--red); }
.tiles li:has(> button) { padding: 0; }
.tiles button { width: 100%; height: 100%; border: 0; background: none; font: inherit; color: inherit; text-align: left; padding: .5rem .7rem; cursor: pointer; border-radius: .4rem; }
.tiles button:hover { background: var(--panel); } .tiles .bad button:hover { background: none; text-decoration: underline; }
button, input, select { font: inherit; color: inherit; }
button { background: var(--panel); border: 1px solid var(--edge); border-radius: .3rem; padding: .2rem .6rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
.items li { border: 1px solid var(--line); border-left: .35rem solid var(--edge); border-radius: .3rem; padding: .4rem .7rem; margin-bottom: .4rem; overflow-wrap: anywhere; scroll-margin: 4rem; }
.items li.danger { border-left-color: var(--red); } .items li.warning { border-left-color: var(--amber); }
.items button { font-size: .8rem; padding: .05rem .5rem; }
.tag { display: inline-block; margin-right: .25rem; font-size: .75rem; font-weight: 600; border-radius: .25rem; padding: 0 .4rem; background: var(--panel); color: var(--text); border: 1px solid currentColor; }
.tag.danger { background: var(--red-back); color: var(--red); } .tag.warning { background: var(--amber-back); color: var(--amber); }
form[aria-label] { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; padding: .7rem .9rem; background: var(--panel); border-radius: .4rem; }
form[aria-label] div { min-width: 0; } form[aria-label] button { background: var(--page); }
label { display: block; font-size: .82rem; color: var(--soft); }
input[type=search], select { padding: .25rem .4rem; border: 1px solid var(--edge); border-radius: .25rem; background: var(--page); max-width: 16rem; width: 100%; }
.count { margin: .7rem 0 .4rem; }
.scroll { overflow: auto; max-height: 88vh; border: 1px solid var(--line); contain: content; }
.scroll table { border-collapse: separate; border-spacing: 0; font-size: .82rem; line-height: 1.25; table-layout: fixed; }
caption { text-align: left; padding: .4rem .6rem; color: var(--soft); }
col { width: 9rem; } col.who { width: 18rem; } col.keys { width: 9rem; }
th, td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: .2rem .45rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th, thead td { position: sticky; background: var(--head); z-index: 2; }
.groups > * { top: 0; height: 1.7rem; } .groups span { position: sticky; left: 18.6rem; }
thead tr:last-child th { top: 1.7rem; }
thead button { display: block; border: 0; background: none; padding: 0; font-weight: 600; text-align: left; }
thead button:hover { text-decoration: underline; }
[aria-sort=descending] button::after { content: " \\2193"; content: " \\2193" / ""; }
[aria-sort=ascending] button::after { content: " \\2191"; content: " \\2191" / ""; }
.groups td:first-child, thead tr:last-child th:first-child { left: 0; z-index: 3; }
thead code { font-size: .66rem; font-weight: 400; }
tbody th { position: sticky; left: 0; background: var(--page); font-weight: 400; z-index: 1; }
tbody tr:not(.gap) { height: 3.5rem; } .gap td { padding: 0; border: 0; }
.clip { max-height: 3.1rem; overflow: hidden; }
.name { display: block; max-width: 100%; border: 0; background: none; padding: 0; font-weight: 600; text-align: left; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.name:hover { text-decoration: underline; }
tbody small { display: block; line-height: 1.2; }
tbody tr:hover > :is(th, td:not([class])) { background: var(--panel); }
td.danger { background: var(--red-back); color: var(--red); } td.warning { background: var(--amber-back); color: var(--amber); }
td.danger a { color: var(--red); } td.warning a { color: var(--amber); }
td.accepted { background: var(--panel); } td.quiet { color: var(--soft); }
td:focus, .cards li:focus, .items li:focus { outline: 3px solid var(--hit); outline-offset: -2px; }
b { font-weight: 600; } em { font-style: normal; display: block; font-size: .92em; }
.line { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } .line em { display: inline; }
.cards > li { border: 1px solid var(--line); border-radius: .3rem; margin-bottom: .4rem; }
summary { padding: .4rem .7rem; cursor: pointer; overflow-wrap: anywhere; } summary small { display: block; }
.cards details > div { padding: 0 .7rem .6rem; }
.cards ul > li, .card ul > li { border-left: .25rem solid var(--line); padding: .15rem .6rem; margin: .3rem 0; overflow-wrap: anywhere; }
:is(.cards, .card) ul > .danger { border-color: var(--red); color: var(--red); } :is(.cards, .card) ul > .warning { border-color: var(--amber); color: var(--amber); }
:is(.cards, .card) ul > li > small { display: block; }
dialog { background: var(--page); color: var(--text); border: 1px solid var(--edge); border-radius: .4rem; width: min(44rem, 94vw); max-height: 85vh; }
dialog form { float: right; } dialog h2 { margin: 0 0 .4rem; overflow-wrap: anywhere; } dialog::backdrop { background: #0008; }
.paper { display: none; } .people > li, .paper > li { margin-bottom: .5rem; break-inside: avoid; overflow-wrap: anywhere; }
.people ul, .paper ul { padding-left: 1.2rem; }
section > ul:not([class]) { padding-left: 1.1rem; list-style: disc; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
@media (max-width: 48rem) {
  form[aria-label] { display: grid; grid-template-columns: 1fr 1fr; } input[type=search], select { max-width: none; }
  .tiles { grid-template-columns: 1fr 1fr; } col.who { width: 9rem; } .groups span { left: 9.6rem; }
}
@media print {
  :root { color-scheme: light; --text: #000; --soft: #333; --page: #fff; --panel: #fff; --head: #eee; --line: #999; --edge: #555; --link: #000;
    --red: #8e1519; --red-back: #fdecec; --amber: #6b4200; --amber-back: #fff6e0; --green: #14562e; --green-back: #eef7f1; font-size: 9.5pt; }
  body { padding: 0; } form, .scroll, .cards, .skip, .count, .more, .items button, dialog { display: none !important; } .paper { display: block; }
  .tiles { grid-template-columns: repeat(4, 1fr); } .tiles li, .items li { break-inside: avoid; }
  h2 { break-after: avoid; } .tag, .verdict, .tiles .bad { print-color-adjust: exact; }
}
`;
