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

/** Runs one answer; `now` is a millisecond later at every look. */
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
  it('is all that the model says', () => check(says('foo();'), 'foo();'));
  it('ends before the line break of its last token', () => check(says('foo();\n', 'last-token'), 'foo();'));
  it('ends before a line break, whatever the engine goes on to say', () =>
    check(says('foo();\nbar();'), 'foo();'));
  it('is kept where the tokens ran out', () => check(says('foo(bar', 'max-tokens'), 'foo(bar'));
  it('is kept where the time ran out', () => check(says('foo(bar', 'max-time'), 'foo(bar'));
  it('may be empty', () => check(says(''), ''));
  it('has no half of a character', () =>
    check(function* () {
      yield prefill(3);
      yield* tokens('né').slice(0, -1);
      yield end('max-tokens');
    }, 'n'));
});

describe('the text of a block', () => {
  it('ends before a line that is indented less', () =>
    check(says('a();\n  b();\n}\nc();'), 'a();\n  b();', block));
  it('drops the half line where the tokens ran out', () =>
    check(says('a();\n  b();\n  c(', 'max-tokens'), 'a();\n  b();', block));
  it('drops the half line where the time ran out', () =>
    check(says('a();\n  b();\n  c(', 'max-time'), 'a();\n  b();', block));
  it('keeps its last line where the model ended it', () =>
    check(says('a();\n  b();\n  c()'), 'a();\n  b();\n  c()', block));
});

describe('the tokens of a text', () => {
  it('are kept with their probabilities, with those behind its end', async () => {
    const { result } = await run(function* () {
      yield prefill(3);
      yield* tokens('a\nb');
      yield end('end-token');
    });
    expect(result?.text).toBe('a');
    expect(result?.tokenTexts).toEqual(['a', '\n']);
    expect(result?.logProbs).toEqual([-0.01, -0.01]);
  });
  it('have no half of a character', async () =>
    expect((await run(says('né'))).result?.tokenTexts).toEqual(['n', '', 'é']));
});

describe('where the prompt ends before the cursor', () => {
  const constraint = [{ inside: [], last: [7] }];
  const healed = (typed: string) => ({ healed: { typed, constraint } });

  it('the text begins behind what is typed', () => check(says('listeners();'), 'teners();', healed('lis')));
  it('the line ends behind what is typed', () => check(says('lis\nfoo'), '', healed('lis')));
  it('the block ends behind what is typed', () =>
    check(says('  if (a)\n    b();\n}'), ' (a)\n    b();', { ...block, ...healed('  if') }));
  it('nothing is said before all of that is said', () => check(says('li', 'max-tokens'), '', healed('lis')));

  it('what is typed is certain, and what is begun as likely as it was', async () => {
    const { result } = await run(says('this.listeners'), healed('this.l'));
    expect(result).toMatchObject({ text: 'isteners' });
    expect(result?.tokenTexts.join('')).toBe('isteners');
    expect(result?.logProbs).toEqual([...Array(6).fill(0), ...Array(8).fill(-0.01)]);
  });

  it('the engine is told what the first tokens may be', async () => {
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

  it('has the prompt, the sampling and the limits of the settings', async () => {
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
  it('is left as soon as the scope ends', async () => {
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

  it('is read to its end otherwise', async () => expect((await run(says('foo'))).engine.leftEarly).toBe(0));
});

describe('nothing is given', () => {
  it('when the engine failed', async () =>
    expect((await run(says('foo', 'failed'))).why).toBe('engine-failed'));
  it('when the engine was stopped by a newer request', async () =>
    expect((await run(says('foo', 'aborted'))).why).toBe('newer-key'));
  it('when the request was aborted, even if the engine had just ended', async () => {
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

  it("says that the text ended with its scope, not with the engine's reason", async () =>
    expect((await report(says('foo();\n', 'last-token'))).stopReason).toBe('scope-end'));
});
