/**
 * Plays keystrokes to one side of the comparison. The next key aborts a request, as in VS Code.
 *
 * Time is real, with one exception: when the answer is there and the side is at rest, the remaining time until the next
 * key is skipped. `now` includes skipped time, so that the side sees a person's time between two keys.
 */
import { cpuMsOf, ownCpuMs } from '../measure/machine';
import type { Keystroke } from './typist';

/** How a request was answered, and what it cost. */
export interface Answer {
  /**
   * 'typed through': the rest of the last suggestion. 'copy': text from elsewhere in the document. 'none': no suggestion
   * was wanted here.
   */
  readonly source: 'none' | 'typed through' | 'cache' | 'prepared' | 'copy' | 'model';
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly decodedTokens: number;
  /** Of the suggestion; 0 if none was shown. */
  readonly shownCharacters: number;
  /** Milliseconds before the engine was asked: debounce, and building the prompt. */
  readonly waitedMs: number;
}

/** The costs of an answer without a run of the model. */
export const noAnswer = {
  source: 'none',
  promptTokens: 0,
  cachedTokens: 0,
  decodedTokens: 0,
  shownCharacters: 0,
  waitedMs: 0,
} as const;

export interface Side {
  readonly name: string;
  readonly pid: () => number | undefined;
  /** Resolves when the answer is known, or after an abort when the work has stopped. */
  readonly request: (
    place: Pick<Keystroke, 'document' | 'suggestion'>,
    now: () => number,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** Called when the request is answered and the next key is `ms` away. */
  readonly rest?: (ms: number) => Promise<void>;
}

export interface Measured extends Answer {
  /** Milliseconds from request to text; for a superseded request, until the next key. */
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
  /** Milliseconds of processor time of this process, and of the engine's process if the system tells. */
  readonly cpu: { readonly own: number; readonly engine: number | undefined };
}

export function createPlayer(side: Side): Player {
  const measured: Measured[] = [];
  const cpu: { own: number; engine: number | undefined } = { own: 0, engine: 0 };
  let skippedMs = 0;
  const now = () => performance.now() + skippedMs;

  /** Ends at the next key. A request that the key superseded may still be stopping; its result comes through `pending`. */
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
