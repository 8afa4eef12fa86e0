/** What the inspection says of models that run and of those that do not, in its own process as the shelf starts it. */
import { cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inspectModel } from '../../src/inspection/inspect-model';
import { inspectModels } from '../../src/shelf/inspect-models';
import type { FoundModel, Inspection } from '../../src/shelf/model-facts';
import type { ModelStore } from '../../src/shelf/model-stores';
import { starter, starterGguf } from '../checkpoint/starter';
import { addToHub, addToOllama } from '../shelf/stores-on-disk';
import { temporaryFolder } from '../temporary-folder';

const entry = join(__dirname, '../../dist/inspection.js');
const never = new AbortController().signal;

it('names architecture, quantisation, context and layout of a GGUF file', async () => {
  const path = join(temporaryFolder(), 'own.gguf');
  writeFileSync(path, readFileSync(starterGguf));
  const inspection = await inspectModel({ path, bytes: 7e6 });
  expect(inspection).toMatchObject({
    facts: { architecture: 'llama', quantisation: 'Q8_0', contextLength: 1024, layers: 6 },
  });
  // 6.5M weights in blocks of 8 bits.
  const { bytesPerToken } = (inspection as { facts: { bytesPerToken: number } }).facts;
  expect(bytesPerToken).toBeGreaterThan(6.5e6);
  expect(bytesPerToken).toBeLessThan(8e6);
});

it('names those of the bundled model', async () =>
  expect(await inspectModel({ path: starter, bytes: 0 })).toMatchObject({
    facts: { architecture: 'llama', quantisation: 'Q8_0', fillInTheMiddle: 'Sotto' },
  }));

it('says how the floats of a folder are rounded', async () => {
  const folder = temporaryFolder();
  cpSync('test/fixtures/tiny-llama', folder, { recursive: true });
  cpSync('test/fixtures/tokenizers/qwen2', folder, { recursive: true });
  // Room for the ids of that tokenizer. No weight is read.
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: 600 }));
  expect(await inspectModel({ path: folder, bytes: 0 })).toMatchObject({
    facts: { architecture: 'llama', quantisation: 'F32, run as int8' },
  });
});

it('says in a line why a file cannot run, without its path', async () => {
  const folder = temporaryFolder();
  const text = join(folder, 'a.gguf');
  writeFileSync(text, '<!doctype html><title>Not found</title>');
  expect(await inspectModel({ path: text, bytes: 1 })).toEqual({
    cannotRun:
      'is a web page ("Not found"), as a server sends it instead of the file; download the file itself',
  });
  const encoder = join(folder, 'bert');
  mkdirSync(encoder);
  writeFileSync(join(encoder, 'config.json'), '{"model_type": "bert"}');
  writeFileSync(join(encoder, 'model.safetensors'), '');
  const { cannotRun } = (await inspectModel({ path: encoder, bytes: 1 })) as { cannotRun: string };
  expect(cannotRun).toMatch(/^model_type: found "bert", an encoder/);
});

interface Seen {
  readonly found: readonly FoundModel[];
  readonly inspected: Map<string, Inspection>;
}

async function runProcess(
  stores: readonly ModelStore[],
  known: readonly FoundModel[],
  cacheFile: string,
): Promise<Seen> {
  let found: readonly FoundModel[] = [];
  const inspected = new Map<string, Inspection>();
  const onFound = (models: readonly FoundModel[]) => {
    found = models;
  };
  const onInspected = (path: string, inspection: Inspection) => void inspected.set(path, inspection);
  await inspectModels(entry, { stores, known, cacheFile }, { onFound, onInspected }, never);
  return { found, inspected };
}

it('finds and inspects the models of Ollama and of the hub', async () => {
  const folder = temporaryFolder();
  const gguf = readFileSync(starterGguf);
  const blob = addToOllama(join(folder, 'ollama'), 'registry.ollama.ai/library/own/latest', gguf);
  const snapshot = addToHub(join(folder, 'hub'), 'ada/own', {
    'own.gguf': gguf,
    'config.json': '{"model_type": "t5"}',
    'model.safetensors': 'x',
  });
  const stores: readonly ModelStore[] = [
    { program: 'Ollama', layout: 'ollama', folder: join(folder, 'ollama') },
    { program: 'Hugging Face', layout: 'hub', folder: join(folder, 'hub') },
  ];
  const box = { program: 'Sotto', name: 'box', path: starter, bytes: 0 };
  const { found, inspected } = await runProcess(stores, [box], join(folder, 'cache.json'));
  expect(found.map(({ program, name }) => `${program}: ${name}`)).toEqual([
    'Ollama: own:latest',
    'Hugging Face: ada/own',
    'Hugging Face: ada/own/own.gguf',
  ]);
  expect([...inspected.keys()]).toEqual([starter, blob, snapshot, join(snapshot, 'own.gguf')]);
  expect(inspected.get(blob)).toHaveProperty('facts');
  expect(inspected.get(join(snapshot, 'own.gguf'))).toHaveProperty('facts');
  expect(inspected.get(snapshot)).toEqual({
    cannotRun: expect.stringMatching(/^model_type: found "t5", an encoder-decoder/),
  });
});

it('remembers what it has read until the file changes', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'own.gguf');
  writeFileSync(path, readFileSync(starterGguf));
  const model = { program: 'P', name: 'own', path, bytes: 1 };
  const cacheFile = join(folder, 'cache.json');
  await runProcess([], [model], cacheFile);
  const cached = readFileSync(cacheFile, 'utf8');
  writeFileSync(cacheFile, cached.replace('"llama"', '"from the cache"'));
  const second = await runProcess([], [model], cacheFile);
  expect(second.inspected.get(path)).toMatchObject({ facts: { architecture: 'from the cache' } });
  utimesSync(path, new Date(), new Date(Date.now() + 5_000));
  const third = await runProcess([], [model], cacheFile);
  expect(third.inspected.get(path)).toMatchObject({ facts: { architecture: 'llama' } });
});

it('works without a place for its memory, and with a damaged one', async () => {
  const folder = temporaryFolder();
  const box = { program: 'Sotto', name: 'box', path: starter, bytes: 0 };
  expect((await runProcess([], [box], join(folder, 'none', 'cache.json'))).inspected.size).toBe(1);
  writeFileSync(join(folder, 'cache.json'), '{"a": [');
  expect((await runProcess([], [box], join(folder, 'cache.json'))).inspected.size).toBe(1);
  expect(existsSync(join(folder, 'cache.json'))).toBe(true);
});

it('ends when it is no longer wanted', async () => {
  const controller = new AbortController();
  const known = [{ program: 'Sotto', name: 'box', path: starter, bytes: 0 }];
  const listener = { onFound: () => controller.abort(), onInspected: () => expect.unreachable() };
  await inspectModels(entry, { stores: [], known, cacheFile: '' }, listener, controller.signal);
  expect(controller.signal.aborted).toBe(true);
});

it('says that its process has ended', async () => {
  const gone = join(temporaryFolder(), 'gone.js');
  const listener = { onFound: () => undefined, onInspected: () => undefined };
  await expect(
    inspectModels(gone, { stores: [], known: [], cacheFile: '' }, listener, never),
  ).rejects.toThrow("the inspection's process ended (1)");
});
