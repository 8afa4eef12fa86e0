import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { temporaryFolder } from '../temporary-folder';

/** p50k's first 256 ranks are the single bytes. */
const bytes = Array.from({ length: 256 }, (_, rank) => rank);
const good = { base: 'p50k_base', special: ['<|endoftext|>'], kept: bytes };

async function check(content: string, field: string, problem: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'vocab.json'), content);
  const fault = await loadTokenizer(folder).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(ModelFileError);
  expect((fault as ModelFileError).message).toContain(`${join(folder, 'vocab.json')}: ${field}: ${problem}`);
}

describe('vocab.json', () => {
  it('makes a tokenizer', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'vocab.json'), JSON.stringify(good));
    expect((await loadTokenizer(folder)).vocabulary).toBe(257);
  });

  it('is named where it is missing', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'vocab.json');
    await expect(loadTokenizer(folder)).rejects.toThrow(`${path}: file: cannot be read (ENOENT)`);
  });

  it('is JSON', () => check('{"base":', 'file', 'is not JSON'));
  it('is an object', () => check('[1]', 'file', 'expected a JSON object'));

  it.each([
    [
      { ...good, base: 'cl100k_base' },
      'base',
      'found "cl100k_base", expected one of r50k_base, p50k_base, p50k_edit',
    ],
    [{ kept: bytes, special: [] }, 'base', 'found nothing, expected one of r50k_base, p50k_base, p50k_edit'],
    [{ ...good, special: [1] }, 'special', 'found [1], expected a list of names'],
    [{ ...good, special: 'all' }, 'special', 'found "all", expected a list of names'],
    [{ ...good, kept: ['a'] }, 'kept', 'found ["a"], expected a list of ranks'],
    [{ base: 'p50k_base', special: [] }, 'kept', 'found nothing, expected a list of ranks'],
    [{ ...good, kept: [...bytes, 7] }, 'kept', 'rank 7 is named twice'],
    [{ ...good, kept: [...bytes, 50_256] }, 'kept', "rank 50256 is not one of p50k's"],
    [{ ...good, kept: bytes.slice(0, -2) }, 'kept', 'only 254 of the 256 single bytes are kept'],
  ])('is refused as %j', (content, field, problem) => check(JSON.stringify(content), field, problem));
});
