/**
 * `npm run -s bench:quality`: how much typing suggestions save, and how often one is right, on real files that are
 * typed again (`quality/replay.ts` has the rule), in the engine's real process; and the same of peers.
 *
 * Triggered automatically, without debounce, as fast as the user types: speed is another bench's.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultSettings } from '../src/cli/default-settings';
import { UsageError } from '../src/cli/place';
import { ModelFileError } from '../src/files/model-file-error';
import { createSession } from '../src/session';
import { machine } from './measure';
import { bestAt, type Confidence, curveOf, type Recording, replayAll } from './quality/curve';
import { openLlamaPeer } from './quality/llama-peer';
import { differenceOf, figuresBy, figuresByPlace, figuresOf } from './quality/measures';
import { ngramPeer, type Peer, type PeerParts, rawPeer, sottoPeer } from './quality/peers';
import { record } from './quality/record';
import { parts } from './quality/sotto';
import { ownTexts, readTexts, type SourceText } from './quality/source-texts';
import { pickStretches, type Stretch } from './quality/stretches';
import { percent, printCurve, printFigures, printPlaces, printTable } from './quality/tables';
import { seededRandom } from './seeded-random';

const usage = `usage: npm run -s bench:quality -- [options]
  --files PATH      a folder of code, or JSONL with a { path, text } a line (python3 -m sotto_train.sample_files);
                    again for more; our own src, scripts and train
  --stretches N     how many stretches are typed; 100
  --seed N          which; 1
  --quick           12 stretches
  --peer NAME       sotto, raw or ngram; again for more; all of them
  --llama FILE      a GGUF file under llama.cpp (installed on first use) as one more peer
  --model PATH      in place of the bundled model
  --without PART    Sotto without one of its parts; again for more: ${[...parts.keys()].join(', ')}
  --ablate          Sotto without each of them in turn, and no peers`;

/** What precision a suggestion must have to be worth looking at (issue 6). */
const leastPrecision = 0.4;
const confidence: Confidence = 'mean';

async function main(): Promise<void> {
  const options = readArguments();
  const root = process.cwd();
  const sources = options.files.length === 0 ? ownTexts(root) : readTexts(options.files);
  const stretches = pickStretches(sources, options.stretches, seededRandom(options.seed));
  const ignore = () => undefined;
  const session = createSession({
    root,
    modelPath: () => options.model,
    graphsFolder: join(root, '.cache/graphs'),
    threads: 1,
    log: ignore,
    onStatus: ignore,
    onFault: ignore,
  });
  try {
    const model = await session.openModel();
    console.log(`${machine()}\nModel: ${model.name}\n${describe(options.files, sources, stretches)}`);
    // A slow machine must not change what is said, only when.
    const settings = { ...defaultSettings(root), debounce: 0, maxTime: 60_000 };
    const peerParts = { openModel: session.openModel, settings };
    if (options.ablate) await ablate(peerParts, stretches);
    else await compare(peerParts, stretches, options);
  } finally {
    session.dispose();
  }
}

async function compare(
  peerParts: PeerParts,
  stretches: readonly Stretch[],
  { peers: names, llama, without }: Arguments,
): Promise<void> {
  const isAsked = (name: string) => names.length === 0 || names.includes(name);
  const llamaPeer = llama === undefined ? undefined : await openLlamaPeer(process.cwd(), llama, 1);
  try {
    const peers = [
      ...(isAsked('sotto') ? [sottoPeer(peerParts, without)] : []),
      ...(isAsked('raw') ? [rawPeer(peerParts)] : []),
      ...(isAsked('ngram') ? [ngramPeer] : []),
      ...(llamaPeer === undefined ? [] : [llamaPeer]),
    ];
    const recordings: [Peer, Recording[]][] = [];
    for (const peer of peers) recordings.push([peer, await recordTold(peer, stretches)]);
    const label = ({ name, what }: Peer) => `${name}: ${what}`;
    printFigures(
      'everything shown',
      recordings.map(([peer, recording]) => [label(peer), figuresOf(replayAll(recording))]),
    );
    printFigures(
      `best threshold with ${percent(leastPrecision)} right`,
      recordings.flatMap(([peer, recording]) => {
        const best = bestAt(curveOf(recording, confidence), leastPrecision);
        return best === undefined ? [] : [[`${peer.name} at ${best.threshold}`, best] as const];
      }),
    );
    const [first] = recordings;
    if (first === undefined) return;
    const [peer, recording] = first;
    const replays = replayAll(recording);
    console.log(`\n${peer.name}, by language, kind of stretch, and place:`);
    printFigures(
      'language',
      figuresBy(replays, ({ source }) => source.languageId),
    );
    printFigures(
      'typed',
      figuresBy(replays, ({ kind }) => kind),
    );
    printPlaces(figuresByPlace(replays));
    printCurve(confidence, curveOf(recording, confidence));
  } finally {
    llamaPeer?.close();
  }
}

/** Each part's worth: Sotto with all of them, and without each. */
async function ablate(peerParts: PeerParts, stretches: readonly Stretch[]): Promise<void> {
  const whole = await recordTold(sottoPeer(peerParts), stretches);
  const rows = [row('with all', whole, whole)];
  for (const name of parts.keys())
    rows.push(row(`without ${name}`, await recordTold(sottoPeer(peerParts, [name]), stretches), whole));
  const best = `saved with ${percent(leastPrecision)} right`;
  printTable(['Sotto', 'characters saved', 'worth', 'right', 'shown per 100 keys', best], rows);
  console.log('\nWorth: what is saved with the part less what is saved without, and its standard error.');
}

function row(name: string, recording: Recording[], whole: Recording[]): string[] {
  const replays = replayAll(recording);
  const { saved, precision, shownPerHundredKeys } = figuresOf(replays);
  const worth = differenceOf(replayAll(whole), replays);
  const best = bestAt(curveOf(recording, confidence), leastPrecision);
  return [
    name,
    percent(saved),
    recording === whole ? '' : `${percent(worth.saved)} ± ${percent(worth.standardError)}`,
    percent(precision),
    shownPerHundredKeys.toFixed(1),
    percent(best?.saved),
  ];
}

async function recordTold(peer: Peer, stretches: readonly Stretch[]): Promise<Recording[]> {
  const start = performance.now();
  const recordings = await record(stretches, peer.suggest);
  console.error(`${peer.name} (${peer.what}): ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return recordings;
}

function describe(
  files: readonly string[],
  sources: readonly SourceText[],
  stretches: readonly Stretch[],
): string {
  const set = files.length === 0 ? "this repository's own sources" : files.join(', ');
  const used = new Set(stretches.map(({ source }) => source)).size;
  return `Set: ${set}; ${stretches.length} stretches of ${used} of ${sources.length} files.`;
}

type Arguments = ReturnType<typeof readArguments>;

function readArguments() {
  const { values } = parse();
  const unknown = (values.without ?? []).find(name => !parts.has(name));
  if (unknown !== undefined)
    throw new UsageError(`--without ${unknown}: expected one of ${[...parts.keys()].join(', ')}`);
  const peers = values.peer ?? [];
  const stranger = peers.find(name => !['sotto', 'raw', 'ngram'].includes(name));
  if (stranger !== undefined) throw new UsageError(`--peer ${stranger}: expected sotto, raw or ngram`);
  return {
    files: values.files ?? [],
    stretches: wholeNumber('stretches', values.stretches ?? (values.quick ? '12' : '100')),
    seed: wholeNumber('seed', values.seed ?? '1'),
    peers,
    llama: values.llama,
    model: values.model,
    without: values.without ?? [],
    ablate: values.ablate === true,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        files: { type: 'string', multiple: true },
        stretches: { type: 'string' },
        seed: { type: 'string' },
        quick: { type: 'boolean' },
        peer: { type: 'string', multiple: true },
        llama: { type: 'string' },
        model: { type: 'string' },
        without: { type: 'string', multiple: true },
        ablate: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`--${name} ${value}: expected a whole number of at least 1`);
  return number;
}

main().catch((error: unknown) => {
  const isUsers = error instanceof UsageError || error instanceof ModelFileError;
  console.error(isUsers ? error.message : (error as Error).stack);
  process.exitCode = isUsers ? 2 : 1;
});
