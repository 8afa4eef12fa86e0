import { describe, expect, it } from 'vitest';
import { says } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

describe('while the user types what is suggested', () => {
  it('the model runs once', async () => {
    const { at, engine } = startTyping(says('fooBar(1);'));
    expect(await at('const x = █')).toBe('model: const x = fooBar(1);█');
    for (const typed of ['f', 'fo', 'foo', 'fooB', 'fooBa', 'fooBar'])
      expect(await at(`const x = ${typed}█`)).toBe('typed-along: const x = fooBar(1);█');
    expect(engine.requests).toHaveLength(1);
  });

  it('a bracket that the editor closes is taken into account', async () => {
    const { at, engine } = startTyping(says('fooBar(1);'));
    await at('const x = █');
    expect(await at('const x = fooBar(█)')).toBe('typed-along: const x = fooBar(1);█');
    expect(engine.requests).toHaveLength(1);
  });

  it('the model runs again once all of it is typed', async () => {
    const { at } = startTyping(says('foo'), says('.bar'));
    await at('const x = █');
    expect(await at('const x = foo█', { trigger: 'manual' })).toBe('model: const x = foo.bar█');
  });

  it('the model runs again once something else is typed', async () => {
    const { at } = startTyping(says('foo'), says('ar'));
    await at('const x = █');
    expect(await at('const x = b█', { trigger: 'manual' })).toBe('model: const x = bar█');
  });

  it('deleting back to it shows it again, without the model', async () => {
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

describe('what the user asked for, however unsure,', () => {
  const settings = { ...testSettings, minConfidence: 0.999 };
  const asking = { trigger: 'manual', settings } as const;

  it('stays while it is typed', async () => {
    const { at, engine } = startTyping(says('fooBar'));
    expect(await at('a = █', asking)).toBe('model: a = fooBar█');
    for (const typed of ['f', 'fo', 'fooB'])
      expect(await at(`a = ${typed}█`, { settings })).toBe('typed-along: a = fooBar█');
    expect(engine.requests).toHaveLength(1);
  });

  it('stays if nobody had asked at first', async () => {
    const { at, engine } = startTyping(says('foo'));
    expect(await at('a = █', { settings })).toBeUndefined();
    expect(await at('a = █', asking)).toBe('typed-along: a = foo█');
    expect(await at('a = f█', { settings })).toBe('typed-along: a = foo█');
    expect(engine.requests).toHaveLength(1);
  });

  it('stays if it was known already', async () => {
    const { at, completer } = startTyping(says('foo'));
    await at('a = █', { settings });
    completer.forget();
    expect(await at('a = █', asking)).toBe('remembered: a = foo█');
    expect(await at('a = f█', { settings })).toBe('typed-along: a = foo█');
  });

  it('is no reason to show anything at another place', async () => {
    const { at } = startTyping(says('foo'), says('bar'), says('ar'));
    await at('a = █', asking);
    expect(await at('b = █', { settings })).toBeUndefined();
    expect(await at('b = b█', { settings })).toBeUndefined();
  });
});

describe('coming back to a place', () => {
  it('shows its suggestion again, without the model', async () => {
    const { at, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █\n');
    await at('b = █\n', { trigger: 'manual' });
    expect(await at('a = █\n')).toBe('remembered: a = foo█\n');
    expect(engine.requests).toHaveLength(2);
  });

  it('can then be typed along', async () => {
    const { at, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █\n');
    await at('b = █\n', { trigger: 'manual' });
    await at('a = █\n');
    expect(await at('a = f█\n')).toBe('typed-along: a = foo█\n');
    expect(engine.requests).toHaveLength(2);
  });

  it('does not ask again where there was nothing to show', async () => {
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
    ['another scope', 'a = █', { scope: 'block' as const }],
  ])('asks the model for %s', async (_, text, options) => {
    const { at, completer, engine } = startTyping(says('foo'), says('bar'));
    await at('a = █');
    completer.forget();
    expect(await at(text, { trigger: 'manual', ...options })).toMatch(/^model: /);
    expect(engine.requests).toHaveLength(2);
  });
});

describe('after a change of settings', () => {
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

describe('asking the model always', () => {
  const asking = { trigger: 'manual' } as const;

  it('runs it where an earlier answer would do', async () => {
    const { anew } = startTyping(says('foo'), says('far'), says('fog'));
    expect(await anew('a = █', asking)).toBe('model: a = foo█');
    expect(await anew('a = █', asking)).toBe('model: a = far█');
    expect(await anew('a = f█', asking)).toBe('model: a = ffog█');
  });

  it('remembers what it says all the same', async () => {
    const { at, anew } = startTyping(says('foo'));
    await anew('a = █', asking);
    expect(await at('a = f█')).toBe('typed-along: a = foo█');
  });
});
