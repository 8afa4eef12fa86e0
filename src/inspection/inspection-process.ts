/**
 * A process that looks for models and inspects them, and then ends. To read the header of a large model takes a second,
 * and a disk may be slow, so this is not done in the editor's process. It ends when its parent ends.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { findModels } from '../shelf/find-models';
import type { FromInspection, InspectionRequest } from '../shelf/inspection-protocol';
import type { Inspection } from '../shelf/model-facts';
import { inspectModel } from './inspect-model';

function main(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('disconnect', () => process.exit(0));
  process.once('message', (request: InspectionRequest) => void answer(request));
}

async function answer({ stores, known, cacheFile }: InspectionRequest): Promise<void> {
  const models = findModels(stores);
  send({ type: 'found', models });
  const cache = readCache(cacheFile);
  const seen: Record<string, Remembered> = {};
  for (const { path, bytes } of [...known, ...models]) {
    const stamp = stampOf(path, bytes);
    const remembered = cache[path];
    const inspection =
      remembered?.stamp === stamp ? remembered.inspection : await inspectModel({ path, bytes });
    seen[path] = { stamp, inspection };
    send({ type: 'inspected', path, inspection });
    // Without a pause, the messages of a long list would leave together at the end.
    await new Promise(resolve => setImmediate(resolve));
  }
  writeCache(cacheFile, seen);
  send({ type: 'done' });
}

interface Remembered {
  /** Changes if the file changes, or if another version of Sotto may read it otherwise. */
  readonly stamp: string;
  readonly inspection: Inspection;
}

/** The code of this process is the version: a new build may run what an older one refused. */
const version = statSync(__filename).mtimeMs;

function stampOf(path: string, bytes: number): string {
  return [bytes, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0, version].join(' ');
}

function readCache(file: string): Readonly<Record<string, Remembered>> {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // It is only a cache: what is not in it is read again.
    return {};
  }
}

/** Two windows may write at once. The last one wins, and no reader sees half a file. */
function writeCache(file: string, cache: Readonly<Record<string, Remembered>>): void {
  try {
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(cache));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Then the next one reads the models again.
  }
}

function send(message: FromInspection): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

main();
