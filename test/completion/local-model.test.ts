import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { createLocalModel, describeModel } from '../../src/completion/local-model';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
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
    expect(describeModel(folderOf(good))).toEqual(good);
  });

  it.each([
    ['weightBits', 5, 'found 5, expected 4, 8 or 32'],
    ['contextWindow', 63, 'found 63, expected a number from 64'],
    ['contextWindow', 384.5, 'found 384.5, expected a whole number'],
    ['name', undefined, 'found nothing, expected a string'],
  ])('is refused with %s %j', (field, value, problem) => {
    const folder = folderOf({ ...good, [field]: value });
    expect(() => describeModel(folder)).toThrow(ModelFileError);
    expect(() => describeModel(folder)).toThrow(`${join(folder, 'sotto.json')}: ${field}: ${problem}`);
  });
});

describe('a checkpoint that was not made for Sotto', () => {
  it.each([
    ['test/fixtures/gguf/smollm.gguf', 'smollm.gguf', 'stored'],
    ['test/fixtures/tiny-llama', 'tiny-llama', 8],
    ['test/fixtures/tiny-llama/', 'tiny-llama', 8],
  ])('%s is called %s', (path, name, weightBits) =>
    expect(describeModel(path)).toEqual({ name, contextWindow: 2048, weightBits }),
  );

  it('must be there', () => {
    const path = join(temporaryFolder(), 'not.gguf');
    expect(() => describeModel(path)).toThrow(ModelFileError);
    expect(() => describeModel(path)).toThrow(`${path}: file: is not there`);
  });
});

describe('a local model', () => {
  const engine = createScriptedEngine();

  it('fills in the middle where its vocabulary has the marks', async () => {
    const tokenizer = await loadTokenizer('models/sotto-starter');
    const model = createLocalModel('tiny', tokenizer, engine, 64);
    expect(model.layout.takesSuffix).toBe(true);
    expect(model.lineBreakIds).toContain(tokenizer.encode('\n')[0]);
    expect(model).toMatchObject({ name: 'tiny', engine, contextWindow: 64 });
  });

  it('is given the prefix only where its vocabulary has none', () =>
    expect(createLocalModel('tiny', createByteTokenizer([]), engine, 64).layout.takesSuffix).toBe(false));

  it('is spared prompts that end inside a word', () => {
    const { heal } = createLocalModel('tiny', createByteTokenizer(), engine, 64);
    expect(heal?.('a.li')).toMatchObject({ kept: 'a.', typed: 'li' });
  });
});
