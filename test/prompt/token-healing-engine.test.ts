/**
 * Token healing with a real model in its process: the bundled model without its marks, so that it sees only the prefix.
 */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/common/clock';
import { createLocalModel } from '../../src/completion/local-model';
import { createModelSources } from '../../src/completion/sources/model';
import type { Candidate } from '../../src/completion/sources/source';
import { createSession } from '../../src/session';
import { testSettings } from '../completion/settings-for-test';
import { place } from '../notation';
import { temporaryFolder } from '../temporary-folder';

const root = join(__dirname, '../..');
const ignore = () => undefined;
const text = `export class Emitter {
  private readonly listeners = new Map<string, Listener>();

  add(name: string, listener: Listener): void {
    this.listeners.set(name, listener);
  }

  remove(name: string): void {
    this.lis█
  }
}
`;

/** Asks at each cursor in turn. */
async function answersAt(...texts: readonly string[]): Promise<Candidate[]> {
  const options = { root, modelPath: ignore, graphsFolder: temporaryFolder(), threads: () => 1 };
  const session = createSession({ ...options, log: ignore, onStatus: ignore, onFault: ignore });
  onTestFinished(() => session.dispose());
  const openModel = async () => {
    const model = await session.openModel();
    const tokenizer = { ...model.tokenizer, special: ignore };
    return createLocalModel(model, tokenizer, model.engine, model.contextWindow);
  };
  const { ask } = createModelSources(openModel, systemClock);
  const answers: Candidate[] = [];
  for (const at of texts) {
    const request = {
      document: place(at),
      trigger: 'manual',
      scope: 'line',
      settings: testSettings,
    } as const;
    const found = await ask(request, new AbortController().signal);
    if ('source' in found) answers.push(found);
  }
  return answers;
}

it('finishes the word, and more letters of the word find the whole prompt in the KV cache', async () => {
  const typed = ['lis', 'list', 'listeners'];
  const answers = await answersAt(...typed.map(letters => text.replace('lis█', `${letters}█`)));
  const word = (index: number) => typed[index]! + /^\w*/.exec(answers[index]!.words.text)![0];
  expect(typed.map((_, index) => word(index))).toEqual(typed.map(() => 'listeners'));
  const [first, ...others] = answers.map(({ report }) => report!);
  for (const { promptTokens, cachedTokens } of others)
    expect({ promptTokens, cachedTokens }).toEqual({
      promptTokens: first!.promptTokens,
      cachedTokens: first!.promptTokens,
    });
});

it('continues an indented line, although the indentation and the next word share a token', async () => {
  const [answer] = await answersAt(text.replace('this.lis█', '█'));
  expect(answer!.words.text).toMatch(/^this\.listeners\.\w+\(name\b/);
});
