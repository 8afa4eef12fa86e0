/** What every head looked at for one written token, as an SVG for a document: a row for each head, a column for each token. */
import { type Html, html, trusted } from '../common/html';
import { visible } from './attention-page';
import type { ExplainedCompletion } from './explain-completion';

/** Columns: the tokens nearest to the written one. */
const maxColumns = 30;
const cell = { width: 22, height: 14 };
const left = 64;
const top = 44;
/** Room for the texts of the tokens, below the cells. */
const bottom = 130;

/** @param index of the step */
export function attentionPicture({ tokens, steps }: ExplainedCompletion, index: number): string {
  const { place, attention } = steps[index]!;
  const first = Math.max(0, place - maxColumns);
  const columns = tokens.slice(first, place);
  const rows = attention.flatMap((heads, layer) =>
    heads.map((weights, head) => ({ name: `${layer + 1}.${head + 1}`, weights: weights.subarray(first) })),
  );
  const width = left + columns.length * cell.width + 16;
  const height = top + rows.length * cell.height + bottom;
  const written = visible(tokens[place]!.text);
  const title = `What each head looked at before it wrote “${written}”`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<style>${trusted(style)}</style>
<text x="${left}" y="20">${title}</text>
<text x="${left - 8}" y="${top - 6}" text-anchor="end">layer.head</text>
${rows.map(({ name, weights }, row) => pictureRow(name, weights, top + row * cell.height))}
${columns.map(({ text }, column) => columnName(visible(text), column, top + rows.length * cell.height))}
</svg>
`.markup;
}

function pictureRow(name: string, weights: Float32Array, y: number): Html {
  const cells = Array.from(weights, (weight, column) => {
    // A weight that rounds to nothing needs no cell.
    if (weight < 0.005) return '';
    const [x, opacity] = [left + column * cell.width, Math.sqrt(weight).toFixed(2)];
    return html`<rect x="${x}" y="${y}" width="${cell.width - 2}" height="${cell.height - 2}" opacity="${opacity}"/>`;
  });
  return html`<text x="${left - 8}" y="${y + 10}" text-anchor="end">${name}</text>${cells}
`;
}

function columnName(text: string, column: number, y: number): Html {
  const [x, below] = [left + column * cell.width + 13, y + 8];
  return html`<text class="token" transform="translate(${x} ${below}) rotate(-60)" text-anchor="end">${text}</text>
`;
}

const style =
  'text{font:11px system-ui,sans-serif;fill:#1f2328}.token{font-family:ui-monospace,monospace}rect{fill:#0969da}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#4493f8}}';
