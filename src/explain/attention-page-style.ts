/** The style sheet of the page: light and dark, as the browser asks for it. */
export const attentionPageStyle = `
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff; --soft: #57606a; --line: #d0d7de; --looked: 9 105 218; --frame: #bc4c00; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --page: #0d1117; --soft: #9198a1; --line: #3d444d; --looked: 31 111 235; --frame: #f0883e; }
}
body { margin: 0; padding: 1.5em; color: var(--text); background: var(--page); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 80em; margin-inline: auto; }
h1 { font-size: 1.6em; } h2 { font-size: 1.15em; margin-block: 1.5em 0.5em; }
code, pre { font: 13px/1.7 ui-monospace, monospace; }
fieldset { border: 1px solid var(--line); border-radius: 6px; }
.steps { display: flex; flex-wrap: wrap; gap: 0.3em 0.8em; }
.choices { display: flex; gap: 1.5em; }
select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); padding: 0.2em 0.4em; }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2em; }
@media (max-width: 60em) { .columns { grid-template-columns: minmax(0, 1fr); } }
pre { position: relative; margin: 0; max-height: 34em; overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: 0.8em; white-space: pre-wrap; overflow-wrap: anywhere; }
pre span { border-radius: 3px; outline: 1px solid transparent; }
pre span:nth-child(even) { box-shadow: inset 0 -1px 0 var(--line); }
pre span.mark { font-style: italic; }
pre span.after { visibility: hidden; }
pre span.chosen { outline: 2px solid var(--frame); }
table { border-collapse: collapse; }
th, td { text-align: start; padding: 0.2em 1em 0.2em 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { font-variant-numeric: tabular-nums; }
tr.chosen th::after { content: " ← written"; font-weight: normal; }
.scroll { overflow-x: auto; }
:focus-visible { outline: 2px solid var(--frame); outline-offset: 2px; }
`;
