/**
 * `npm run -s fit:sources -- FILES.jsonl [--model PATH] [--write]`: fits `copyWeights` of
 * `src/completion/sources/copied.ts` and the model's `calibration` on held-out files that are typed again
 * (`python3 -m sotto_train.sample_files` makes them), and prints how well they fit. `--model` is small (the default), large
 * or the folder of another model; `--write` writes the calibration to the `sotto.json` of that folder.
 *
 * An example is a word that may come next, where all words since the cursor were right: the probabilities of a text's
 * words are multiplied. Only stops of the cursor where an automatic request passes the gate count.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modelPathOf } from '../src/bundled-models/bundled-models';
import { defaultSettings, readText, UsageError } from '../src/cli/command-line';
import { withSession } from '../src/cli/with-session';
import { type Calibration, logitOf } from '../src/common/calibration';
import { systemClock } from '../src/common/clock';
import { byWords, type ScoredText } from '../src/completion/judge';
import type { LocalModel } from '../src/completion/local-model';
import { decideScope } from '../src/completion/scope';
import { type CopyFeature, copyWeights, nextWords } from '../src/completion/sources/copied';
import { findMatches } from '../src/completion/sources/document-matches';
import { createModelSources } from '../src/completion/sources/model';
import { findRefusal } from '../src/completion/when';
import type { DocumentSnapshot } from '../src/document/document-snapshot';
import { endsInWord, isLineBreak, nextWord } from '../src/document/words';
import type { OtherFile } from '../src/other-files/other-file';
import { seededRandom } from './corpus/seeded-random';
import { isForTuning, readTexts } from './corpus/source-texts';
import { printTable } from './measure/tables';
import { type Example, fitLogistic, lossOf, probabilityOf } from './quality/logistic-regression';
import { documentAt, pickStretches, type Stretch, stopsOf } from './quality/stretches';

const stretchCount = 400;
/** The model is asked for these only: it is slow, and two constants need fewer examples. */
const askedCount = 120;
const copyFeatures = Object.keys(copyWeights) as CopyFeature[];
const root = process.cwd();
const settings = { ...defaultSettings(root), debounce: 0, maxTime: 60_000, minConfidence: 0 };

async function main(): Promise<void> {
  const { values: options, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string', default: 'small' }, write: { type: 'boolean' } },
  });
  if (files.length === 0)
    throw new UsageError('usage: npm run -s fit:sources -- FILES.jsonl [--model PATH] [--write]');
  const sources = readTexts(files).filter(isForTuning);
  if (sources.length === 0) throw new UsageError(`${files.join(', ')}: no file of a tuning repository`);
  const stretches = pickStretches(sources, stretchCount, seededRandom(1));
  console.log(`${stretches.length} stretches of ${sources.length} files`);
  report('copyWeights', copyFeatures, (await Promise.all(stretches.map(copyExamples))).flat());
  const fitModel = async (model: LocalModel) => {
    const say = createModelVoice({ openModel: async () => model });
    const examples: Example[] = [];
    for (const stretch of stretches.slice(0, askedCount))
      examples.push(...(await modelExamples(stretch, say)));
    const [bias = 0, logit = 1] = report('calibration', ['bias', 'logit'], examples);
    if (options.write) writeCalibration(modelPathOf(root, options.model), { bias, logit });
  };
  await withSession(root, 1, fitModel, { modelPath: options.model });
}

/** Leaves the other fields of the model's `sotto.json` as they are. */
function writeCalibration(folder: string, { bias, logit }: Calibration): void {
  const path = join(folder, 'sotto.json');
  const calibration = { bias: roundTo3(bias), logit: roundTo3(logit) };
  writeFileSync(path, `${JSON.stringify({ ...JSON.parse(readText(path)), calibration }, null, 1)}\n`);
  console.log(`written to ${path}`);
}

const roundTo3 = (value: number) => Math.round(value * 1000) / 1000;

/** With the other files and without: a user may have many files open, or one. */
async function copyExamples(stretch: Stretch): Promise<Example[]> {
  const stops = await openStops(stretch);
  return [[], stretch.source.neighbours ?? []].flatMap(files => copyExamplesBeside(stretch, stops, files));
}

function copyExamplesBeside(
  stretch: Stretch,
  stops: readonly Stop[],
  otherFiles: readonly OtherFile[],
): Example[] {
  return stops.flatMap(({ at, document }) => {
    const matches = findMatches(document, otherFiles);
    const examples: Example[] = [];
    for (let place = at; ; ) {
      const words = nextWords(matches, stretch.source.text.slice(at, place), endsInWord(document.prefix));
      const truth = truthAt(stretch, place);
      for (const { word, features } of words)
        examples.push({ features: copyFeatures.map(name => features[name]), isTrue: isSame(word, truth) });
      if (words.length === 0 || isLineBreak(truth)) return examples;
      place += truth.length;
    }
  });
}

async function modelExamples(stretch: Stretch, say: Voice): Promise<Example[]> {
  const examples: Example[] = [];
  for (const { at, document } of await openStops(stretch)) {
    const said = await say(document);
    if (said === undefined) continue;
    const { parts, logProbs } = byWords(said);
    let place = at;
    for (const [index, word] of parts.entries()) {
      const isTrue = isSame(word, truthAt(stretch, place));
      examples.push({ features: [1, logitOf(logProbs[index]!)], isTrue });
      if (!isTrue || isLineBreak(word)) break;
      place += word.length;
    }
  }
  return examples;
}

type Voice = (document: ReturnType<typeof documentAt>) => Promise<ScoredText | undefined>;

/** The text that the model writes at a place, before judge and filters. */
function createModelVoice({ openModel }: { readonly openModel: () => Promise<LocalModel> }): Voice {
  const { ask } = createModelSources(openModel, systemClock);
  const { signal } = new AbortController();
  return async document => {
    const request = { document, trigger: 'automatic', scope: decideScope(document), settings } as const;
    const found = await ask(request, signal);
    return 'written' in found ? found.written : undefined;
  };
}

interface Stop {
  readonly at: number;
  readonly document: DocumentSnapshot;
}

/** The stops within a stretch where something may be suggested. */
async function openStops(stretch: Stretch): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  for (const at of stopsOf(stretch).filter(stop => stop < stretch.to)) {
    const document = documentAt(stretch, at);
    const refusal = await findRefusal({ document, trigger: 'automatic', settings });
    if (refusal === undefined) stops.push({ at, document });
  }
  return stops;
}

/** The word that the file has at a place. Behind the stretch it is a line break: nothing more is wanted in the line. */
function truthAt({ source, to }: Stretch, at: number): string {
  return nextWord(source.text.slice(0, to), at) || '\n';
}

const isSame = (word: string, truth: string) => word === truth || (isLineBreak(word) && isLineBreak(truth));

/** @returns the fitted weights */
function report(name: string, features: readonly string[], examples: readonly Example[]): readonly number[] {
  const weights = fitLogistic(examples);
  const printed = features.map((feature, index) => `  ${feature}: ${weights[index]!.toFixed(3)},`);
  console.log(`\n${name}: ${examples.length} words, ${lossOf(examples, weights).toFixed(4)} nats a word`);
  console.log(printed.join('\n'));
  const rows = Array.from({ length: 10 }, (_, tenth) => {
    const all = examples.map(({ features, isTrue }) => ({ p: probabilityOf(features, weights), isTrue }));
    const some = all.filter(({ p }) => Math.min(9, Math.floor(p * 10)) === tenth);
    const mean = some.reduce((sum, { p }) => sum + p, 0) / some.length;
    return [
      mean.toFixed(2),
      (some.filter(({ isTrue }) => isTrue).length / some.length).toFixed(2),
      String(some.length),
    ];
  });
  printTable(['probability', 'right', 'words'], rows);
  return weights;
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : (error as Error).stack);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
