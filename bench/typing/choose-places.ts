/** Which stretches of the pinned corpus are typed: from the middle of files that are longer than a window. */
import type { Source } from '../corpus/own-sources';
import type { Place } from './typist';

/** TypeScript and Python in turn, each of 100 lines or more: in a file that is shown whole, no window has an edge. */
const typedFiles = [
  'bench/compare-llama.ts',
  'train/gguf_golden.py',
  'src/runtime/export-signature.ts',
  'train/sotto_train/splits.py',
];

/** @param count of files, four at most @param lines that are typed of each */
export function choosePlaces(sources: readonly Source[], count: number, lines: number): Place[] {
  return typedFiles
    .slice(0, count)
    .map(path => placeIn(sources.find(source => source.path === path)!, lines));
}

function placeIn({ path, text }: Source, lines: number): Place {
  const all = text.split('\n');
  const first = Math.floor((all.length - lines) / 2);
  const before = `${all.slice(0, first).join('\n')}\n`;
  const missing = all.slice(first, first + lines).join('\n');
  return { path, before, missing, after: text.slice(before.length + missing.length) };
}
