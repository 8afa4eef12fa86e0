/** Figures of both sides as tables and ratios. Knows nothing of how they were measured. */
import { median, noise, percent, quantile } from '../measure/tables';
import type { Measured, Player } from './player';
import type { Keystroke } from './typist';

export interface Summary {
  readonly name: string;
  readonly requests: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Of requests that the model answered. */
  readonly modelP50: number;
  /** Of the same requests, the time before the engine was asked. */
  readonly waitedP50: number;
  /** Of the same requests. */
  readonly noise: number;
  /** Of the first request after an accepted suggestion, and of the first in a line. */
  readonly acceptP50: number;
  readonly acceptP90: number;
  readonly newLineP50: number;
  readonly newLineP90: number;
  /** Shares of all requests, by the source of the answer. */
  readonly typedThrough: number;
  readonly copied: number;
  readonly cache: number;
  readonly prepared: number;
  readonly superseded: number;
  /** Means over the requests to the model. */
  readonly promptTokens: number;
  readonly prefilledTokens: number;
  readonly decodedTokens: number;
  /** All tokens that requests decoded, by all characters that these requests showed. */
  readonly tokensPerShownCharacter: number;
  /** Share of all prompt tokens. */
  readonly cachedShare: number;
  /** Milliseconds of processor time per request of any kind: of the engine's process, and of the process that asks. */
  readonly engineCpuMs: number | undefined;
  readonly ownCpuMs: number;
}

export function summarise({ name, measured, cpu }: Player): Summary {
  const requests = measured.filter(({ source }) => source !== 'none');
  const asked = requests.filter(({ source }) => source === 'model');
  const timesWhere = (isCounted: (of: Measured) => boolean) => requests.filter(isCounted).map(({ ms }) => ms);
  const times = timesWhere(() => true);
  const share = (isCounted: (of: Measured) => boolean) => requests.filter(isCounted).length / requests.length;
  // A request that stopped during prefill never told how much of its prompt was in the cache.
  const prefilled = asked.filter(({ isSuperseded, decodedTokens }) => !isSuperseded || decodedTokens > 0);
  const mean = (of: (answer: Measured) => number) => sum(prefilled.map(of)) / prefilled.length;
  return {
    name,
    requests: requests.length,
    p50: median(times),
    p90: quantile(times, 0.9),
    p99: quantile(times, 0.99),
    modelP50: median(asked.map(({ ms }) => ms)),
    waitedP50: median(asked.map(({ waitedMs }) => waitedMs)),
    noise: noise(asked.map(({ ms }) => ms)),
    acceptP50: median(timesWhere(({ isAccept }) => isAccept)),
    acceptP90: quantile(
      timesWhere(({ isAccept }) => isAccept),
      0.9,
    ),
    newLineP50: median(timesWhere(({ isNewLine }) => isNewLine)),
    newLineP90: quantile(
      timesWhere(({ isNewLine }) => isNewLine),
      0.9,
    ),
    typedThrough: share(({ source }) => source === 'typed through'),
    copied: share(({ source }) => source === 'copy'),
    cache: share(({ source }) => source === 'cache'),
    prepared: share(({ source }) => source === 'prepared'),
    superseded: share(({ isSuperseded }) => isSuperseded),
    promptTokens: mean(({ promptTokens }) => promptTokens),
    prefilledTokens: mean(({ promptTokens, cachedTokens }) => promptTokens - cachedTokens),
    decodedTokens: mean(({ decodedTokens }) => decodedTokens),
    tokensPerShownCharacter:
      sum(asked.map(of => of.decodedTokens)) / sum(asked.map(of => of.shownCharacters)),
    cachedShare: sum(prefilled.map(of => of.cachedTokens)) / sum(prefilled.map(of => of.promptTokens)),
    engineCpuMs: cpu.engine === undefined ? undefined : cpu.engine / requests.length,
    ownCpuMs: cpu.own / requests.length,
  };
}

const rows: readonly (readonly [what: string, show: (of: Summary) => string])[] = [
  ['request to text, p50', of => ms(of.p50)],
  ['p90', of => ms(of.p90)],
  ['p99', of => ms(of.p99)],
  ['p50 of those that the model answers', of => ms(of.modelP50)],
  ['before the engine is asked, p50 of those', of => ms(of.waitedP50)],
  ['noise of those', of => percent(of.noise)],
  ['after an accepted suggestion, p50', of => ms(of.acceptP50)],
  ['p90 of those', of => ms(of.acceptP90)],
  ['first on a line, p50', of => ms(of.newLineP50)],
  ['p90 of the first on a line', of => ms(of.newLineP90)],
  ['typed along the last suggestion', of => percent(of.typedThrough)],
  ['copied from the document', of => percent(of.copied)],
  ['from the cache of answers', of => percent(of.cache)],
  ['prepared while the user read', of => percent(of.prepared)],
  ['superseded by the next key', of => percent(of.superseded)],
  ['tokens of a prompt', of => of.promptTokens.toFixed(0)],
  ['of them prefilled', of => of.prefilledTokens.toFixed(1)],
  ['prompt tokens served by the cache', of => percent(of.cachedShare)],
  ['tokens decoded', of => of.decodedTokens.toFixed(1)],
  ['the same by each character that they show', of => of.tokensPerShownCharacter.toFixed(2)],
  ["engine's CPU a request", of => (of.engineCpuMs === undefined ? 'unknown' : ms(of.engineCpuMs))],
  ["asking process's CPU a request", of => ms(of.ownCpuMs)],
  ['requests', of => String(of.requests)],
];

export function printSummaries(title: string, summaries: readonly Summary[]): void {
  console.log(`\n${title}\n\n| | ${summaries.map(({ name }) => name).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(summaries.length)}`);
  for (const [what, show] of rows) console.log(`| ${what} | ${summaries.map(show).join(' | ')} |`);
}

/** @returns the rival's figures divided by ours */
export function ratiosOf(ours: Summary, theirs: Summary, suffix: string): Record<string, number> {
  const cpu = ({ engineCpuMs, ownCpuMs }: Summary) => (engineCpuMs ?? Number.NaN) + ownCpuMs;
  return {
    [`p50: llama.cpp / Sotto, ${suffix}`]: theirs.p50 / ours.p50,
    [`p90: llama.cpp / Sotto, ${suffix}`]: theirs.p90 / ours.p90,
    [`p50 of the model's answers: llama.cpp / Sotto, ${suffix}`]: theirs.modelP50 / ours.modelP50,
    ...(Number.isNaN(cpu(ours)) ? {} : { [`CPU: llama.cpp / Sotto, ${suffix}`]: cpu(theirs) / cpu(ours) }),
  };
}

/** A sentence about the keys. A suggestion saves its characters, minus the key that accepts it. */
export function describeKeystrokes(keystrokes: readonly Keystroke[]): string {
  const accepted = keystrokes.filter(({ kind }) => kind === 'accept');
  const saved = sum(accepted.map(({ characters }) => characters)) - accepted.length;
  const count = (isCounted: (of: Keystroke) => boolean) => keystrokes.filter(isCounted).length;
  return (
    `${keystrokes.length} keys, ${accepted.length} of them accept a suggestion and save ${saved} ` +
    `(${percent(saved / (keystrokes.length + saved))} of what is typed); ` +
    `${count(({ kind }) => kind === 'correction')} corrections, ${count(({ isJump }) => isJump)} jumps.`
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ms(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ms`;
}
