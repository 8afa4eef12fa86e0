import { describe, expect, it } from 'vitest';
import { explainRequests } from '../../src/completion/explain-requests';
import type { Outcome, TraceEvent } from '../../src/completion/request';
import { says } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping, type TypingOptions } from './typing';

/** @returns the page about a request to which the model answers with `answer` */
async function explain(text: string, answer: string, options: TypingOptions = {}): Promise<string> {
  const events: TraceEvent[] = [];
  const typing = startTyping(says(answer));
  const outcome = await typing.outcome(text, { trace: event => events.push(event), ...options });
  return page(events, outcome);
}

const page = (events: readonly TraceEvent[], outcome?: Outcome) =>
  explainRequests([{ time: '09:41', place: 'src/sample.ts:1:5', trigger: 'automatic', events, outcome }]);

describe('a page says', () => {
  it('that there was no request yet', () =>
    expect(explainRequests([])).toContain('Nothing has been asked yet.'));

  it('why the active editor gets no suggestions, also if there was no request', () => {
    const silence = 'Nothing is suggested in memfs:/a.ts while you type: …';
    expect(explainRequests([], silence)).toContain(`\n\nNow: ${silence}\n\nNothing has been asked yet.`);
    expect(explainRequests([])).not.toContain('Now: ');
  });

  it('when, where and how the request was made', async () =>
    expect(await explain('a = █', 'foo')).toContain('09:41  src/sample.ts:1:5  while typing'));

  it('what was shown', async () => expect(await explain('a = █', 'foo')).toContain('Shown: "foo"'));

  it('the prompt as the model saw it', async () =>
    expect(await explain('a = █\nb', 'foo')).toContain(
      '    <|fim_prefix|><|fim_suffix|>\n    b<|fim_middle|><|path|>src/sample.ts\n    a = ',
    ));

  it('how much the KV cache served, how long the run took, and what it wrote', async () => {
    const said = await explain('a = █', 'foo\n');
    expect(said).toContain('0 of 19 prompt tokens were computed before');
    expect(said).toContain('0.0 ms to the first token, 0.0 ms in all');
    expect(said).toContain('4 tokens (scope-end): "foo"');
  });

  it('how likely each token and the whole text is', async () => {
    const said = await explain('a = █', 'fo');
    expect(said).toContain('"f" 0.99  "o" 0.99');
    expect(said).toMatch(/confidence {4}model 0\.\d\d of 0\.30: "fo"/);
  });

  it('what each filter changed', async () => {
    const said = await explain('foo(█)', 'a, b)');
    expect(said).toContain('fitLineSuffix  "a, b)" became "a, b"');
    expect(said).toContain('unchanged by normaliseLineEnds, ');
  });

  it('the newest request first', () => {
    const at = (time: string) => ({ time, place: 'a:1:1', trigger: 'manual', events: [] }) as const;
    expect(explainRequests([at('09:41'), at('09:42')])).toMatch(/09:42[\s\S]*asked for[\s\S]*09:41/);
  });
});

describe('a page says that nothing is shown', () => {
  it('because no suggestion is wanted', async () =>
    expect(await explain('a = █b', '')).toContain('Nothing is shown: a word begins or continues'));

  it('because the model is not sure', async () => {
    const settings = { ...testSettings, minConfidence: 0.99 };
    expect(await explain('a = █', 'foo', { settings })).toContain('Nothing is shown: the model is not sure');
  });

  it('because the model has nothing to add, even if the user asks', async () => {
    for (const trigger of ['automatic', 'manual'] as const)
      expect(await explain('a = █', '', { trigger })).toContain('Nothing is shown: the model has nothing');
  });

  it('because a filter left nothing', async () =>
    expect(await explain('foo();\n█\nbar();', 'bar();')).toContain('Nothing is shown: dropBlank left'));

  it('because a newer keystroke came first', async () =>
    expect(await explain('a = █', 'foo', { signal: AbortSignal.abort() })).toContain(
      'Nothing is shown: a newer keystroke came before',
    ));

  it('because the engine failed', () =>
    expect(page([], { why: 'engine-failed' })).toContain('Nothing is shown: the engine failed'));

  it.each([
    ['scheme', 'VS Code asks Sotto only in files'],
    ['inline-suggest', "VS Code's setting editor.inlineSuggest.enabled is off"],
    ['unreadable-ignore-file', 'an ignore file of the workspace cannot be read'],
    ['off', 'suggestions while typing are turned off (setting sotto.enable)'],
    ['language', 'turned off for this language (setting sotto.languages)'],
  ] as const)('because of the refusal %s', (why, sentence) =>
    expect(page([], { why })).toContain(
      `Nothing is shown: ${why === 'language' ? 'suggestions while typing are ' : ''}${sentence}`,
    ),
  );

  it('because of an error, or because there is no answer yet', () =>
    expect(page([])).toContain('there is no answer yet, or an error came first'));
});

it('the page says what an answer must begin with if the prompt ends before the cursor', () => {
  const prompt = { step: 'prompt', spell: () => 'a = ' } as const;
  expect(page([{ ...prompt, typed: 'lis' }])).toContain('typed         its answer must begin with "lis"');
  expect(page([{ ...prompt, typed: '' }])).not.toContain('must begin');
});

it('the page names the source of an answer that was known', async () => {
  const events: TraceEvent[] = [];
  const { at } = startTyping(says('foo'));
  await at('a = █');
  await at('a = f█', { trace: event => events.push(event) });
  expect(page(events)).toContain('typed-along   "oo"');
});

it('the page names a prepared answer as prepared', async () => {
  const events: TraceEvent[] = [];
  const { at, read } = startTyping(says('foo('), says('bar)'));
  await at('a = █');
  await read();
  await at('a = foo(█', { trace: event => events.push(event) });
  expect(page(events)).toContain('prepared      "bar)"');
});
