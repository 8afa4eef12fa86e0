import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBatch } from '../../src/cli/batch';

import { UsageError } from '../../src/cli/command-line';
import type { Completer } from '../../src/completion/completer';
import type { CompletionRequest, Outcome } from '../../src/completion/request';

import { testSettings } from '../completion/settings-for-test';
import { temporaryFile } from '../temporary-folder';

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed.push(line);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Answers each case with its prefix in capitals, and nothing to an empty one. */
function shouting(requests: CompletionRequest[] = []): Pick<Completer, 'completeAnew'> {
  return {
    async completeAnew(request): Promise<Outcome> {
      requests.push(request);
      const { prefix } = request.document;
      if (prefix === '') return { why: 'model-silent' };
      const shown = {
        text: prefix.toUpperCase(),
        replaceAfter: 0,
        confidence: 0.9,
        source: 'model',
      } as const;
      return { shown, report };
    },
  };
}

const report = {
  promptTokens: 1,
  cachedTokens: 0,
  generatedTokens: 7,
  prefillMs: 1,
  totalMs: 2,
  stopReason: 'scope-end',
} as const;

const good = { id: 'a', path: 'src/a.ts', prefix: 'x', suffix: '\n' };

describe('--batch', () => {
  it('prints a line of JSON for each case', async () => {
    const cases = [good, { ...good, id: 2, prefix: 'foo' }, { ...good, id: 'none', prefix: '' }];
    const lines = cases.map(each => JSON.stringify(each)).join('\n');
    await runBatch(temporaryFile('cases.jsonl', `${lines}\n\n`), shouting(), testSettings);
    expect(printed.map(line => JSON.parse(line))).toEqual([
      { id: 'a', text: 'X', replaceAfter: 0, tokens: 7, ms: expect.any(Number) },
      { id: 2, text: 'FOO', replaceAfter: 0, tokens: 7, ms: expect.any(Number) },
      { id: 'none', text: '', replaceAfter: 0, tokens: 0, ms: expect.any(Number) },
    ]);
  });

  it('asks the model for each case again, with a document of its own', async () => {
    const requests: CompletionRequest[] = [];
    const lines = `${JSON.stringify(good)}\n${JSON.stringify({ ...good, id: 'b' })}\n`;
    await runBatch(temporaryFile('cases.jsonl', lines), shouting(requests), testSettings);
    expect(new Set(requests.map(({ document }) => document.uri)).size).toBe(2);
    expect(requests.map(({ document }) => document.path)).toEqual(['src/a.ts', 'src/a.ts']);
  });
});

describe('a wrong case', () => {
  /** `line` is the second of the file. */
  async function check(line: string, problem: string) {
    const file = temporaryFile('cases.jsonl', `${JSON.stringify(good)}\n${line}\n`);
    await expect(runBatch(file, shouting(), testSettings)).rejects.toThrow(
      new UsageError(`${file}:2: ${problem}`),
    );
    expect(printed).toHaveLength(1);
  }

  it('that is not JSON is named by its line', () => check('{"id":', 'is not JSON'));
  it.each(['path', 'prefix', 'suffix'])('must have a %s', field =>
    check(JSON.stringify({ ...good, [field]: undefined }), `${field}: expected a string`),
  );
  it('must have text as its prefix', () =>
    check(JSON.stringify({ ...good, prefix: 1 }), 'prefix: expected a string'));
  it('must have an id', () =>
    check(JSON.stringify({ ...good, id: undefined }), 'id: expected a string or number'));
  it.each(['null', '1', '[]', '"a"'])('must be an object, not %s', line =>
    check(line, 'path: expected a string'),
  );
});

describe('a wrong file', () => {
  it('is named if it is missing', () =>
    expect(runBatch('/no/such.jsonl', shouting(), testSettings)).rejects.toThrow(
      new UsageError('/no/such.jsonl: no such file'),
    ));
  it('is named if it is a folder', () => {
    const folder = dirname(temporaryFile('a.jsonl', ''));
    return expect(runBatch(folder, shouting(), testSettings)).rejects.toThrow(
      new UsageError(`${folder}: cannot be read (EISDIR)`),
    );
  });
});
