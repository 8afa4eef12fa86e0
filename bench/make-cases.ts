/**
 * `node scripts/run.mjs bench/make-cases.ts [COUNT] > cases.jsonl`: cases for `complete --batch`, at random places of
 * our own sources and examples. The same count gives the same cases.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from './seeded-random';

const folders = ['src', 'examples', 'scripts'];

function main(): void {
  const count = Number(process.argv[2] ?? 500);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${process.argv[2]}: expected how many cases`);
  const files = folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|mjs|js|py)$/.test(name))
      .sort()
      .map(name => join(folder, name).replaceAll('\\', '/')),
  );
  const random = seededRandom(1);
  for (let id = 1; id <= count; id++) {
    const path = files[Math.floor(random() * files.length)]!;
    const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
    const cursor = 1 + Math.floor(random() * (text.length - 1));
    const lineEnd = text.indexOf('\n', cursor);
    // The rest of the line is what is asked for.
    const suffix = lineEnd === -1 ? '' : text.slice(lineEnd);
    console.log(JSON.stringify({ id, path, prefix: text.slice(0, cursor), suffix }));
  }
}

main();
