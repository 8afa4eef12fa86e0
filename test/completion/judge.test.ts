import { describe, expect, it } from 'vitest';
import { judge, type ScoredText } from '../../src/completion/judge';
import { scored } from './scored';

function check(words: ScoredText, min: number, shown: string | undefined) {
  expect(judge(words, min).text).toBe(shown);
}

describe('a text', () => {
  it('is shown if all its words together are likely enough', () => {
    const text = scored(['foo', 0.6], ['();', 0.6]);
    check(text, 0.35, 'foo();');
    expect(judge(text, 0.35).confidence).toBeCloseTo(0.36);
  });
  it('is shown with any words if the minimum is 0', () =>
    check(scored(['foo', 0.001], ['\n', 0.001], ['bar', 0.001]), 0, 'foo\nbar'));
  it('is not shown if it is empty', () => {
    check(scored(), 0, undefined);
    check(scored(), 0.3, undefined);
  });
  it('is not shown if it saves no key', () => check(scored([')', 1]), 0.3, undefined));
  it('that is not shown has the confidence of the whole text', () =>
    expect(judge(scored(['foo', 0.5], ['bar', 0.5]), 0.9)).toEqual({
      text: undefined,
      confidence: 0.25,
    }));
});

describe('a text is cut', () => {
  it('before it becomes less likely than the minimum', () => {
    const text = scored(['foo', 0.9], ['(', 0.9], ['barBaz', 0.6]);
    check(text, 0.48, 'foo(barBaz');
    check(text, 0.49, 'foo(');
  });
  it('to nothing if the first word is less likely than the minimum', () =>
    check(scored(['foo', 0.3], ['();', 1]), 0.4, undefined));
  it('where it saves most keys', () => {
    const text = (last: number) => scored(['foobar', 0.9], ['(x', last]);
    check(text(0.75), 0.1, 'foobar(x');
    check(text(0.7), 0.1, 'foobar');
  });
  it('to whole lines if it has several', () => {
    const text = (last: number) =>
      scored(['a();', 0.9], ['\n', 0.9], ['b', 0.9], ['(c);', last], ['\n', 0.9]);
    check(text(0.4), 0.2, 'a();');
    check(text(0.9), 0.2, 'a();\nb(c);');
  });
  it('within the first line that is not blank', () =>
    check(scored(['\n', 0.9], ['bar', 0.9], ['(c', 0.1]), 0.4, '\nbar'));
});
