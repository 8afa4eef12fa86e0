/**
 * `npm run -s bench:copy`: the time that the source `copied` takes at each keystroke, to search the document for text
 * like that before the cursor. Cursors are all over 200,000 characters of the pinned corpus, and of one repeated line.
 */
import { copyText } from '../src/completion/sources/copied';
import { ownSources } from './corpus/own-sources';
import { seededRandom } from './corpus/seeded-random';
import { machine } from './measure/machine';
import { printTable, quantile } from './measure/tables';

const characters = 200_000;
const cursors = 2_000;
/** The shortest of these times counts: the others include other work of the machine. */
const repeats = 3;

function main(): void {
  const code = ownSources(process.cwd())
    .filter(({ path }) => /^(src|bench|scripts)\//.test(path))
    .map(({ text }) => text)
    .join('\n');
  const line = 'const value = compute(value, 1);\n';
  const texts = {
    'our own code': code,
    'one line again and again': line.repeat(characters / line.length + 1),
  };
  console.log(`${machine()}\n${cursors} cursors in ${characters} characters each`);
  printTable(
    ['text', 'p50', 'p99', 'longest'],
    Object.entries(texts).map(([name, text]) => {
      const times = measure(text.slice(0, characters));
      return [name, ...[0.5, 0.99, 1].map(share => `${quantile(times, share).toFixed(2)} ms`)];
    }),
  );
}

function measure(text: string): number[] {
  const random = seededRandom(1);
  const times: number[] = [];
  for (let cursor = 0; cursor < cursors; cursor++) {
    const at = Math.floor(random() * text.length);
    const [prefix, suffix] = [text.slice(0, at), text.slice(at)];
    const document = { uri: 'a', path: 'a.ts', languageId: 'typescript', prefixOffset: 0, prefix, suffix };
    times.push(Math.min(...Array.from({ length: repeats }, () => timed(() => copyText(document, 'line')))));
  }
  return times;
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

main();
