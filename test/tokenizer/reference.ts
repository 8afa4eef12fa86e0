/** Python's tokenizers in a child process, which encodes texts in batches (train/reference_tokens.py). */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface ReferenceRequest {
  readonly reference: 'tokenizers' | 'gguf' | 'sentencepiece' | 'tiktoken' | 'sotto';
  readonly path: string;
  /** Is removed from the tokenizer's added tokens, so that their spelling stays text. */
  readonly marks?: readonly string[];
}

export interface Reference {
  /** The version of Unicode that it knows, and the ranges of its characters (first and last). */
  readonly unicode: string;
  readonly ranges: readonly (readonly [number, number])[];
  encode(request: ReferenceRequest, texts: readonly string[]): Promise<readonly (readonly number[])[]>;
  close(): void;
}

/** Whether this Python has all the packages that the reference needs. */
export function hasReference(python: string): boolean {
  const needed = 'import gguf, sentencepiece, tiktoken, tokenizers, numpy';
  return spawnSync(python, ['-c', needed], { stdio: 'ignore' }).status === 0;
}

export async function startReference(python: string, root: string): Promise<Reference> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    python,
    [join(root, 'train/reference_tokens.py')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the reference ended before it answered');
    return JSON.parse(value);
  };
  const { unicode, ranges } = await next();
  return {
    unicode,
    ranges,
    async encode(request, texts) {
      child.stdin.write(`${JSON.stringify({ ...request, texts })}\n`);
      return next();
    },
    close: () => child.stdin.end(),
  };
}
