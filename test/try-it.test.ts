/** The sample that 'Try It' opens, with the bundled model. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSettings, snapshotOf } from '../src/cli/command-line';
import { decideScope } from '../src/completion/scope';
import { createSession } from '../src/session';
import { removeFolder } from './temporary-folder';

it('has one cursor, and a suggestion there that is right and likely enough to be shown while typing', async () => {
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
  const [before, after, ...rest] = readFileSync('media/try-it/queue.py', 'utf8').split('█');
  expect(rest).toEqual([]);
  const document = snapshotOf('try-it/queue.py', before!, after!);
  const settings = defaultSettings(process.cwd());
  const request = { document, trigger: 'manual', scope: decideScope(document), settings } as const;
  const { shown } = await session.completer.complete(request, new AbortController().signal);
  expect(shown?.text).toBe('listener(item)');
  expect(shown?.confidence).toBeGreaterThan(settings.minConfidence);
});
