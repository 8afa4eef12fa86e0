/** The sample that 'Try It' opens, with the bundled model. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSettings, snapshotOf } from '../src/cli/command-line';
import { decideScope } from '../src/completion/scope';
import { createSession } from '../src/session';
import { removeFolder } from './temporary-folder';

const samples = ['media/try-it/queue.py', 'media/try-it/queue.zh-cn.py'];

it.each(samples)(
  '%s has one cursor, and a suggestion there that is right and likely enough to be shown while typing',
  async path => {
    const graphsFolder = mkdtempSync(join(tmpdir(), 'sotto-graphs-'));
    const ignore = () => undefined;
    const session = createSession({
      root: process.cwd(),
      modelPath: ignore,
      graphsFolder,
      threads: () => 1,
      log: ignore,
      onStatus: ignore,
      onFault: ignore,
    });
    onTestFinished(() => {
      session.dispose();
      removeFolder(graphsFolder);
    });
    const [before, after, ...rest] = readFileSync(path, 'utf8').split('█');
    expect(rest).toEqual([]);
    const document = snapshotOf('try-it/queue.py', before!, after!);
    const settings = defaultSettings(process.cwd());
    const request = { document, trigger: 'manual', scope: decideScope(document), settings } as const;
    const { shown } = await session.completer.complete(request, new AbortController().signal);
    expect(shown?.text).toBe('listener(item)');
    expect(shown?.confidence).toBeGreaterThan(settings.minConfidence);
  },
);

it('has the same code in each language', () => {
  const [english, chinese] = samples.map(path => readFileSync(path, 'utf8').replaceAll(/^#.*$/gm, '#'));
  expect(chinese).toBe(english);
});
