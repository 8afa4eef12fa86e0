import { describe, expect, it } from 'vitest';
import type { TextResult } from '../../../src/completion/request';
import { generateText, type TextRequest } from '../../../src/completion/sources/model';
import { createSuffixPrefixMiddle } from '../../../src/prompt/prompt-layout';
import { idsWithByte } from '../../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../../byte-tokenizer';
import { type Answer, createScriptedEngine, end, prefill, says, tokens } from '../scripted-engine';
import { testSettings } from '../settings-for-test';

const tokenizer = createByteTokenizer();
const parts = {
  tokenizer,
  layout: createSuffixPrefixMiddle(tokenizer)!,
  lineBreakIds: idsWithByte(tokenizer, 10),
};
const request: TextRequest = { promptIds: [4, 5, 6], scope: 'line', indentation: 0 };
const block: Partial<TextRequest> = { scope: 'block', indentation: 2 };

/** Runs one answer. Each look at the clock is a millisecond later. */
async function run(
  answer: Answer,
  changed: Partial<TextRequest> = {},
  signal = new AbortController().signal,
) {
  const engine = createScriptedEngine(answer);
  let now = 0;
  const answered = await generateText(
    { ...parts, engine },
    { ...request, ...changed },
    testSettings,
    () => now++,
    signal,
  );
  const why = 'why' in answered ? answered.why : undefined;
  return { result: 'why' in answered ? undefined : answered, why, engine };
}

async function check(answer: Answer, expected: string, changed: Partial<TextRequest> = {}) {
  expect((await run(answer, changed)).result?.text).toBe(expected);
}

describe('the text of a line', () => {
  it('is the whole text of the model', () => check(says('foo();'), 'foo();'));
  it('ends before the line break in its last token', () => check(says('foo();\n', 'last-token'), 'foo();'));
  it('ends before a line break even if the engine writes more', () =>
    check(says('foo();\nbar();'), 'foo();'));
  it('is kept if the tokens run out', () => check(says('foo(bar', 'max-tokens'), 'foo(bar'));
  it('is kept if the time runs out', () => check(says('foo(bar', 'max-time'), 'foo(bar'));
  it('may be empty', () => check(says(''), ''));
  it('never ends inside a character', () =>
    check(function* () {
      yield prefill(3);
      yield* tokens('né').slice(0, -1);
      yield end('max-tokens');
    }, 'n'));
});

describe('the text of a block', () => {
  it('ends before a line that is indented less', () =>
    check(says('a();\n  b();\n}\nc();'), 'a();\n  b();', block));
  it('loses its unfinished line if the tokens run out', () =>
    check(says('a();\n  b();\n  c(', 'max-tokens'), 'a();\n  b();', block));
  it('loses its unfinished line if the time runs out', () =>
    check(says('a();\n  b();\n  c(', 'max-time'), 'a();\n  b();', block));
  it('keeps its last line if the model ended the text', () =>
    check(says('a();\n  b();\n  c()'), 'a();\n  b();\n  c()', block));
});

describe('the tokens of a text', () => {
  it('have probabilities, also after the end of the text', async () => {
    const { result } = await run(function* () {
      yield prefill(3);
      yield* tokens('a\nb');
      yield end('end-token');
    });
    expect(result?.text).toBe('a');
    expect(result?.parts).toEqual(['a', '\n']);
    expect(result?.logProbs).toEqual([-0.01, -0.01]);
  });
  it('never have half of a character', async () =>
    expect((await run(says('né'))).result?.parts).toEqual(['n', '', 'é']));
});

describe('if the prompt ends before the cursor,', () => {
  const constraint = [{ inside: [], last: [7], exact: [7] }];
  const healed = (typed: string) => ({ healed: { typed, constraint } });

  it('the text begins after the typed text', () => check(says('listeners();'), 'teners();', healed('lis')));
  it('the end of the line is searched after the typed text', () =>
    check(says('lis\nfoo'), '', healed('lis')));
  it('the end of the block is searched after the typed text', () =>
    check(says('  if (a)\n    b();\n}'), ' (a)\n    b();', { ...block, ...healed('  if') }));
  it('the text is empty if the typed text is not complete', () =>
    check(says('li', 'max-tokens'), '', healed('lis')));

  it('the typed tokens are certain, and the others stay as likely as they were', async () => {
    const { result } = await run(says('this.listeners'), healed('this.l'));
    expect(result).toMatchObject({ text: 'isteners' });
    expect(result?.parts.join('')).toBe('isteners');
    expect(result?.logProbs).toEqual([...Array(6).fill(0), ...Array(8).fill(-0.01)]);
  });

  it('the engine gets the constraint on the first tokens', async () => {
    expect((await run(says('lis'), healed('lis'))).engine.requests[0]!.constraint).toBe(constraint);
    expect((await run(says('lis'))).engine.requests[0]).not.toHaveProperty('constraint');
  });
});

describe('the request', () => {
  it('asks the engine to stop at a line break for a line, and not for a block', async () => {
    const line = (await run(says('a'))).engine.requests[0]!;
    expect(line.stopping.lastIds).toEqual(tokenizer.encode('\n'));
    const lines = (await run(says('a'), block)).engine.requests[0]!;
    expect(lines.stopping.lastIds).toEqual([]);
  });

  it('has the prompt, and the sampling and limits of the settings', async () => {
    const { requests } = (await run(says('a'))).engine;
    expect(requests).toEqual([
      {
        ids: [4, 5, 6],
        sampling: testSettings.sampling,
        stopping: { endIds: [0, 1, 3, 2, 4], lastIds: [15], maxTokens: 64, maxMs: 3000 },
      },
    ]);
  });
});

describe('the engine', () => {
  it('is stopped as soon as the scope ends', async () => {
    let said = 0;
    const { engine } = await run(function* () {
      for (const token of tokens('a();\n}\nmuch more')) {
        said++;
        yield token;
      }
      yield end('end-token');
    }, block);
    expect(said).toBe('a();\n}'.length);
    expect(engine.leftEarly).toBe(1);
  });

  it('is read to its end if the scope does not end', async () =>
    expect((await run(says('foo'))).engine.leftEarly).toBe(0));
});

describe('there is no text', () => {
  it('if the engine fails', async () => expect((await run(says('foo', 'failed'))).why).toBe('engine-failed'));
  it('if a newer request stopped the engine', async () =>
    expect((await run(says('foo', 'aborted'))).why).toBe('newer-key'));
  it('if the request was aborted, even at the end of the run', async () => {
    const controller = new AbortController();
    const answer: Answer = function* () {
      yield* tokens('foo');
      controller.abort();
      yield end('end-token');
    };
    expect((await run(answer, {}, controller.signal)).why).toBe('newer-key');
  });
});

describe('the report', () => {
  async function report(answer: Answer): Promise<TextResult['report']> {
    return (await run(answer)).result!.report;
  }

  it('counts tokens and milliseconds', async () => {
    const answer: Answer = function* () {
      yield { type: 'prefill', cached: 2, computed: 1, ms: 1 };
      yield* tokens('foo');
      yield end('max-tokens');
    };
    expect(await report(answer)).toEqual({
      promptTokens: 3,
      cachedTokens: 2,
      generatedTokens: 3,
      prefillMs: 1,
      totalMs: 2,
      stopReason: 'max-tokens',
    });
  });

  it("says that the scope ended, instead of the engine's reason", async () =>
    expect((await report(says('foo();\n', 'last-token'))).stopReason).toBe('scope-end'));
});
