/**
 * `npm run -s bench:learning -- FILES.jsonl`: whether a threshold that follows what the user keeps and refuses
 * (`src/statistics/learn.ts`) helps. A user types stretches of files one after another and accepts right suggestions, as
 * in `bench:quality`. Once the threshold stays, once it is learned from the suggestions so far, language by language.
 *
 * The same is done with a model that is too sure of itself, and with one that is not sure enough.
 */
import { defaultSettings, UsageError } from '../src/cli/command-line';
import { withSession } from '../src/cli/with-session';
import type { LocalModel } from '../src/completion/local-model';
import { addEvidence, type Evidence, evidenceOf, learnedThreshold } from '../src/statistics/learn';
import { seededRandom } from './corpus/seeded-random';
import { isForTuning, readTexts, type SourceText } from './corpus/source-texts';
import { machine } from './measure/machine';
import { percent, printTable } from './measure/tables';
import { figuresOf } from './quality/measures';
import { type PeerParts, sottoPeer } from './quality/peers';
import { record } from './quality/record';
import { rememberAnswers } from './quality/remember-answers';
import { type Replay, replay } from './quality/replay';
import { pickStretches, type Stretch } from './quality/stretches';

const root = process.cwd();
const usage = 'usage: npm run -s bench:learning -- FILES.jsonl [STRETCHES] [--tuning]';
const defaultStretches = 150;
/** Added to the log odds of each word's calibrated probability. */
const biases = { 'as it ships': 0, 'too sure': 1, 'not sure enough': -1 };

async function main(): Promise<void> {
  const [file, count = String(defaultStretches)] = process.argv.slice(2).filter(arg => !arg.startsWith('--'));
  const isTuning = process.argv.includes('--tuning');
  const perLanguage = Number(count);
  if (file === undefined || !(perLanguage > 0)) throw new UsageError(usage);
  const sources = readTexts([file]).filter(source => isForTuning(source) === isTuning);
  console.log(`${machine()}\n${sources.length} files, ${perLanguage} stretches of each language`);
  await withSession(root, 1, async model => {
    const engine = rememberAnswers(model.engine);
    const rows: string[][] = [];
    for (const [name, bias] of Object.entries(biases)) {
      const opened = withBias({ ...model, engine }, bias);
      const settings = { ...defaultSettings(root), debounce: 0, maxTime: 60_000 };
      const parts = { openModel: async () => opened, settings };
      for (const [language, stretches] of stretchesByLanguage(sources, perLanguage)) {
        const fixed = await play(parts, stretches, () => settings.minConfidence);
        const learned = await play(parts, stretches, evidence =>
          learnedThreshold(addEvidence(evidence), settings.minConfidence, today),
        );
        rows.push([name, language, ...figures(fixed), ...figures(learned), learned.threshold.toFixed(2)]);
        console.error(rows.at(-1)!.join('  '));
      }
    }
    const measured = ['saved', 'right', 'near'];
    const columns = ['fixed', 'learned'].flatMap(how => measured.map(what => `${how}: ${what}`));
    printTable(['model', 'language', ...columns, 'threshold'], rows);
    console.log('\nnear: how many were right of those that said at most 0.1 more than the threshold 0.5');
  });
}

/** Every suggestion is of the same day, so none of them fades. */
const today = '2026-11-28';

interface Played {
  readonly replays: readonly Replay[];
  /** At the end. */
  readonly threshold: number;
}

async function play(
  parts: PeerParts,
  stretches: readonly Stretch[],
  thresholdOf: (evidence: readonly Evidence[]) => number,
): Promise<Played> {
  const evidence: Evidence[] = [];
  const replays: Replay[] = [];
  for (const stretch of stretches) {
    const { suggestFrom } = sottoPeer(parts);
    const [recording] = await record([stretch], suggestFrom!(thresholdOf(evidence)));
    const one = replay(stretch, recording!.answers);
    replays.push(one);
    for (const { suggestion, isRight } of one.shown)
      evidence.push(evidenceOf(today, stretch.source.languageId, suggestion.confidence, isRight));
  }
  return { replays, threshold: thresholdOf(evidence) };
}

function figures({ replays }: Played): string[] {
  const { saved, precision } = figuresOf(replays);
  const near = replays
    .flatMap(({ shown }) => shown)
    .filter(({ suggestion: { confidence } }) => confidence >= 0.5 && confidence < 0.6);
  const right = near.filter(({ isRight }) => isRight).length;
  return [percent(saved), percent(precision), near.length === 0 ? '–' : percent(right / near.length)];
}

function withBias(model: LocalModel, bias: number): LocalModel {
  const { calibration } = model;
  return { ...model, calibration: { ...calibration, bias: calibration.bias + bias } };
}

function stretchesByLanguage(sources: readonly SourceText[], count: number): Map<string, Stretch[]> {
  const languages = [...new Set(sources.map(({ languageId }) => languageId))].sort();
  return new Map(
    languages.map(language => [
      language,
      pickStretches(
        sources.filter(({ languageId }) => languageId === language),
        count,
        seededRandom(1),
      ),
    ]),
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : (error as Error).stack);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
