import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalModel, readManifest } from '../../src/completion/local-model';
import { ModelFileError } from '../../src/files/model-file-error';
import { temporaryFolder } from '../temporary-folder';
import { createScriptedEngine } from './scripted-engine';

const good = { name: 'tiny', contextWindow: 384, weightBits: 8 };

/** A folder with this manifest. */
function folderOf(manifest: unknown): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'sotto.json'), JSON.stringify(manifest));
  return folder;
}

describe('sotto.json', () => {
  it('says what a model is', () => {
    expect(readManifest(folderOf(good))).toEqual(good);
  });

  it.each([
    ['weightBits', 5, 'found 5, expected 4, 8 or 32'],
    ['contextWindow', 63, 'found 63, expected a number from 64'],
    ['contextWindow', 384.5, 'found 384.5, expected a whole number'],
    ['name', undefined, 'found nothing, expected a string'],
  ])('is refused with %s %j', (field, value, problem) => {
    const folder = folderOf({ ...good, [field]: value });
    expect(() => readManifest(folder)).toThrow(ModelFileError);
    expect(() => readManifest(folder)).toThrow(`${join(folder, 'sotto.json')}: ${field}: ${problem}`);
  });
});

describe('a local model', () => {
  const engine = createScriptedEngine();
  const manifest = { name: 'tiny', contextWindow: 64 };

  it('fills in the middle where its vocabulary has the marks', async () => {
    const model = await openLocalModel('models/sotto-starter', manifest, engine);
    expect(model.layout.takesSuffix).toBe(true);
    expect(model.lineBreakIds).toContain(model.tokenizer.encode('\n')[0]);
    expect(model.engine).toBe(engine);
  });

  it('is given the prefix only where its vocabulary has none', async () => {
    const folder = folderOf(good);
    const kept = Array.from({ length: 256 }, (_, rank) => rank);
    writeFileSync(
      join(folder, 'vocab.json'),
      JSON.stringify({ base: 'p50k_base', special: ['<|endoftext|>'], kept }),
    );
    expect((await openLocalModel(folder, manifest, engine)).layout.takesSuffix).toBe(false);
  });

  it('needs its vocabulary', async () => {
    const folder = folderOf(good);
    await expect(openLocalModel(folder, manifest, engine)).rejects.toThrow(join(folder, 'vocab.json'));
  });
});
