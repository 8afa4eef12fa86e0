import { describe, expect, it } from 'vitest';
import { end, prefill, says, tokens } from './scripted-engine';
import { startTyping } from './typing';

const isRead = says('x', 'max-tokens');

describe('where the cursor rests,', () => {
  it('the model reads what the next key asks, and writes one token', async () => {
    const { rest, at, prompts, engine } = startTyping(isRead, says('foo();'));
    expect(await rest('a = █')).toBeDefined();
    expect(await at('a = █')).toBe('model: a = foo();█');
    const [read, asked] = prompts();
    expect(read).toBe(asked);
    expect(engine.requests.map(({ stopping }) => stopping.maxTokens)).toEqual([1, 64]);
  });

  it('a place is read once', async () => {
    const { rest, engine } = startTyping(isRead, isRead);
    for (const place of ['a = █', 'a = █', 'a =█']) await rest(place);
    expect(engine.requests).toHaveLength(2);
  });

  it('nothing is read where the last request was made', async () => {
    const { at, rest, engine } = startTyping(says('foo();'));
    await at('a = █');
    expect(await rest('a = █')).toBeUndefined();
    expect(engine.requests).toHaveLength(1);
  });

  it('nothing is read in a document that the model must not see, nor where nothing would be suggested', async () => {
    const { rest, opened } = startTyping();
    expect(await rest('a = █', { refusal: 'ignored' })).toBeUndefined();
    expect(await rest('a = █', { uri: 'file:///.env', path: '.env' })).toBeUndefined();
    expect(await rest('a = █word')).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('a key stops the reading', async () => {
    let typed: Promise<string | undefined> | undefined;
    const typing = startTyping(function* ({ ids }) {
      typed = typing.at('a = b█');
      yield prefill(ids.length);
      yield* tokens('x');
      yield end('max-tokens');
    }, says('cde();'));
    expect(await typing.rest('a = █')).toBeUndefined();
    expect(await typed).toBe('model: a = bcde();█');
    expect(typing.engine.stopped[0]).toBe(true);
  });
});
