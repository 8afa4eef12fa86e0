/**
 * `npm run bench:typing [-- --quick] [-- --other-files] [-- --model FILE.gguf] [-- --json FILE]`: files of the pinned corpus typed as a person
 * types them. The keys go to the extension's completer with the engine's real process, and to llama.cpp, which is asked
 * as llama.vscode asks it.
 *
 * First the keys are fixed, without a clock: the person accepts those suggestions of Sotto that are right. Then both
 * sides get these keys, stretch by stretch in turn. They have the same model, bits, threads and low priority. Only times
 * are compared, never texts: the model was not trained on the rival's order of prefix and suffix. A request that the next
 * key supersedes counts with the time that it had. Its true time is longer, which favours the slower side.
 *
 * With `--other-files`, Sotto's prompt has pieces of other files, even if the model was not trained to read them.
 * `typing/typist.ts` and `typing/player.ts` say what is simulated.
 */
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultSettings } from '../src/cli/command-line';
import { withSession } from '../src/cli/with-session';
import type { OpenModel } from '../src/session';
import type { CompletionSettings } from '../src/settings/settings';
import { createRandom } from '../test/random';
import { findNeighbours, ownSources } from './corpus/own-sources';
import { machine } from './measure/machine';
import { openLlama } from './rivals/llama';
import { choosePlaces } from './typing/choose-places';
import { createLlamaSide } from './typing/llama-vscode';
import { createPlayer } from './typing/player';
import { describeKeystrokes, printSummaries, ratiosOf, type Summary, summarise } from './typing/report';
import { createSottoSide, createSuggest, type Neighbours } from './typing/sotto';
import { type Keystroke, typePlaces } from './typing/typist';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    'other-files': { type: 'boolean' },
    model: { type: 'string' },
    json: { type: 'string' },
  },
});
/** Opened in place of the bundled model. llama.cpp opens it too. */
const given = { modelPath: options.model };
const root = process.cwd();
const settings: CompletionSettings = {
  ...defaultSettings(root),
  otherFiles: options['other-files'] ? 'always' : 'auto',
};
const seed = 1;
const size = options.quick ? { files: 2, lines: 6, threads: [1] } : { files: 4, lines: 12, threads: [1, 2] };

async function main(): Promise<void> {
  console.log(machine());
  const gguf = options.model ?? join(root, 'models/sotto-starter/sotto-starter.gguf');
  const sources = ownSources(root);
  const neighboursOf = findNeighbours(sources);
  const neighbours = new Map(sources.map(source => [source.path, neighboursOf(source)]));
  const places = choosePlaces(sources, size.files, size.lines);
  console.log(`Typed, seed ${seed}: ${places.map(({ path }) => path).join(', ')}`);
  const stretches: Keystroke[][] = [];
  const typeStretches = async (model: OpenModel) => {
    const suggest = createSuggest(model, settings, neighbours);
    for await (const stretch of typePlaces(places, createRandom(seed), suggest)) stretches.push(stretch);
  };
  await withSession(root, 1, typeStretches, given);
  console.log(describeKeystrokes(stretches.flat()));

  const ratios: Record<string, number> = {};
  const summaries: Record<string, readonly Summary[]> = {};
  for (const threads of size.threads) {
    const name = `${threads} thread${threads > 1 ? 's' : ''}`;
    const open = <Result>(use: (model: OpenModel) => Promise<Result>) =>
      withSession(root, threads, use, given);
    const [ours, unprepared, theirs] = await open(model =>
      open(another => compare([model, another], gguf, threads, stretches, neighbours)),
    );
    printSummaries(name, [ours, unprepared, theirs]);
    summaries[name] = [ours, unprepared, theirs];
    Object.assign(ratios, ratiosOf(ours, theirs, name), {
      [`prompt tokens served by the cache, ${name}`]: ours.cachedShare,
    });
  }
  console.log('');
  for (const [what, ratio] of Object.entries(ratios)) console.log(`${what}: ${ratio.toFixed(2)}`);
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ machine: machine(), ratios, summaries }, null, 2)}\n`);
}

async function compare(
  [model, another]: readonly [OpenModel, OpenModel],
  gguf: string,
  threads: number,
  stretches: readonly (readonly Keystroke[])[],
  neighbours: Neighbours,
): Promise<readonly [ours: Summary, unprepared: Summary, theirs: Summary]> {
  const llama = await openLlama(root, gguf, {
    threads,
    contextSize: model.contextWindow,
    priority: constants.priority.PRIORITY_BELOW_NORMAL,
  });
  try {
    const ours = createPlayer(createSottoSide(model, settings, neighbours, true));
    const unprepared = createPlayer(createSottoSide(another, settings, neighbours, false));
    const theirs = createPlayer(createLlamaSide(llama, model, settings));
    const players = [ours, unprepared, theirs];
    for (const [i, stretch] of stretches.entries())
      for (const player of i % 2 === 0 ? players : players.toReversed()) await player.play(stretch);
    return [summarise(ours), summarise(unprepared), summarise(theirs)];
  } finally {
    llama.close();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).stack);
  process.exitCode = 1;
});
