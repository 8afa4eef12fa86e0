import { describe, expect, it } from 'vitest';
import { createCompleter } from '../../src/completion/completer';
import type { TraceEvent } from '../../src/completion/request';
import { place } from '../notation';
import { createFakeClock } from './fake-clock';
import { end, prefill, says, tokens } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping, type TypingOptions } from './typing';

describe('a keystroke', () => {
  it('shows the text that the model writes', async () => {
    const { at, prompts } = startTyping(says('foo();\n', 'last-token'));
    expect(await at('const x = █\nbar();')).toBe('model: const x = foo();█\nbar();');
    expect(prompts()).toEqual([
      '<|fim_prefix|><|fim_suffix|>\nbar();<|fim_middle|><|path|>src/sample.ts\nconst x = ',
    ]);
  });

  it('shows the model a piece of another file that is similar to the code at the cursor', async () => {
    const { at, prompts } = startTyping(says('cart);\n'));
    const otherFiles = () => [{ uri: 'cart', path: 'src/cart.ts', text: 'sumPrices(cart);\n'.repeat(2) }];
    const settings = { ...testSettings, otherFiles: 'always', copies: false } as const;
    await at('const x = sumPrices(█', { otherFiles, settings });
    expect(prompts()).toEqual([
      '<|path|>src/cart.ts\nsumPrices(cart);\nsumPrices(cart);\n<|endoftext|><|path|>src/sample.ts\nconst x = sumPrices(',
    ]);
  });

  it('says why nothing is shown', async () => {
    const unsure = { settings: { ...testSettings, minConfidence: 0.99 } };
    const why = async (text: string, answer: string, options: TypingOptions = {}) =>
      startTyping(says(answer)).outcome(text, options);
    expect(await why('const x = █y', '')).toEqual({ why: 'before-word' });
    expect(await why('a = █', '')).toMatchObject({ why: 'model-silent' });
    expect(await why('a = █', 'foo', unsure)).toMatchObject({ why: 'not-sure' });
    expect(await why('foo();\n█\nbar();', 'bar();')).toMatchObject({ why: { filter: 'dropBlank' } });
    expect(await why('a = █', 'foo', { signal: AbortSignal.abort() })).toEqual({ why: 'newer-key' });
    const failing = startTyping(says('', 'failed'));
    expect(await failing.outcome('a = █')).toEqual({ why: 'engine-failed' });
  });

  it('does not open the model if no suggestion is wanted', async () => {
    const { at, opened } = startTyping();
    expect(await at('const x = █y')).toBeUndefined();
    expect(await at('const x = █', { languageId: 'markdown' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('does not open the model for a file that may hold secrets, even if the user asks', async () => {
    const { at, opened } = startTyping();
    for (const trigger of ['automatic', 'manual'] as const)
      expect(await at('TOKEN=█', { path: 'app/.env', trigger, scope: 'block' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('does not open the model if the editor refuses', async () => {
    const { at, opened } = startTyping();
    expect(await at('a = █', { refusal: 'ignored', trigger: 'manual' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('suggests a block in an empty block, and ends where the block ends', async () => {
    const { at, engine } = startTyping(says('a();\n  b();\n}\n\nfunction g() {'));
    expect(await at('function f() {\n  █\n}')).toBe('model: function f() {\n  a();\n  b();█\n}');
    expect(engine.leftEarly).toBe(1);
  });

  it('suggests a block if the request asks for one', async () => {
    const { at } = startTyping(says('1;\nconst y = 2;'));
    expect(await at('const x = █', { scope: 'block' })).toBe('model: const x = 1;\nconst y = 2;█');
  });

  it('drops the unfinished line of a block that ran out of tokens', async () => {
    const { at } = startTyping(says('a();\n  b(', 'max-tokens'));
    expect(await at('f() {\n  █\n}')).toBe('model: f() {\n  a();█\n}');
  });

  it('keeps a line that ran out of tokens', async () => {
    const { at } = startTyping(says('foo(bar', 'max-tokens'));
    expect(await at('const x = █')).toBe('model: const x = foo(bar█');
  });

  it('fits the suggestion to the rest of the line', async () => {
    const { at } = startTyping(says('a, b);\n'));
    expect(await at('foo(█)')).toBe('model: foo(a, b);█');
  });

  it('shows nothing if the filters leave nothing', async () => {
    const { at } = startTyping(says('bar();\n'));
    expect(await at('foo();\n█\nbar();')).toBeUndefined();
  });

  it('traces the text of the model before the filters', async () => {
    const events: TraceEvent[] = [];
    const { outcome } = startTyping(says('a, b)'));
    const { report } = await outcome('foo(█)', { trace: event => events.push(event) });
    expect(events.flatMap(event => (event.step === 'generated' ? event.result.text : []))).toEqual(['a, b)']);
    expect(report?.generatedTokens).toBe(5);
  });

  it('reports the run even if nothing is shown', async () => {
    const { outcome } = startTyping(says('bar();'));
    expect((await outcome('foo();\n█\nbar();')).report?.generatedTokens).toBe(6);
  });

  it('shows an unlikely answer only if the user asks', async () => {
    const settings = { ...testSettings, minConfidence: 0.99 };
    const { at } = startTyping(says('foo()'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', { settings, trigger: 'manual' })).toBe('typed-along: a = foo()█');
  });

  it('does not ask the model again after an unlikely answer', async () => {
    const settings = { ...testSettings, minConfidence: 0.99 };
    const { at, engine } = startTyping(says('foo()'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(engine.requests).toHaveLength(1);
  });

  it('throws the error of the engine', async () => {
    const { at } = startTyping();
    await expect(at('const x = █')).rejects.toThrow('request 1 was not expected');
  });
});

describe('nothing is shown', () => {
  it('when the request is aborted while it waits for the next key, and nothing is remembered', async () => {
    const { at, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █');
    const controller = new AbortController();
    const waiting = at('b = █', { signal: controller.signal });
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(engine.requests).toHaveLength(1);
    expect(await at('b = █', { trigger: 'manual' })).toBe('model: b = bar█');
  });

  it('when the request is aborted while the model writes, and the text is not remembered', async () => {
    const controller = new AbortController();
    const { at } = startTyping(function* () {
      yield prefill(1);
      yield* tokens('old');
      controller.abort();
      yield* tokens(' text');
      yield end('aborted');
    }, says('new text'));
    expect(await at('const x = █', { signal: controller.signal })).toBeUndefined();
    expect(await at('const x = █', { trigger: 'manual' })).toBe('model: const x = new text█');
  });

  it('when the engine fails, and the text is not remembered', async () => {
    const { at } = startTyping(says('old', 'failed'), says('new'));
    expect(await at('const x = █')).toBeUndefined();
    expect(await at('const x = █', { trigger: 'manual' })).toBe('model: const x = new█');
  });

  it('when the request is aborted while the model opens, even if that never ends', async () => {
    const openModel = () => new Promise<never>(() => undefined);
    const completer = createCompleter({ openModel, clock: createFakeClock() });
    const controller = new AbortController();
    const request = {
      document: place('a = █'),
      trigger: 'manual',
      scope: 'line',
      settings: testSettings,
    } as const;
    const waiting = completer.complete(request, controller.signal);
    controller.abort();
    expect(await waiting).toEqual({ why: 'newer-key' });
  });

  it('when the request was aborted before it started', async () => {
    const { at, opened } = startTyping();
    expect(await at('const x = █', { signal: AbortSignal.abort() })).toBeUndefined();
    expect(opened()).toBe(0);
  });
});

describe('the wait for the next key', () => {
  /** The first run takes 60 ms. After a very short run there would be no wait. */
  function startSlow() {
    const typing = startTyping(function* (request) {
      typing.clock.advance(60);
      yield* says('foo')(request);
    }, says('bar'));
    return typing;
  }

  it('does not happen before the first run, and then is as long as that run', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(clock.sleeps).toEqual([]);
    const second = at('b = █');
    await new Promise(setImmediate);
    expect(clock.sleeps).toEqual([60]);
    clock.advance(60);
    expect(await second).toBe('model: b = bar█');
  });

  it('also happens after the user has typed a suggestion along', async () => {
    const { at, clock } = startTyping(function* (request) {
      clock.advance(60);
      yield* says('fooBarBaz')(request);
    }, says('bar'));
    await at('a = █');
    for (const typed of ['f', 'fo', 'foo', 'fooB', 'fooBa']) {
      clock.advance(150);
      await at(`a = ${typed}█`);
    }
    clock.advance(150);
    const other = at('a = fooBax█');
    await new Promise(setImmediate);
    expect(clock.sleeps).toEqual([60]);
    clock.advance(60);
    expect(await other).toBe('model: a = fooBaxbar█');
  });

  it('does not happen if the user asks', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(await at('b = █', { trigger: 'manual' })).toBe('model: b = bar█');
    expect(clock.sleeps).toEqual([]);
  });

  it('does not happen if the suggestion is known', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(await at('a = f█')).toBe('typed-along: a = foo█');
    expect(clock.sleeps).toEqual([]);
  });
});
