import { describe, expect, it } from 'vitest';
import { readingMs } from '../../src/completion/prepare-next';
import { type Answer, end, prefill, says, tokens } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

describe('while the user reads a suggestion,', () => {
  it('the next answer is prepared, and shown without the model when the suggestion is accepted', async () => {
    const { at, read, engine } = startTyping(says('foo('), says('bar);'));
    expect(await at('a = █')).toBe('model: a = foo(█');
    await read();
    expect(await at('a = foo(█')).toBe('prepared: a = foo(bar);█');
    expect(engine.requests).toHaveLength(2);
  });

  it('the line below is prepared if nothing follows on this line', async () => {
    const { at, read, prompts } = startTyping(says('foo();'), says('\n', 'last-token'), says('bar();'));
    await at('{\n  █\n}');
    await read();
    expect(await at('{\n  foo();█\n}')).toBeUndefined();
    expect(await at('{\n  foo();\n  █\n}')).toBe('prepared: {\n  foo();\n  bar();█\n}');
    const head = '<|fim_prefix|><|fim_suffix|>\n}<|fim_middle|><|path|>src/sample.ts\n{\n  ';
    expect(prompts()).toEqual([head, `${head}foo();`, `${head}foo();\n  `]);
  });

  it('the line below is not prepared if something follows on this line', async () => {
    const { at, read, engine } = startTyping(says('foo'), says('.bar();'));
    await at('a = █');
    await read();
    expect(engine.requests).toHaveLength(2);
  });

  it('the prepared prompt does not have the text that the suggestion replaces', async () => {
    const { at, read, prompts } = startTyping(says('1);'), says(''), says('b'));
    expect(await at('foo(█)')).toBe('model: foo(1);█');
    await read();
    expect(prompts().slice(1)).toEqual([
      '<|path|>src/sample.ts\nfoo(1);',
      '<|path|>src/sample.ts\nfoo(1);\n',
    ]);
  });

  it.each([
    ['after an opening bracket', 'if (█\n}', 'a) {'],
    ['if that would break a line', 'foo(█);', 'abc'],
  ])('the line below is not prepared %s', async (_, text, said) => {
    const { at, read, engine } = startTyping(says(said), says(''));
    await at(text);
    await read();
    expect(engine.requests).toHaveLength(2);
  });

  it('the user can still type the suggestion along', async () => {
    const { at, read } = startTyping(says('foo('), says('bar);'));
    await at('a = █');
    await read();
    expect(await at('a = f█')).toBe('typed-along: a = foo(█');
    expect(await at('a = █')).toBe('typed-along: a = foo(█');
  });
});

describe('nothing is prepared', () => {
  it.each([
    ['before the user had time to read', 'foo(', readingMs - 1],
    ['if nothing is shown', '', readingMs],
  ])('%s', async (_, said, ms) => {
    const { at, read, engine, completer } = startTyping(says(said));
    await at('a = █');
    const reading = read(ms);
    await new Promise(setImmediate);
    completer.forget();
    await reading;
    expect(engine.requests).toHaveLength(1);
  });

  it('twice', async () => {
    const { at, read, engine } = startTyping(says('foo('), says('bar);'));
    await at('a = █');
    await read();
    await at('a = f█');
    await read();
    expect(engine.requests).toHaveLength(2);
  });

  it('if the text goes on with words that were too unlikely to be shown', async () => {
    const unsure: Answer = function* ({ ids }) {
      yield prefill(ids.length);
      yield* tokens('foo(');
      yield* tokens('bar').map(token => ({ ...token, logProb: -5 }));
      yield end('end-token');
    };
    const { at, read, engine } = startTyping(unsure);
    expect(await at('a = █')).toBe('model: a = foo(█');
    await read();
    expect(engine.requests).toHaveLength(1);
  });

  it('if the window would move, and the window stays', async () => {
    const line = '0123456\n';
    const settings = { ...testSettings, contextTokens: 110 };
    const { at, read, prompts } = startTyping(says('abcdefg\nhijklmn\nopqrst'), says('a'));
    const text = line.repeat(11);
    expect(await at(`${text}█`, { settings, scope: 'block' })).toMatch(/opqrst█$/);
    await read();
    expect(prompts()).toHaveLength(1);
    await at(`${text}b█`, { settings, trigger: 'manual' });
    expect(prompts()[1]).toBe(`${prompts()[0]}b`);
  });

  it('if the answer runs out of time', async () => {
    const { at, read } = startTyping(says('foo'), says('.ba', 'max-time'), says('.bar();'));
    await at('a = █');
    await read();
    expect(await at('a = foo█', { trigger: 'manual' })).toBe('model: a = foo.bar();█');
  });

  it('if the next request would be refused', async () => {
    const { at, read, engine } = startTyping(says('a'));
    await at('foo(█bar)', { trigger: 'manual' });
    await read();
    expect(engine.requests).toHaveLength(1);
  });
});

describe('the next key', () => {
  /** Calls `act` after the first token. */
  const saysWhile = (text: string, act: () => void): Answer =>
    function* ({ ids }) {
      yield prefill(ids.length);
      yield* tokens(text.slice(0, 1));
      act();
      yield* tokens(text.slice(1));
      yield end('end-token');
    };

  it('stops the preparation', async () => {
    let key: Promise<unknown> | undefined;
    const typing = startTyping(
      says('foo('),
      saysWhile('bar);', () => {
        key = typing.at('a = fx█', { trigger: 'manual' });
      }),
      says('yz'),
    );
    const { at, read, engine } = typing;
    await at('a = █');
    await read();
    expect(await key).toBe('model: a = fxyz█');
    expect(engine.stopped).toEqual([false, true, false]);
    expect(await at('a = foo(█', { trigger: 'manual' }).catch(String)).toMatch('request 4 was not expected');
  });

  it('stops it even if no suggestion is wanted', async () => {
    let key: Promise<unknown> | undefined;
    const typing = startTyping(
      says('foo('),
      saysWhile('bar);', () => {
        key = typing.at('a = x█y');
      }),
    );
    await typing.at('a = █');
    await typing.read();
    expect(await key).toBeUndefined();
    expect(typing.engine.stopped).toEqual([false, true]);
  });

  it('waits for it if it asks for the same answer', async () => {
    let key: Promise<unknown> | undefined;
    const typing = startTyping(
      says('foo('),
      saysWhile('bar);', () => {
        key = typing.at('a = foo(█');
      }),
    );
    await typing.at('a = █');
    await typing.read();
    expect(await key).toBe('prepared: a = foo(bar);█');
    expect(typing.engine.requests).toHaveLength(2);
  });

  it('lets the preparation of the line below finish if it accepts the suggestion', async () => {
    let key: Promise<unknown> | undefined;
    const typing = startTyping(
      says('foo();'),
      says(''),
      saysWhile('bar();', () => {
        key = typing.at('a;\nfoo();█');
      }),
    );
    await typing.at('a;\n█');
    await typing.read();
    expect(await key).toBeUndefined();
    expect(typing.engine.stopped).toEqual([false, false, false]);
    expect(await typing.at('a;\nfoo();\n█')).toBe('prepared: a;\nfoo();\nbar();█');
  });
});
