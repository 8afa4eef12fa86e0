/**
 * `npm run -s bench:quality`: how much typing suggestions save, and how often a suggestion is right, on real files that
 * are typed again (`quality/replay.ts` has the rule), in the engine's real process. Peers get the same task.
 *
 * Suggestions are automatic, without debounce, and come before the next key. Other benchmarks measure speed.
 */
import { writeFileSync } from 'node:fs';
import { ModelFileError } from '../src/checkpoint/model-file-error';
import { defaultSettings, UsageError } from '../src/cli/command-line';
import { withSession } from '../src/cli/with-session';
import type { OpenModel } from '../src/session';
import { seededRandom } from './corpus/seeded-random';
import { isForTuning, ownTexts, readTexts, type SourceText } from './corpus/source-texts';
import { machine } from './measure/machine';
import { ablate } from './quality/ablate';
import { type Arguments, readArguments } from './quality/arguments';
import { compare } from './quality/compare';
import { openLlamaPeer } from './quality/llama-peer';
import { ngramPeer, type Peer, type PeerParts, rawPeer, sottoPeer } from './quality/peers';
import { rememberAnswers } from './quality/remember-answers';
import { pickStretches, type Stretch } from './quality/stretches';

const root = process.cwd();

async function main(): Promise<void> {
  const options = readArguments();
  const sources = options.files.length === 0 ? ownTexts(root) : readReported(options.files);
  const stretches = pickStretches(sources, options.stretches, seededRandom(options.seed));
  const measure = async (model: OpenModel) => {
    const engine = rememberAnswers(model.engine);
    const set = {
      files: options.files.length === 0 ? ['bench/fixtures/own-code'] : options.files,
      seed: options.seed,
      stretches: stretches.length,
      sources: new Set(stretches.map(({ source }) => source)).size,
    };
    console.log(
      `${machine()}\nModel: ${model.name}\nSet: ${set.files.join(', ')}: ${set.stretches} stretches of ${set.sources} files`,
    );
    // On a slow machine the answers must be the same, only later.
    const settings = {
      ...defaultSettings(root),
      debounce: 0,
      maxTime: 60_000,
      otherFiles: options.otherFiles,
    };
    const parts = { openModel: async () => ({ ...model, engine }), settings };
    const figures = options.isAblation
      ? await ablate(parts, stretches, options.without)
      : await compareAll(parts, stretches, options);
    if (options.json !== undefined)
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine: machine(), model: model.name, set, ...figures }, null, 2)}\n`,
      );
  };
  await withSession(root, 1, measure, { modelPath: options.model });
}

/** Leaves out the repositories that constants were fitted on. @throws UsageError */
function readReported(files: readonly string[]): SourceText[] {
  const sources = readTexts(files).filter(source => !isForTuning(source));
  if (sources.length === 0)
    throw new UsageError(`${files.join(', ')}: has only files of tuning repositories`);
  return sources;
}

async function compareAll(
  parts: PeerParts,
  stretches: readonly Stretch[],
  { peers: names, llama, without, picture }: Arguments,
) {
  const known: Record<string, Peer> = {
    sotto: sottoPeer(parts, without),
    raw: rawPeer(parts),
    ngram: ngramPeer,
  };
  const peers = Object.values(known).filter(({ name }) => names.includes(name));
  if (llama === undefined) return compare(peers, stretches, picture);
  // Two threads, because llama.cpp is the slowest here, and speed is not measured.
  const llamaPeer = await openLlamaPeer(root, llama, 2);
  try {
    return await compare([...peers, llamaPeer], stretches, picture);
  } finally {
    llamaPeer.close();
  }
}

main().catch((error: unknown) => {
  const isUsers = error instanceof UsageError || error instanceof ModelFileError;
  console.error(isUsers ? error.message : (error as Error).stack);
  process.exitCode = isUsers ? 2 : 1;
});
