/**
 * llama.cpp in a process of its own (`llama-process.mjs`), so that its memory can be measured apart and a crash of it
 * is an error here. Token ids in, log probabilities out; on the CPU only. Knows nothing of what is compared.
 */
import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';

export interface LlamaOptions {
  readonly threads: number;
  /** Tokens that the context holds, at least; llama.cpp rounds up to multiples of 256. */
  readonly contextSize: number;
  /** How keys and values are kept: llama.cpp's default is F16. F32 for comparing to the last digit. */
  readonly cacheType?: 'F16' | 'F32';
  /** Of the process, as Node's `setPriority` takes it; of all of its threads. */
  readonly priority?: number;
}

export interface LlamaInfo {
  readonly contextSize: number;
  /** Stands in front of every text, if the file says that one does. */
  readonly startId?: number;
}

/** What is asked of the distribution after the token at place `at` of a run. */
export interface Question {
  readonly at: number;
  /** How many of the likeliest ids. */
  readonly top?: number;
  /** Ids whose log probability is wanted. */
  readonly ids?: readonly number[];
}

export interface Answer {
  /** Likeliest first. */
  readonly top: readonly number[];
  /** Their log probabilities. */
  readonly topLogProbs: readonly number[];
  /** Natural logarithms, of `ids` and in their order; about 1e-4 off, as the vocabulary is summed in float32. */
  readonly logProbs: readonly number[];
}

export interface Generated {
  readonly ids: readonly number[];
  /** From the call to the first new token, and from there to the last. */
  readonly prefillMs: number;
  readonly decodeMs: number;
}

/** As a request to llama-server's `/infill`. */
export interface CompletionLimits {
  /** Tokens of a run that is worth being moved in the cache (`--cache-reuse`). */
  readonly least: number;
  /** Tokens at most, and milliseconds. */
  readonly count: number;
  readonly maxMs: number;
}

/** The calls of the process: a name, its arguments, its result. */
export interface LlamaCalls {
  load(file: string, options: LlamaOptions): Promise<LlamaInfo>;
  /** `text` is data; no start mark is put in front. */
  tokenize(text: string): Promise<number[]>;
  decode(ids: readonly number[]): Promise<string>;
  /** Runs `ids` after the first `from` tokens of what was run before; whatever followed those is forgotten. */
  evaluate(
    ids: readonly number[],
    from: number,
    questions: readonly Question[],
  ): Promise<{ readonly answers: readonly Answer[]; readonly ms: number }>;
  /** The likeliest tokens after `from` tokens and `ids`; an end mark is a token like others. */
  generate(ids: readonly number[], from: number, count: number): Promise<Generated>;
  /** The likeliest tokens after `ids`, of which the cache serves what it can; an end mark is a token like others. */
  complete(
    ids: readonly number[],
    limits: CompletionLimits,
  ): Promise<{ readonly ids: readonly number[]; readonly cached: number }>;
  /** Ends the completion that runs after its next token. */
  stop(): Promise<void>;
  /** Forgets everything after the first `length` tokens. */
  rewind(length: number): Promise<void>;
  /** Resident bytes of the process, the mapped file among them. */
  memory(): Promise<number>;
}

export interface LlamaRequest {
  readonly id: number;
  readonly call: keyof LlamaCalls;
  readonly args: readonly unknown[];
}

export type LlamaReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

export interface Llama extends Omit<LlamaCalls, 'load'> {
  readonly info: LlamaInfo;
  /** Milliseconds from starting the process to its being ready. */
  readonly loadMs: number;
  readonly pid: number | undefined;
  close(): void;
}

/**
 * Installs llama.cpp on first use.
 * @param root of this repository
 * @param file a GGUF file
 * @throws Error if the file cannot be loaded
 */
export async function openLlama(root: string, file: string, options: LlamaOptions): Promise<Llama> {
  const start = performance.now();
  const child = fork(join(root, 'bench/rivals/llama-process.mjs'), { serialization: 'advanced' });
  // At once, before it has threads of its own: on Linux each has a priority, that of its maker.
  if (options.priority !== undefined && child.pid !== undefined) setPriority(child.pid, options.priority);
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  child.on('message', (reply: LlamaReply) => {
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) request?.reject(new Error(`llama.cpp: ${reply.error}`));
    else request?.resolve(reply.result);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`llama.cpp: its process ended (${signal ?? code})`));
    waiting.clear();
  });

  let calls = 0;
  const call =
    <Name extends keyof LlamaCalls>(name: Name) =>
    (...args: Parameters<LlamaCalls[Name]>) =>
      new Promise<unknown>((resolve, reject) => {
        const request: LlamaRequest = { id: ++calls, call: name, args };
        waiting.set(request.id, { resolve, reject });
        child.send(request, error => error && reject(error));
        // The process is ours and answers as `LlamaCalls` says.
      }) as ReturnType<LlamaCalls[Name]>;

  try {
    const info = await call('load')(file, options);
    return {
      info,
      loadMs: performance.now() - start,
      pid: child.pid,
      tokenize: call('tokenize'),
      decode: call('decode'),
      evaluate: call('evaluate'),
      generate: call('generate'),
      complete: call('complete'),
      stop: call('stop'),
      rewind: call('rewind'),
      memory: call('memory'),
      close: () => child.kill(),
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}
