/**
 * Plots as SVG, for a page whose style sheet has the classes `grid`, `bar`, `mark`, `line` and `dot`. A plot is a picture
 * with a name. What it shows must also stand in a table, because a screen reader reads no picture.
 */
import { type Html, html } from '../common/html';

export interface PlotOptions {
  /** The name of the picture, for screen readers. */
  readonly name: string;
  /** Whether the page is read from right to left. Then the plot begins at the right, too. */
  readonly isRightToLeft: boolean;
  /** Writes a number as the user's language does. */
  readonly format: (value: number) => string;
}

export interface Bar {
  readonly value: number;
  /** Below the bar; empty for none. */
  readonly label: string;
}

const size = { width: 640, height: 220 };
const inner = { left: 52, right: 624, top: 16, bottom: 188 };

export function barPlot(bars: readonly Bar[], { name, isRightToLeft, format }: PlotOptions): Html {
  const top = niceTop(Math.max(1, ...bars.map(({ value }) => value)));
  const step = (inner.right - inner.left) / Math.max(1, bars.length);
  const width = Math.max(1, step * 0.7);
  const x = mirrored(isRightToLeft);
  const y = (value: number) => inner.bottom - (value / top) * (inner.bottom - inner.top);
  const drawn = bars.map(({ value, label }, index) => {
    const middle = x(inner.left + (index + 0.5) * step);
    return html`<rect class="bar" x="${round(middle - width / 2)}" y="${round(y(value))}" width="${round(width)}" height="${round(inner.bottom - y(value))}"/>
<text x="${round(middle)}" y="${inner.bottom + 20}" text-anchor="middle">${label}</text>`;
  });
  return picture(name, [grid([0, top / 2, top], y, isRightToLeft, format), drawn]);
}

export interface Point {
  /** Both from 0 to 1. */
  readonly x: number;
  readonly y: number;
  /** Below the place `x`. */
  readonly label: string;
}

/** Points in a square of shares, with the diagonal on which both shares are equal. */
export function sharePlot(points: readonly Point[], { name, isRightToLeft, format }: PlotOptions): Html {
  const mirror = mirrored(isRightToLeft);
  const x = (share: number) => mirror(inner.left + share * (inner.right - inner.left));
  const y = (share: number) => inner.bottom - share * (inner.bottom - inner.top);
  const places = points.map(point => `${round(x(point.x))},${round(y(point.y))}`);
  return picture(name, [
    grid([0, 0.5, 1], y, isRightToLeft, format),
    html`<path class="mark" d="M${round(x(0))},${y(0)}L${round(x(1))},${y(1)}"/>`,
    points.length > 1 ? html`<path class="line" d="M${places.join('L')}"/>` : '',
    points.map(
      point => html`<circle class="dot" cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="4"/>
<text x="${round(x(point.x))}" y="${inner.bottom + 20}" text-anchor="middle">${point.label}</text>`,
    ),
  ]);
}

function grid(
  values: readonly number[],
  y: (value: number) => number,
  isRightToLeft: boolean,
  format: PlotOptions['format'],
): Html[] {
  const x = mirrored(isRightToLeft);
  const edge = x(inner.left - 8);
  return values.map(
    value => html`<path class="grid" d="M${x(inner.left)},${round(y(value))}H${x(inner.right)}"/>
<text x="${edge}" y="${round(y(value)) + 4}" text-anchor="${isRightToLeft ? 'start' : 'end'}">${format(value)}</text>`,
  );
}

function picture(name: string, content: readonly (Html | string | readonly Html[])[]): Html {
  return html`<svg role="img" aria-label="${name}" viewBox="0 0 ${size.width} ${size.height}">${content}</svg>`;
}

function mirrored(isRightToLeft: boolean): (x: number) => number {
  return x => (isRightToLeft ? size.width - x : x);
}

/** @returns the next of 1, 2, 5, 10, 20, … that is at least `value` */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value) ?? 10 * power;
}

const round = (value: number) => Math.round(value * 10) / 10;
