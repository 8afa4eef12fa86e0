/**
 * The page of the statistics. It loads nothing, from nowhere: its content policy allows only the style sheet and the
 * script that stand in the page. All its words are arguments.
 */
import { type Html, html, trusted } from '../common/html';
import type { Page, PageOptions } from './page-options';
import { sections, thresholds } from './page-sections';
import type { StatisticsRecord } from './record';

/** What the buttons say to the extension. */
export type PageMessage = 'export' | 'reset' | 'erase';

export function statisticsPage(record: StatisticsRecord, options: PageOptions): string {
  const { words, locale, nonce } = options;
  const isRightToLeft = /^(ar|fa|he|ur|ps|sd|ug|yi|dv)\b/.test(locale);
  const page: Page = {
    ...options,
    isRightToLeft,
    number: value => value.toLocaleString(locale),
    percent: share => share.toLocaleString(locale, { style: 'percent' }),
  };
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return html`<!DOCTYPE html>
<html lang="${locale}" dir="${isRightToLeft ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${words.title}</title>
<style nonce="${nonce}">${trusted(styles)}</style>
</head>
<body>
<main>
<h1>${words.title}</h1>
<p>${words.privacy}</p>
${record.rows.length === 0 ? html`<p>${words.nothingYet}</p>` : sections(record, page)}
${thresholds(record.evidence, page)}
<p class="buttons">
${button('export', words.exportAsJson)}
${button('reset', words.reset)}
${button('erase', words.erase)}
</p>
</main>
<script nonce="${nonce}">${trusted(script)}</script>
</body>
</html>
`.markup;
}

function button(message: PageMessage, label: string): Html {
  return html`<button type="button" value="${message}">${label}</button>`;
}

/** VS Code gives the page its theme as variables. Each has a value for a theme that does not define it. */
const styles = `
body { color: var(--vscode-foreground); background: var(--vscode-editor-background); padding: 0 1.5em 2em; }
main { max-width: 60em; margin-inline: auto; font: var(--vscode-font-size, 13px)/1.5 var(--vscode-font-family, sans-serif); }
h1 { font-size: 1.6em; font-weight: 600; }
h2 { font-size: 1.2em; font-weight: 600; margin-block: 2em 0.5em; }
svg { width: 100%; max-width: 50em; height: auto; direction: ltr; display: block; }
svg text { fill: currentColor; font-size: 12px; }
.grid { stroke: currentColor; stroke-opacity: 0.25; fill: none; }
.bar, .dot { fill: var(--vscode-charts-blue, currentColor); }
.line { stroke: var(--vscode-charts-blue, currentColor); stroke-width: 2; fill: none; }
.mark { stroke: currentColor; stroke-opacity: 0.6; stroke-dasharray: 4 4; fill: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 0.25em 1em 0.25em 0; padding-inline: 0 1em; text-align: start; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, currentColor)); }
thead th { font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: normal; }
td { font-variant-numeric: tabular-nums; }
summary { cursor: pointer; margin-block: 0.5em; }
.buttons { margin-top: 2em; display: flex; flex-wrap: wrap; gap: 0.75em; }
button { font: inherit; color: var(--vscode-button-foreground); background: var(--vscode-button-background); border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); padding: 0.4em 1em; cursor: pointer; }
button:hover { background: var(--vscode-button-hoverBackground, var(--vscode-button-background)); }
:focus-visible { outline: 2px solid var(--vscode-focusBorder, currentColor); outline-offset: 2px; }
`;

const script = `
const editor = acquireVsCodeApi();
for (const button of document.querySelectorAll('button'))
  button.addEventListener('click', () => editor.postMessage(button.value));
`;
