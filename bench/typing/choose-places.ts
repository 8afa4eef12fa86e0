/** Which stretches of this repository's own sources are typed: from the middle of files that are longer than a window. */
import type { Source } from '../own-sources';
import type { Place } from './typist';

/** A file that is shown whole would say nothing of what happens at the window's edge. */
const leastLines = 100;

/** @param count of files, TypeScript and Python in turn, from all over the repository */
export function choosePlaces(sources: readonly Source[], count: number, lines: number): Place[] {
  const long = sources.filter(({ text }) => text.split('\n').length >= leastLines);
  const kinds = [/\.ts$/, /\.py$/].map(kind => long.filter(({ path }) => kind.test(path)));
  return Array.from({ length: count }, (_, i) => {
    const files = kinds[i % kinds.length]!;
    const source = files[Math.floor((i * files.length) / count)];
    if (source === undefined) throw new Error(`no source of ${leastLines} lines or more is tracked`);
    return placeIn(source, lines);
  });
}

function placeIn({ path, text }: Source, lines: number): Place {
  const all = text.split('\n');
  const first = Math.floor((all.length - lines) / 2);
  const before = `${all.slice(0, first).join('\n')}\n`;
  const missing = all.slice(first, first + lines).join('\n');
  return { path, before, missing, after: text.slice(before.length + missing.length) };
}
