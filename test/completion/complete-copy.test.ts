import { describe, expect, it } from 'vitest';
import { complete } from '../../src/completion/complete';
import { explainRequests } from '../../src/completion/explain-requests';
import { filters } from '../../src/completion/filters/filters';
import type { TraceEvent } from '../../src/completion/request';
import { createModelSources } from '../../src/completion/sources/model';
import { accept, place } from '../notation';
import { createFakeClock } from './fake-clock';
import { says } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

const known = ['one', 'two', 'three', 'four']
  .map(name => `const total = sum(values);\n${name}();\n`)
  .join('');

describe('a copy', () => {
  it('is shown without the model', async () => {
    const { at, opened } = startTyping();
    expect(await at(`${known}const total = s█`)).toBe(`copied: ${known}const total = sum(values);█`);
    expect(opened()).toBe(0);
  });

  it('is shown without waiting, even if runs of the model take long', async () => {
    const { at, clock } = startTyping(function* (request) {
      clock.advance(60);
      yield* says('foo')(request);
    });
    await at('a = █');
    expect(await at(`${known}const total = s█`)).toMatch(/^copied: /);
    expect(clock.sleeps).toEqual([]);
  });

  it.each(['automatic', 'manual'] as const)('is not shown if the setting is off (%s)', async trigger => {
    const { at } = startTyping(says('um(a)'));
    const settings = { ...testSettings, copies: false };
    expect(await at(`${known}const total = s█`, { settings, trigger })).toMatch(/^model: .*sum\(a\)█$/s);
  });

  it('may come from other files', async () => {
    const { at, opened } = startTyping();
    const otherFiles = () => [{ uri: 'sums', path: 'src/sums.ts', text: known }];
    expect(await at('const total = s█', { otherFiles })).toBe('copied: const total = sum(values);█');
    expect(opened()).toBe(0);
  });

  it('does not come from other files if the setting says never', async () => {
    const { at } = startTyping(says('um(a)'));
    const settings = { ...testSettings, otherFiles: 'never' } as const;
    const otherFiles = () => [{ uri: 'sums', path: 'src/sums.ts', text: known }];
    expect(await at('const total = s█', { otherFiles, settings })).toMatch(/^model: .*sum\(a\)█$/s);
  });

  it('stays while the user types it', async () => {
    const { at, opened } = startTyping();
    for (const typed of ['s', 'su', 'sum(', 'sum(val'])
      expect(await at(`${known}const total = ${typed}█`)).toBe(`copied: ${known}const total = sum(values);█`);
    expect(opened()).toBe(0);
  });

  it('is fitted to the rest of the line', async () => {
    const { at } = startTyping();
    expect(await at(`${known}const total = sum(█)`)).toBe(`copied: ${known}const total = sum(values);█`);
  });

  it('gives way to the model if a filter drops the copy', async () => {
    const { at } = startTyping(says('other'));
    const below = '\nconst total = sum(values);';
    expect(await at(`${known}const total = s█${below}`)).toMatch(/^model: /);
    const asking = startTyping(says('tuples(one, or, two, and, more, words, than, that)'));
    expect(await asking.at(`${known}const total = s█${below}`, { trigger: 'manual' })).toMatch(/^model: /);
  });

  it('gives way to the model if the copy is not likely enough', async () => {
    const { at } = startTyping(says('foo'));
    expect(await at('a = 1\nb = 2\nc = 3\n\nd = █')).toMatch(/^model: /);
  });

  it.each(['.env', 'id_rsa'])('is not shown in the file %s', async path => {
    const { at } = startTyping();
    expect(await at(`${known}const total = s█`, { path })).toBeUndefined();
  });

  it('is not shown where the editor refuses, or before a word', async () => {
    const { at } = startTyping();
    expect(await at(`${known}const total = s█`, { refusal: 'ignored' })).toBeUndefined();
    expect(await at(`${known}const total = s█um`)).toBeUndefined();
  });

  it('is not shown if the pipeline has no copies', async () => {
    const { model } = startTyping(says('um'));
    const { ask } = createModelSources(async () => model, createFakeClock());
    const pipeline = { refusals: [], sources: [ask], memories: [], filters };
    const document = place(`${known}const total = s█`);
    const request = { document, trigger: 'automatic', scope: 'line', settings: testSettings } as const;
    const { shown } = await complete(request, pipeline, new AbortController().signal);
    expect(shown).toMatchObject({ source: 'model', text: 'um' });
  });
});

describe('a user who asks', () => {
  it('gets the likelier of the copy and the answer of the model', async () => {
    const unlikely = startTyping(says('tuples(one, or, two, and, more, words, than, that)'));
    expect(await unlikely.at(`${known}const total = s█`, { trigger: 'manual' })).toMatch(/^copied: /);
    const likely = startTyping(says('foo'));
    expect(await likely.at('a = 1\nb = 2\nc = 3\n\nd = █', { trigger: 'manual' })).toMatch(/^model: /);
  });

  it('gets the less likely one second, and then a drawn answer', async () => {
    const { completer } = startTyping(says('tuples(1, 2, 3, 4, 5, 6, 7, 8)'), says('drawn'));
    const document = place(`${known}const total = s█`);
    const request = { document, trigger: 'manual', scope: 'line', settings: testSettings } as const;
    const outcomes = await completer.completeSeveral(request, new AbortController().signal);
    const found = outcomes.flatMap(({ shown }) => shown ?? []);
    const line = (text: string) => text.slice(known.length);
    expect(found.map(one => `${one.source}: ${line(accept(document, one))}`)).toEqual([
      'copied: const total = sum(values);█',
      'remembered: const total = stuples(1, 2, 3, 4, 5, 6, 7, 8)█',
      'model: const total = sdrawn█',
    ]);
  });
});

describe('the page that explains requests', () => {
  const explain = async (text: string, ...answers: readonly string[]) => {
    const events: TraceEvent[] = [];
    const typing = startTyping(...answers.map(answer => says(answer)));
    const outcome = await typing.outcome(text, { trace: event => events.push(event) });
    return explainRequests([{ time: '09:41', place: 'a.ts:1:1', trigger: 'automatic', events, outcome }]);
  };

  it('says what was copied, from how many places, and how likely it was', async () => {
    const said = await explain(`${known}const total = s█`);
    expect(said).toContain('Shown: "um(values);"');
    expect(said).toMatch(/copied {8}4 places with the same text continue with "um\(values\);"/);
    expect(said).toMatch(/confidence {4}copied 0\.\d\d of 0\.50: "um\(values\);"/);
  });

  it('says that no place has the same text', async () =>
    expect(await explain('a = █', 'foo')).toContain('no other place has the same text before it'));
});
