/** This repository's own sources as a corpus: code that is at hand wherever a benchmark runs, under our own licence. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokenizer } from '../src/tokenizer/tokenizer';

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Tracked files of code, in the order of their paths; not what others or a generator wrote. */
export function ownSources(root: string): Source[] {
  return execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(path => /\.(ts|mts|mjs|cjs|py)$/.test(path) && !/^(examples|test\/fixtures)\//.test(path))
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n') }));
}

/** Of a file, at most: so that no long file is most of the corpus. */
const tokensPerFile = 512;

/** The beginnings of files from all over the corpus, each with the model's start mark, about `tokens` together. */
export function documentsOf(sources: readonly Source[], tokenizer: Tokenizer, tokens: number): number[][] {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  const documents: number[][] = [];
  const files = Math.ceil(tokens / tokensPerFile);
  let left = tokens;
  // Short files leave some over: every other file in turn, with a stride that visits each once.
  for (let i = 0; i < sources.length && left > 0; i++) {
    const at = Math.floor((i * sources.length) / files) + Math.floor(i / files);
    const { text } = sources[at % sources.length]!;
    const ids = [...start, ...tokenizer.encode(text)].slice(0, Math.min(tokensPerFile, left));
    if (ids.length > 1) documents.push(ids);
    left -= ids.length;
  }
  return documents;
}
