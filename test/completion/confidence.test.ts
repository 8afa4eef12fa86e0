import { describe, expect, it } from 'vitest';
import { judgeConfidence } from '../../src/completion/confidence';
import { dropTyped, type ScoredText } from '../../src/completion/scored-text';
import { scored } from './scored';

function check(generated: ScoredText, least: number, shown: string | undefined) {
  expect(judgeConfidence(generated, least).text).toBe(shown);
}

describe('a text is shown', () => {
  it('if all its tokens together are likely enough', () => {
    const text = scored(['foo', 0.9], ['();', 0.4]);
    check(text, 0.35, 'foo();');
    check(text, 0.37, undefined);
    expect(judgeConfidence(text, 0.35).confidence).toBeCloseTo(0.36);
  });
  it('whatever its tokens, if nothing is asked of them', () => {
    check(scored(['foo', 0.001], ['\n', 0.001], ['bar', 0.001]), 0, 'foo\nbar');
    check(scored(), 0, '');
  });
  it('if its first line is likely, however the others are', () => {
    const text = scored(['foo', 0.9], ['\n', 0.2], ['bar', 0.2]);
    check(text, 0.6, 'foo\nbar');
  });
  it('but not if there is none of it', () => check(scored(), 0.3, undefined));
  it('by the first line that is not blank', () => {
    check(scored(['\n', 0.9], ['  foo', 0.2], ['\n', 0.9]), 0.5, undefined);
    check(scored(['\n', 0.9], ['  foo', 0.6], ['\n', 0.2]), 0.5, '\n  foo\n');
  });
  it('by the tokens of what is shown, not of what came after', () => {
    const text = scored(['foo', 0.7], [';\n', 0.7], ['}', 0.1]);
    check({ ...text, text: 'foo;' }, 0.48, 'foo;');
  });
});

describe('a text is cut', () => {
  it('before the token where confidence falls to a quarter of what is asked for', () => {
    const text = scored(['foo', 0.9], ['\n', 0.9], ['a();', 0.9], ['\n', 0.9], ['b', 0.1], ['\n', 0.9]);
    check(text, 0.39, 'foo\na();\nb\n');
    check(text, 0.41, 'foo\na();');
  });
  it('not inside a word', () => check(scored(['a.', 0.9], ['foo', 0.9], ['Bar', 0.05]), 0.4, 'a.'));
  it('to nothing if it falls at once', () => check(scored(['foo', 0.05], ['();', 1]), 0.4, undefined));
  it('to nothing if it falls within the first word', () =>
    check(scored(['fo', 1], ['oBar', 0.05], ['();', 1]), 0.4, undefined));
  it('to whole lines, where it has several', () =>
    check(scored(['a();', 0.9], ['\n', 0.9], ['b(', 0.9], ['c', 0.05]), 0.4, 'a();'));
  it('within the only line that says something', () =>
    check(scored(['\n', 0.9], ['b(', 0.9], ['c', 0.05]), 0.4, '\nb('));
  it('not for what stands behind its end', () =>
    check({ ...scored(['foo', 0.9], ['\n', 0.9], ['x', 0.01]), text: 'foo' }, 0.4, 'foo'));
});

describe('what the user has typed of a text', () => {
  const text = scored(['foo', 0.1], ['(a)', 0.5]);
  it('makes the rest of it more likely', () => {
    check(text, 0.4, undefined);
    check(dropTyped(text, 1), 0.4, 'oo(a)');
  });
  it('does not make up for a token that is a guess', () =>
    check(dropTyped(scored(['foo', 0.9], ['(a)', 0.05]), 3), 0.4, undefined));
});
