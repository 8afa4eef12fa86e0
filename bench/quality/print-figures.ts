/** Figures as tables of Markdown. */

import { percent, printTable } from '../measure/tables';
import type { CurvePoint } from './curve';
import type { Figures, PlaceFigures } from './measures';

const heads = 'characters saved|outside words|new code|right|whole line|shown per 100 keys|shown|characters';

export function printFigures(what: string, rows: Iterable<readonly [string, Figures]>): void {
  printTable(
    [what, ...heads.split('|')],
    [...rows].map(([name, figures]) => [name, ...cells(figures)]),
  );
}

/** @param rows the point of each curve that was chosen, if it has one */
export function printBest(what: string, rows: Iterable<readonly [string, CurvePoint | undefined]>): void {
  printTable(
    [what, ...heads.split('|'), 'from'],
    [...rows].map(([name, best]) =>
      best === undefined
        ? [name, ...heads.split('|').map(() => '–'), '–']
        : [name, ...cells(best), `${best.threshold}`],
    ),
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

function cells(figures: Figures): string[] {
  const { saved, savedOutsideWords, savedNew, precision, whole } = figures;
  const { shownPerHundredKeys, shown, characters } = figures;
  const shares = [saved, savedOutsideWords, savedNew, precision, whole].map(percent);
  return [...shares, shownPerHundredKeys.toFixed(1), String(shown), String(characters)];
}
