/**
 * llama.cpp in a process of its own (`llama-process.mjs`): its memory can be measured apart, and its crash is an error
 * here. Token ids in, log probabilities out, on the CPU only. Knows nothing of what is compared.
 */
import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';

export interface LlamaOptions {
  readonly threads: number;
  /** Tokens that the context holds. llama.cpp rounds up to a multiple of 256. */
  readonly contextSize: number;
  /** The type of keys and values in the KV cache. llama.cpp's default is F16. F32 compares to the last digit. */
  readonly cacheType?: 'F16' | 'F32';
  /** Of the process and all its threads, as Node's `setPriority` takes it. */
  readonly priority?: number;
}

export interface LlamaInfo {
  readonly contextSize: number;
  /** The id in front of every text, if the file asks for one. */
  readonly startId?: number;
}

/** A question about the probabilities after the token at place `at` of a run. */
export interface Question {
  readonly at: number;
  /** How many of the likeliest ids are wanted. */
  readonly top?: number;
  /** Ids whose log probability is wanted. */
  readonly ids?: readonly number[];
}

export interface Answer {
  /** Likeliest first. */
  readonly top: readonly number[];
  /** Their log probabilities. */
  readonly topLogProbs: readonly number[];
  /** Of `ids`, in their order, as natural logarithms. Their error is about 1e-4: the vocabulary is summed in float32. */
  readonly logProbs: readonly number[];
}

export interface Generated {
  readonly ids: readonly number[];
  /** From the call to the first new token. */
  readonly prefillMs: number;
  /** From the first new token to the last. */
  readonly decodeMs: number;
}

/** Limits of a completion, as in a request to llama-server's `/infill`. */
export interface CompletionLimits {
  /** Shorter runs of equal tokens are not moved within the cache (`--cache-reuse`). */
  readonly minReuse: number;
  /** Tokens to write. */
  readonly count: number;
  readonly maxMs: number;
}

/** The calls of the process: a name, its arguments, its result. */
export interface LlamaCalls {
  load(file: string, options: LlamaOptions): Promise<LlamaInfo>;
  /** Special tokens in `text` are plain text. No start id is put in front. */
  tokenize(text: string): Promise<number[]>;
  decode(ids: readonly number[]): Promise<string>;
  /** Keeps the first `from` tokens of the context, forgets the others, and runs `ids` after them. */
  evaluate(
    ids: readonly number[],
    from: number,
    questions: readonly Question[],
  ): Promise<{ readonly answers: readonly Answer[]; readonly ms: number }>;
  /** Keeps the first `from` tokens, runs `ids`, and writes the likeliest tokens. An end mark counts as a token. */
  generate(ids: readonly number[], from: number, count: number): Promise<Generated>;
  /** Writes the likeliest tokens after `ids`. The cache serves what it can. An end mark counts as a token. */
  complete(
    ids: readonly number[],
    limits: CompletionLimits,
  ): Promise<{ readonly ids: readonly number[]; readonly cached: number }>;
  /** Ends the running completion after its next token. */
  stop(): Promise<void>;
  /** Forgets everything after the first `length` tokens. */
  rewind(length: number): Promise<void>;
  /** Resident bytes of the process, the mapped file included. */
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
  /** Milliseconds from the start of the process until it is ready. */
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
  // At once, before the process starts threads: on Linux a thread inherits the priority of the one that starts it.
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
        // The process is ours, and its answers have the types of `LlamaCalls`.
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
