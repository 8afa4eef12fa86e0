import { describe, expect, it } from 'vitest';
import { says } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

describe('while the user types the suggested text,', () => {
  it('the model runs once', async () => {
    const { at, engine } = startTyping(says('fooBar(1);'));
    expect(await at('const x = █')).toBe('model: const x = fooBar(1);█');
    for (const typed of ['f', 'fo', 'foo', 'fooB', 'fooBa', 'fooBar'])
      expect(await at(`const x = ${typed}█`)).toBe('typed-along: const x = fooBar(1);█');
    expect(engine.requests).toHaveLength(1);
  });

  it('a bracket that the editor has closed is replaced', async () => {
    const { at, engine } = startTyping(says('fooBar(1);'));
    await at('const x = █');
    expect(await at('const x = fooBar(█)')).toBe('typed-along: const x = fooBar(1);█');
    expect(engine.requests).toHaveLength(1);
  });

  it('the model runs again when all of it is typed', async () => {
    const { at } = startTyping(says('foo'), says('.bar'));
    await at('const x = █');
    expect(await at('const x = foo█', { trigger: 'manual' })).toBe('model: const x = foo.bar█');
  });

  it('the model runs again when something else is typed', async () => {
    const { at } = startTyping(says('foo'), says('ar'));
    await at('const x = █');
    expect(await at('const x = b█', { trigger: 'manual' })).toBe('model: const x = bar█');
  });

  it('deleting brings it back without the model', async () => {
    const { at, engine } = startTyping(says('foo'));
    await at('const x = █');
    await at('const x = f█');
    expect(await at('const x = █')).toBe('typed-along: const x = foo█');
    expect(engine.requests).toHaveLength(1);
  });

  it('a block is typed along too', async () => {
    const { at, engine } = startTyping(says('a();\n  b();\n}'));
    await at('f() {\n  █\n}');
    expect(await at('f() {\n  a();\n  █\n}')).toBe('typed-along: f() {\n  a();\n  b();█\n}');
    expect(engine.requests).toHaveLength(1);
  });
});

describe('an unlikely suggestion that the user asked for', () => {
  const settings = { ...testSettings, minConfidence: 0.999 };
  const asking = { trigger: 'manual', settings } as const;

  it('stays while the user types it', async () => {
    const { at, engine } = startTyping(says('fooBar'));
    expect(await at('a = █', asking)).toBe('model: a = fooBar█');
    for (const typed of ['f', 'fo', 'fooB'])
      expect(await at(`a = ${typed}█`, { settings })).toBe('typed-along: a = fooBar█');
    expect(engine.requests).toHaveLength(1);
  });

  it('stays even if it was found for a keystroke before', async () => {
    const { at, engine } = startTyping(says('foo'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', asking)).toBe('typed-along: a = foo█');
    expect(await at('a = f█', { settings })).toBe('typed-along: a = foo█');
    expect(engine.requests).toHaveLength(1);
  });

  it('stays even if it was remembered', async () => {
    const { at, completer } = startTyping(says('foo'));
    await at('a = █', { settings });
    completer.forget();
    expect(await at('a = █', asking)).toBe('remembered: a = foo█');
    expect(await at('a = f█', { settings })).toBe('typed-along: a = foo█');
  });

  it('does not make unlikely suggestions visible at another place', async () => {
    const { at } = startTyping(says('foo'), says('bar'), says('ar'));
    await at('a = █', asking);
    expect(await at('b = █', { settings })).toBeUndefined();
    expect(await at('b = b█', { settings })).toBeUndefined();
  });
});

describe('a user who comes back to a place', () => {
  it('sees its suggestion again, without the model', async () => {
    const { at, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █\n');
    await at('b = █\n', { trigger: 'manual' });
    expect(await at('a = █\n')).toBe('remembered: a = foo█\n');
    expect(engine.requests).toHaveLength(2);
  });

  it('can type the suggestion along', async () => {
    const { at, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █\n');
    await at('b = █\n', { trigger: 'manual' });
    await at('a = █\n');
    expect(await at('a = f█\n')).toBe('typed-along: a = foo█\n');
    expect(engine.requests).toHaveLength(2);
  });

  it('does not make the model run again if it had nothing to say', async () => {
    const { at, engine } = startTyping(says(''));
    expect(await at('a = █')).toBeUndefined();
    expect(await at('a = █')).toBeUndefined();
    expect(engine.requests).toHaveLength(1);
  });

  it.each([
    ['another document', 'a = █', { uri: 'file:///project/src/other.ts' }],
    ['another text before', 'b = █', {}],
    ['another text after', 'a = █\nb', {}],
    ['another length', 'a = █', { settings: { ...testSettings, maxTokens: 8 } }],
    ['another context', 'a = █', { settings: { ...testSettings, contextTokens: 64 } }],
    ['other files', 'a = █', { settings: { ...testSettings, otherFiles: 'always' as const } }],
    ['no text after', 'a = █', { settings: { ...testSettings, fillInTheMiddle: 'never' as const } }],
    ['another scope', 'a = █', { scope: 'block' as const }],
  ])('makes the model run for %s', async (_, text, options) => {
    const { at, completer, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █');
    completer.forget();
    expect(await at(text, { trigger: 'manual', ...options })).toMatch(/^model: /);
    expect(engine.requests).toHaveLength(2);
  });
});

describe('after a change of settings,', () => {
  const freely = { ...testSettings, sampling: { ...testSettings.sampling, temperature: 1 } };

  it('the model runs again with the new sampling', async () => {
    const { at, completer, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █');
    completer.forget();
    expect(await at('a = █', { trigger: 'manual', settings: freely })).toBe('model: a = bar█');
    expect(engine.requests.map(({ sampling }) => sampling.temperature)).toEqual([0, 1]);
  });

  it('the old suggestion comes back with the old settings', async () => {
    const { at, completer } = startTyping(says('foo'), says('bar'));
    await at('a = █');
    completer.forget();
    await at('a = █', { trigger: 'manual', settings: freely });
    completer.forget();
    expect(await at('a = █')).toBe('remembered: a = foo█');
  });
});

describe('a request that always asks the model', () => {
  const asking = { trigger: 'manual' } as const;

  it('runs it even if an earlier answer is known', async () => {
    const { anew } = startTyping(says('foo'), says('far'), says('fog'));
    expect(await anew('a = █', asking)).toBe('model: a = foo█');
    expect(await anew('a = █', asking)).toBe('model: a = far█');
    expect(await anew('a = f█', asking)).toBe('model: a = ffog█');
  });

  it('is remembered like any other', async () => {
    const { at, anew } = startTyping(says('foo'));
    await anew('a = █', asking);
    expect(await at('a = f█')).toBe('typed-along: a = foo█');
  });
});
