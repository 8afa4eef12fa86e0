/**
 * Plays keystrokes to one side of the comparison, each request aborted by the next key as VS Code does.
 *
 * In real time, but for one thing: what is left of an interval once the answer is there, and the side has done what it
 * does meanwhile, is skipped. `now` counts it, so that whoever looks at the time between two keys sees a person's.
 */
import { cpuMsOf, ownCpuMs } from '../measure/machine';
import type { Keystroke } from './typist';

/** What one request cost. */
export interface Answer {
  /**
   * 'typed through': what the last suggestion said. 'copy': what the document says elsewhere. 'none': no suggestion was
   * wanted here.
   */
  readonly source: 'none' | 'typed through' | 'cache' | 'prepared' | 'copy' | 'model';
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly decodedTokens: number;
  /** Milliseconds before the engine was asked: the wait for the next key, the prompt. */
  readonly waitedMs: number;
}

/** Where no model ran. */
export const noAnswer = {
  source: 'none',
  promptTokens: 0,
  cachedTokens: 0,
  decodedTokens: 0,
  waitedMs: 0,
} as const;

export interface Side {
  readonly name: string;
  readonly pid: () => number | undefined;
  /** Resolves when there is a text or when there is none, after an abort as soon as the work has stopped. */
  readonly request: (
    place: Pick<Keystroke, 'document' | 'suggestion'>,
    now: () => number,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** What it does when the last request is answered and the next key is `ms` away. */
  readonly rest?: (ms: number) => Promise<void>;
}

export interface Measured extends Answer {
  /** From request to text; of a superseded request the time that it was given. */
  readonly ms: number;
  readonly isSuperseded: boolean;
  readonly isAccept: boolean;
  /** Whether the key ended a line. */
  readonly isNewLine: boolean;
}

export interface Player {
  readonly name: string;
  play(keystrokes: readonly Keystroke[]): Promise<void>;
  readonly measured: readonly Measured[];
  /** Milliseconds of processor time: of this process, and of the engine's where the system says. */
  readonly cpu: { readonly own: number; readonly engine: number | undefined };
}

export function createPlayer(side: Side): Player {
  const measured: Measured[] = [];
  const cpu: { own: number; engine: number | undefined } = { own: 0, engine: 0 };
  let skippedMs = 0;
  const now = () => performance.now() + skippedMs;

  /** Until the next key. What it supersedes is still being stopped then, and goes to `pending`. */
  const press = async (keystroke: Keystroke, pending: Promise<Measured>[]): Promise<void> => {
    const controller = new AbortController();
    const start = performance.now();
    const answer = side.request(keystroke, now, controller.signal);
    const next = timer(keystroke.intervalMs);
    const isAnswered = await Promise.race([answer.then(() => true), next.passed.then(() => false)]);
    next.stop();
    const ms = performance.now() - start;
    if (isAnswered) {
      await side.rest?.(keystroke.intervalMs - ms);
      skippedMs += Math.max(0, keystroke.intervalMs - (performance.now() - start));
    } else controller.abort();
    const isAccept = keystroke.kind === 'accept';
    const isNewLine = /\n[ \t]*$/.test(keystroke.document.prefix) && keystroke.kind === 'character';
    pending.push(answer.then(costs => ({ ...costs, ms, isSuperseded: !isAnswered, isAccept, isNewLine })));
  };

  return {
    name: side.name,
    measured,
    cpu,
    async play(keystrokes) {
      const [own, engine] = [ownCpuMs(), cpuMsOf(side.pid())];
      const pending: Promise<Measured>[] = [];
      for (const keystroke of keystrokes) await press(keystroke, pending);
      measured.push(...(await Promise.all(pending)));
      cpu.own += ownCpuMs() - own;
      const engineNow = cpuMsOf(side.pid());
      cpu.engine =
        cpu.engine === undefined || engine === undefined || engineNow === undefined
          ? undefined
          : cpu.engine + engineNow - engine;
    },
  };
}

export function timer(ms: number): { readonly passed: Promise<void>; readonly stop: () => void } {
  let stop = () => {};
  const passed = new Promise<void>(resolve => {
    const timeout = setTimeout(resolve, ms);
    stop = () => clearTimeout(timeout);
  });
  return { passed, stop };
}
