import { describe, expect, it } from 'vitest';
import { accept, place } from '../notation';
import { end, prefill, says, tokens } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

type Typing = ReturnType<typeof startTyping>;

/** @returns the document with each of the answers accepted */
async function several({ completer }: Typing, text: string, signal = new AbortController().signal) {
  const document = place(text);
  const request = { document, trigger: 'manual', scope: 'line', settings: testSettings } as const;
  const outcomes = await completer.completeSeveral(request, signal);
  return outcomes.flatMap(({ shown }) => (shown === undefined ? [] : accept(document, shown)));
}

describe('a user who asks', () => {
  it('gets the likeliest answer first, then drawn answers', async () => {
    const typing = startTyping(says('one'), says('two'), says('three'));
    expect(await several(typing, 'a = █')).toEqual(['a = one█', 'a = two█', 'a = three█']);
    const samplings = typing.engine.requests.map(({ sampling }) => [sampling.temperature, sampling.seed]);
    expect(samplings).toEqual([
      [0, 0],
      [0.4, 1],
      [0.4, 2],
    ]);
  });

  it('gets all answers from the same prompt, so that the KV cache serves it', async () => {
    const typing = startTyping(says('one'), says('two'), says('three'));
    await several(typing, 'a = █');
    expect(new Set(typing.prompts()).size).toBe(1);
  });

  it('gets each answer once', async () =>
    expect(await several(startTyping(says('one'), says('one'), says('two')), 'a = █')).toEqual([
      'a = one█',
      'a = two█',
    ]));

  it('gets drawn answers even if the likeliest is empty', async () =>
    expect(await several(startTyping(says(''), says('two'), says('')), 'a = █')).toEqual(['a = two█']));

  it('gets the same answers again without the model', async () => {
    const typing = startTyping(says('one'), says('two'), says('three'));
    const first = await several(typing, 'a = █');
    expect(await several(typing, 'a = █')).toEqual(first);
    expect(typing.engine.requests).toHaveLength(3);
  });

  it('gets a long copy first if its beginning is likelier than a short text of the model', async () => {
    const block = 'if (y) {\n    one();\n    two();\n  }';
    const text = `f() {\n  ${block}\n}\ng() {\n  ${block}\n}\nh() {\n  █\n}`;
    const document = place(text);
    const request = { document, trigger: 'manual', scope: 'block', settings: testSettings } as const;
    const firstOf = async (probability: number) => {
      const { completer } = startTyping(function* ({ ids }) {
        yield prefill(ids.length);
        for (const event of tokens('if (x) {'))
          if (event.type === 'token') yield { ...event, logProb: Math.log(probability) };
        yield end('end-token');
      });
      const { shown } = await completer.complete(request, new AbortController().signal);
      return shown?.text;
    };
    expect(await firstOf(0.5)).toBe(block);
    expect(await firstOf(0.999)).toBe('if (x) {');
  });

  it('can type the likeliest answer along', async () => {
    const typing = startTyping(says('one'), says('two'), says('three'));
    await several(typing, 'a = █');
    expect(await typing.at('a = o█')).toBe('typed-along: a = one█');
  });

  it('waits for all answers no longer than for one', async () => {
    const typing: Typing = startTyping(
      function* (request) {
        typing.clock.advance(testSettings.maxTime - 100);
        yield* says('one')(request);
      },
      function* (request) {
        typing.clock.advance(100);
        yield* says('two')(request);
      },
    );
    expect(await several(typing, 'a = █')).toEqual(['a = one█', 'a = two█']);
    expect(typing.engine.requests.map(({ stopping }) => stopping.maxMs)).toEqual([3000, 100]);
  });

  it('gets no drawn answers if the first took all the time', async () => {
    const typing: Typing = startTyping(function* (request) {
      typing.clock.advance(testSettings.maxTime);
      yield* says('one', 'max-time')(request);
    });
    expect(await several(typing, 'a = █')).toEqual(['a = one█']);
    expect(typing.engine.requests).toHaveLength(1);
  });

  it('waits no longer if the first answer is a copy', async () => {
    const typing: Typing = startTyping(
      function* (request) {
        typing.clock.advance(testSettings.maxTime - 100);
        yield* says('tuples(one, or, two, and, more, words, than, that)', 'max-time')(request);
      },
      function* (request) {
        typing.clock.advance(100);
        yield* says('other')(request);
      },
    );
    const known = ['one', 'two', 'three', 'four']
      .map(name => `const total = sum(values);\n${name}();\n`)
      .join('');
    expect((await several(typing, `${known}const total = s█`))[0]).toMatch(/sum\(values\);█$/);
    expect(typing.engine.requests.map(({ stopping }) => stopping.maxMs)).toEqual([3000, 100]);
  });

  it('gets nothing if the request was aborted', async () => {
    const controller = new AbortController();
    const typing = startTyping(says('one'), function* (request) {
      controller.abort();
      yield* says('two')(request);
    });
    expect(await several(typing, 'a = █', controller.signal)).toEqual([]);
  });
});

it('traces the refusal rules once, and the steps of each answer', async () => {
  const { completer } = startTyping(says('one'), says('two'), says('three'));
  const steps: string[] = [];
  const trace = ({ step }: { readonly step: string }) => steps.push(step);
  const document = place('a = █');
  const request = { document, trigger: 'manual', scope: 'line', settings: testSettings, trace } as const;
  await completer.completeSeveral(request, new AbortController().signal);
  expect(steps.filter(step => step === 'when')).toHaveLength(1);
  expect(steps.filter(step => step === 'shown')).toHaveLength(3);
});
