import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isForTuning, readTexts } from '../../../bench/corpus/source-texts';
import { temporaryFolder } from '../../temporary-folder';

it('tells files of the tuning repositories from all others', () => {
  const file = join(temporaryFolder(), 'files.jsonl');
  const lines = [
    { repo: 'cli/cli', path: 'a.go', text: 'package a' },
    { repo: 'pydata/xarray', path: 'b.py', text: 'import b' },
    { path: 'c.ts', text: 'import c' },
  ];
  writeFileSync(file, lines.map(line => JSON.stringify(line)).join('\n'));
  const tuning = readTexts([file]).map(source => [source.path, isForTuning(source)]);
  expect(tuning).toEqual([
    ['a.go', true],
    ['b.py', false],
    ['c.ts', false],
  ]);
});
