/**
 * A picture of what each peer trades: characters saved over the share of suggestions that are right. Each point is a
 * threshold of confidence. Some points of the first peer are labelled. Plain SVG, legible on light and dark pages.
 */
import type { CurvePoint } from './curve';

export interface Line {
  readonly name: string;
  readonly curve: readonly CurvePoint[];
}

const size = { width: 720, height: 420 };
const margin = { left: 64, right: 24, top: 56, bottom: 52 };
/** Okabe and Ito's colours, which colour-blind people can tell apart. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
/** With fewer suggestions, the share that is right means nothing. */
const minShown = 10;

/** @param mark precision that suggestions should reach, drawn as a line */
export function plot(title: string, lines: readonly Line[], mark: number): string {
  const inner = {
    width: size.width - margin.left - margin.right,
    height: size.height - margin.top - margin.bottom,
  };
  const shown = lines.map(line => ({
    ...line,
    points: line.curve.filter(point => point.shown >= minShown),
  }));
  const maxSaved = Math.max(0.01, ...shown.flatMap(({ points }) => points.map(({ saved }) => saved)));
  const top = Math.ceil(maxSaved * 50) / 50;
  const x = (precision: number) => margin.left + precision * inner.width;
  const y = (saved: number) => margin.top + (1 - Math.max(0, saved) / top) * inner.height;

  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap(share => [
    `<path class="grid" d="M${at(x(share), y(0))}V${round(y(top))}"/>`,
    text(x(share), y(0) + 20, 'middle', `${Math.round(share * 100)} %`),
    `<path class="grid" d="M${at(x(0), y(share * top))}H${round(x(1))}"/>`,
    text(x(0) - 8, y(share * top) + 4, 'end', `${(share * top * 100).toFixed(1)} %`),
  ]);
  const curves = shown.flatMap(({ name, points }, index) => {
    const colour = colours[index % colours.length]!;
    const places = points.map(({ precision = 0, saved }) => [x(precision), y(saved)] as const);
    const legendY = margin.top + 16 + index * 20;
    return [
      `<path class="line" stroke="${colour}" d="M${places.map(([px, py]) => at(px, py)).join('L')}"/>`,
      ...places.map(([px, py]) => `<circle fill="${colour}" cx="${round(px)}" cy="${round(py)}" r="3"/>`),
      ...points
        .filter(({ threshold }) => index === 0 && threshold > 0 && Math.round(threshold * 100) % 20 === 0)
        .map(({ precision = 0, saved, threshold }) =>
          text(x(precision) + 6, y(saved) - 6, 'start', `≥ ${threshold}`),
        ),
      `<circle fill="${colour}" cx="${size.width - 130}" cy="${legendY - 4}" r="5"/>`,
      text(size.width - 118, legendY, 'start', name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<style>text{font:13px system-ui,sans-serif;fill:#1f2328}.grid{stroke:#8884;fill:none}',
    '.mark{stroke:#888;stroke-dasharray:4 4}.line{fill:none;stroke-width:2}',
    '@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>',
    text(margin.left, 24, 'start', title),
    ...grid,
    `<path class="mark" d="M${at(x(mark), y(0))}V${round(y(top))}"/>`,
    ...curves,
    text(margin.left, 44, 'start', 'Characters saved'),
    text(x(1), size.height - 12, 'end', 'Suggestions that are right'),
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

const at = (x: number, y: number) => `${round(x)},${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (content: string) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
