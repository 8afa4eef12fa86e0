/** Prepared answers with the bundled model in its real process. */

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/common/clock';
import { createCompleter } from '../../src/completion/completer';
import { decideScope } from '../../src/completion/scope';
import { createSession } from '../../src/session';
import { accept, place } from '../notation';
import { temporaryFolder } from '../temporary-folder';
import { testSettings } from './settings-for-test';

const root = join(__dirname, '../..');
const ignore = () => undefined;
const text = `export function total(items: number[]): number {
  let total = 0;
  for (let i = 0; i < items.length; i++) {
    total += items[█
  }
  return total;
}
`;

function openModel() {
  const graphsFolder = temporaryFolder();
  const options = { root, modelPath: ignore, graphsFolder, threads: () => 1 };
  const session = createSession({ ...options, log: ignore, onStatus: ignore, onFault: ignore });
  onTestFinished(() => session.dispose());
  return session.openModel;
}

/** A user for whom every wait takes no time. */
function startTyping(open: ReturnType<typeof openModel>) {
  const completer = createCompleter({ openModel: open, clock: { ...systemClock, sleep: async () => {} } });
  const settings = { ...testSettings, minConfidence: 0, copies: false };
  const { signal } = new AbortController();
  return async (at: string, isRead: boolean) => {
    const document = place(at);
    const request = { document, trigger: 'automatic', scope: decideScope(document), settings } as const;
    const { shown, report } = await completer.complete(request, signal);
    if (isRead && shown) await completer.prepareNext(request, shown);
    return { completion: shown, report };
  };
}

it('a key that was not prepared for finds as much in the KV cache as without preparation', async () => {
  const open = openModel();
  const reports = [];
  for (const isRead of [false, true]) {
    const at = startTyping(open);
    const { completion } = await at(text, isRead);
    expect(completion?.text).toBe('i];');
    const { report } = await at(text.replace('█', 'z█'), false);
    reports.push(report);
  }
  const [without, after] = reports;
  expect(after!.cachedTokens).toBe(without!.cachedTokens);
  expect(after!.promptTokens - after!.cachedTokens).toBeLessThanOrEqual(2);
});

it('a prepared answer is the same as the answer without preparation', async () => {
  const open = openModel();
  const prepared = startTyping(open);
  const start = 'import a from "a";\nimport b from "b";\nimport c from █';
  const { completion } = await prepared(start, true);
  const accepted = accept(place(start), completion!);
  const line = accepted.replace('█', '\n█');
  const found = [];
  for (const at of [prepared, startTyping(open)]) {
    await at(accepted, false);
    found.push((await at(line, false)).completion);
  }
  expect(found.map(shown => shown?.source)).toEqual(['prepared', 'model']);
  expect(found[0]!.text).toBe(found[1]!.text);
});
