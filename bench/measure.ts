/** Medians, tables and the JSON that goes with them: what every benchmark here prints. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0.9 for the value that nine in ten do not exceed */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** How noisy the machine was: the middle half's width as a share of the median. */
export function noise(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
}

export function printTable(title: string, rows: readonly Row[]): void {
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

/** Writes what was printed, with ratios of medians at the top level, for a machine to read. */
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

export function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
