/** Figures as tables of Markdown. */

import { percent, printTable } from '../measure/tables';
import type { CurvePoint } from './curve';
import type { Figures, PlaceFigures } from './measures';

const heads = 'characters saved|right|whole line|shown per 100 keys|shown|characters';

export function printFigures(what: string, rows: Iterable<readonly [string, Figures]>): void {
  printTable(
    [what, ...heads.split('|')],
    [...rows].map(([name, figures]) => [name, ...cells(figures)]),
  );
}

export function printPlaces(rows: Iterable<readonly [string, PlaceFigures]>): void {
  printTable(
    ['place of the cursor', 'characters saved there', 'right', 'shown'],
    [...rows].map(([name, { saved, precision, shown }]) => [
      name,
      percent(saved),
      percent(precision),
      String(shown),
    ]),
  );
}

export function printCurve(curve: readonly CurvePoint[]): void {
  printTable(
    ['confidence', ...heads.split('|')],
    curve
      .filter(({ threshold }) => Math.round(threshold * 100) % 10 === 0)
      .map(point => [`${point.threshold} or more`, ...cells(point)]),
  );
}

function cells({ saved, precision, whole, shownPerHundredKeys, shown, characters }: Figures): string[] {
  const counts = [shownPerHundredKeys.toFixed(1), String(shown), String(characters)];
  return [percent(saved), percent(precision), percent(whole), ...counts];
}
