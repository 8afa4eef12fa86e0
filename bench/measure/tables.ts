/** Medians, tables and the JSON of them, as every benchmark prints them. */
import { writeFileSync } from 'node:fs';
import { machine } from './machine';

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0.9 for the value that nine in ten values do not exceed */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** How noisy the machine was: the interquartile range as a share of the median. */
export function noise(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);
}

export function printTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n| ${columns.join(' | ')} |\n| --- |${' ---: |'.repeat(columns.length - 1)}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
}

export function printRows(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n`);
  console.log('| measured | median | p90 | noise | runs |\n| --- | ---: | ---: | ---: | ---: |');
  for (const { what, unit, values } of rows) {
    const spread = `${(noise(values) * 100).toFixed(0)} %`;
    const cells = [
      what,
      `${shown(median(values))} ${unit}`,
      `${shown(quantile(values, 0.9))} ${unit}`,
      spread,
    ];
    console.log(`| ${cells.join(' | ')} | ${values.length} |`);
  }
}

/** Writes the printed figures as JSON, with ratios of medians at the top level. */
export function writeJson(
  file: string,
  rows: readonly Row[],
  ratios: Readonly<Record<string, number>>,
): void {
  const medians = Object.fromEntries(
    rows.map(({ what, unit, values }) => [
      what,
      { unit, median: median(values), p90: quantile(values, 0.9) },
    ]),
  );
  writeFileSync(file, `${JSON.stringify({ machine: machine(), ratios, medians }, null, 2)}\n`);
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
