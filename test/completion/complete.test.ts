import { describe, expect, it } from 'vitest';
import { createCompleter } from '../../src/completion/completer';
import type { TraceEvent } from '../../src/completion/request';
import { place } from '../notation';
import { createFakeClock } from './fake-clock';
import { end, prefill, says, tokens } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping, type TypingOptions } from './typing';

describe('a keystroke', () => {
  it('shows what the model says', async () => {
    const { at, prompts } = startTyping(says('foo();\n', 'last-token'));
    expect(await at('const x = █\nbar();')).toBe('model: const x = foo();█\nbar();');
    expect(prompts()).toEqual([
      '<|fim_prefix|><|fim_suffix|>\nbar();<|fim_middle|><|path|>src/sample.ts\nconst x = ',
    ]);
  });

  it('shows the model what other files have that is like the code at the cursor', async () => {
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

  it('does not open the model where nothing is wanted', async () => {
    const { at, opened } = startTyping();
    expect(await at('const x = █y')).toBeUndefined();
    expect(await at('const x = █', { languageId: 'markdown' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('does not open the model for a file that may hold secrets, whoever asks and for whatever length', async () => {
    const { at, opened } = startTyping();
    for (const trigger of ['automatic', 'manual'] as const)
      expect(await at('TOKEN=█', { path: 'app/.env', trigger, scope: 'block' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('does not open the model where the editor knows better', async () => {
    const { at, opened } = startTyping();
    expect(await at('a = █', { refusal: 'ignored', trigger: 'manual' })).toBeUndefined();
    expect(opened()).toBe(0);
  });

  it('asks for a block in an empty block, and cuts it at its end', async () => {
    const { at, engine } = startTyping(says('a();\n  b();\n}\n\nfunction g() {'));
    expect(await at('function f() {\n  █\n}')).toBe('model: function f() {\n  a();\n  b();█\n}');
    expect(engine.leftEarly).toBe(1);
  });

  it('asks for as much as the caller says', async () => {
    const { at } = startTyping(says('1;\nconst y = 2;'));
    expect(await at('const x = █', { scope: 'block' })).toBe('model: const x = 1;\nconst y = 2;█');
  });

  it('drops the half line of a block that was cut short', async () => {
    const { at } = startTyping(says('a();\n  b(', 'max-tokens'));
    expect(await at('f() {\n  █\n}')).toBe('model: f() {\n  a();█\n}');
  });

  it('keeps a line that was cut short', async () => {
    const { at } = startTyping(says('foo(bar', 'max-tokens'));
    expect(await at('const x = █')).toBe('model: const x = foo(bar█');
  });

  it('fits the suggestion to the rest of the line', async () => {
    const { at } = startTyping(says('a, b);\n'));
    expect(await at('foo(█)')).toBe('model: foo(a, b);█');
  });

  it('shows nothing where the filters leave nothing', async () => {
    const { at } = startTyping(says('bar();\n'));
    expect(await at('foo();\n█\nbar();')).toBeUndefined();
  });

  it('tells what the model wrote before the filters', async () => {
    const events: TraceEvent[] = [];
    const { outcome } = startTyping(says('a, b)'));
    const { report } = await outcome('foo(█)', { trace: event => events.push(event) });
    expect(events.flatMap(event => (event.step === 'generated' ? event.result.text : []))).toEqual(['a, b)']);
    expect(report?.generatedTokens).toBe(5);
  });

  it('tells of the run even if nothing is shown', async () => {
    const { outcome } = startTyping(says('bar();'));
    expect((await outcome('foo();\n█\nbar();')).report?.generatedTokens).toBe(6);
  });

  it('shows nothing that the model is not sure of, but to a user who asks', async () => {
    const settings = { ...testSettings, minConfidence: 0.99 };
    const { at } = startTyping(says('foo()'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', { settings, trigger: 'manual' })).toBe('typed-along: a = foo()█');
  });

  it('shows nothing twice that the model is not sure of, and does not ask it again', async () => {
    const settings = { ...testSettings, minConfidence: 0.99 };
    const { at, engine } = startTyping(says('foo()'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(engine.requests).toHaveLength(1);
  });

  it('throws what the engine throws', async () => {
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

  it('when the request is aborted while the model writes, and none of it is remembered', async () => {
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

  it('when the engine failed, and none of it is remembered', async () => {
    const { at } = startTyping(says('old', 'failed'), says('new'));
    expect(await at('const x = █')).toBeUndefined();
    expect(await at('const x = █', { trigger: 'manual' })).toBe('model: const x = new█');
  });

  it('when the request is aborted while the model is being opened, however long that takes', async () => {
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

  it('when the request was aborted before', async () => {
    const { at, opened } = startTyping();
    expect(await at('const x = █', { signal: AbortSignal.abort() })).toBeUndefined();
    expect(opened()).toBe(0);
  });
});

describe('the wait for the next key', () => {
  /** The first run takes 60 ms: a run that is over in no time is not waited for. */
  function startSlow() {
    const typing = startTyping(function* (request) {
      typing.clock.advance(60);
      yield* says('foo')(request);
    }, says('bar'));
    return typing;
  }

  it('is before the second run, of the length the first one took at most', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(clock.sleeps).toEqual([]);
    const second = at('b = █');
    await new Promise(setImmediate);
    expect(clock.sleeps).toEqual([60]);
    clock.advance(60);
    expect(await second).toBe('model: b = bar█');
  });

  it('is also after a long time of typing along', async () => {
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

  it('is not for a user who asks', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(await at('b = █', { trigger: 'manual' })).toBe('model: b = bar█');
    expect(clock.sleeps).toEqual([]);
  });

  it('is not for a suggestion that is known', async () => {
    const { at, clock } = startSlow();
    await at('a = █');
    expect(await at('a = f█')).toBe('typed-along: a = foo█');
    expect(clock.sleeps).toEqual([]);
  });
});
