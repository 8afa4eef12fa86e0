import { describe, expect, it } from 'vitest';
import type { SuffixStart } from '../../src/prompt/prompt-layout';
import { type TextWindow, updateWindow } from '../../src/prompt/sticky-window';
import { type PlaceOptions, place } from '../notation';

/** Here each character is a token. */
const count = (text: string) => text.length;

interface WindowOptions extends PlaceOptions {
  readonly tokens?: number;
  readonly suffixTokens?: number;
  readonly suffixFrom?: SuffixStart;
  readonly previous?: TextWindow;
}

function windowOf(
  text: string,
  { tokens = 12, suffixTokens = 6, suffixFrom, previous, ...options }: WindowOptions = {},
): TextWindow {
  return updateWindow(place(text, options), { tokens, suffixTokens, suffixFrom }, count, previous);
}

/** @param expected `prefix█suffix` of the window */
function check(text: string, options: WindowOptions, expected: string) {
  const { prefix, suffix } = windowOf(text, options);
  expect(`${prefix}█${suffix}`).toBe(expected);
}

describe('a new window', () => {
  it('has all of a short document', () => check('a\nb█\nc', {}, 'a\nb█\nc'));
  it('leaves out the rest of the line', () => check('ab█cd\nef', {}, 'ab█\nef'));
  it('begins with a whole line', () => check('aaaa\nbbbb\ncccc█', { tokens: 12 }, 'cccc█'));
  it('ends with a whole line', () => check('█\naa\nbb\ncc', { suffixTokens: 7 }, '█\naa\nbb'));
  it('has no suffix if only white space follows', () => check('a█\n\n  \n', {}, 'a█'));
  it('has no suffix if the suffix may take no tokens', () => check('a█\nb', { suffixTokens: 0 }, 'a█'));
  it('gives the prefix the tokens that the suffix does not need', () =>
    check('aa\nbb\ncc█', { tokens: 8, suffixTokens: 6 }, 'aa\nbb\ncc█'));

  it('says where it begins in the document', () => {
    expect(windowOf('aaaa\nbbbb\ncccc█').start).toBe(10);
    expect(windowOf('aaaa\nbbbb\ncccc█', { prefixOffset: 1000 }).start).toBe(1010);
  });
});

describe('a line longer than the window', () => {
  const line = 'x'.repeat(1000);

  it('is cut to two thirds of the budget', () => check(`${line}█`, { tokens: 12 }, `${'x'.repeat(8)}█`));
  it('is also cut after the cursor', () => check(`a█\n${line}`, { suffixTokens: 6 }, `a█\n${'x'.repeat(5)}`));
  it('is shown in part if the text after it would leave the window almost empty', () =>
    check(`${line}\na█`, { tokens: 12 }, `${'x'.repeat(6)}\na█`));
  it('is not shown if the text after it fills a third of the window', () =>
    check(`${line}\nabcdef█`, { tokens: 12 }, 'abcdef█'));
  it('is never cut inside a surrogate pair', () => {
    const faces = '😀'.repeat(100);
    for (let tokens = 6; tokens < 30; tokens++)
      for (const text of [`${faces}█\n${faces}`, `x${faces}█\nx${faces}`]) {
        const { prefix, suffix } = windowOf(text, { tokens, suffixTokens: Math.floor(tokens / 2) });
        expect(Buffer.from(prefix + suffix).toString()).toBe(prefix + suffix);
      }
  });
});

describe('the first line', () => {
  const previous = windowOf('aaa\nbbb\nccc█', { tokens: 30 });

  it('stays while the text fits the budget', () => {
    const typed = windowOf('aaa\nbbb\nccc\ndddddddddd\nddd█', { tokens: 30, previous });
    expect(typed.start).toBe(previous.start);
    expect(typed.prefix).toHaveLength(26);
  });

  it('moves when the budget is full, and two thirds of it remain', () => {
    const lines = 'aaa\n'.repeat(8);
    check(`${lines}█`, { tokens: 30, previous }, `${'aaa\n'.repeat(5)}█`);
  });

  it('stays when the text below changes', () => {
    const sticky = windowOf('aaaa\nbbbb\ncccc█\nd', { tokens: 12 });
    const edited = windowOf('aaaa\nbbbb\ncccc█\ne', { tokens: 12, previous: sticky });
    expect(edited.start).toBe(10);
    expect(edited.suffix).toBe('\ne');
  });

  it('stays when the user deletes less than half of the window', () =>
    check('aaaa\nbbbb\ncc█', { tokens: 12, previous: windowOf('aaaa\nbbbb\ncccc█') }, 'cc█'));

  it('is chosen anew if the cursor has moved up', () =>
    check('aaaa\nb█', { tokens: 12, previous: windowOf('aaaa\nbbbb\ncccc█') }, 'aaaa\nb█'));

  it('is chosen anew if the text in the window has changed', () =>
    check('AAAA\nB\nCCCC█', { tokens: 12, previous: windowOf('aaaa\nbbbb\ncccc█') }, 'AAAA\nB\nCCCC█'));

  it('is chosen anew if it is before the snapshot', () => {
    const lines = 'aaa\n'.repeat(3);
    const sticky = windowOf(`${lines}█`, { tokens: 30 });
    const moved = windowOf(`${lines}█`, { tokens: 30, prefixOffset: 8, previous: sticky });
    expect(moved).toEqual({ start: 8, prefix: lines, suffix: '' });
  });

  it('is chosen anew if it is after the cursor', () =>
    check('aaaa█', { previous: windowOf(`${'x'.repeat(100)}\n█`) }, 'aaaa█'));

  it('stays if the snapshot begins at another place in the document', () => {
    const sticky = windowOf('aaaa\nbbbb\ncccc█');
    const moved = windowOf('bbbb\nccccd█', { prefixOffset: 5, previous: sticky });
    expect(moved).toEqual({ start: 10, prefix: 'ccccd', suffix: '' });
  });
});

describe('the suffix', () => {
  const body = '\nb'.repeat(150);
  const budget = { tokens: 900, suffixTokens: 320 };
  const previous = windowOf(`a█${body}\nold`, budget);

  it('is kept, slightly stale, while its beginning follows the cursor', () => {
    expect(previous.suffix).toBe(`${body}\nold`);
    expect(windowOf(`ab█${body}\nnew`, { ...budget, previous }).suffix).toBe(previous.suffix);
  });

  it('is taken anew if its beginning does not follow the cursor', () =>
    expect(windowOf(`a█\nc${body}\nnew`, { ...budget, previous }).suffix).toBe(`\nc${body}\nnew`));

  it('is taken anew if it is short and more text follows', () => {
    const end = windowOf('f() {\n  a█\n}\n');
    expect(end.suffix).toBe('\n}\n');
    expect(windowOf('f() {\n  ab█\n}\n', { previous: end }).suffix).toBe('\n}\n');
    const jumped = windowOf('b█\n}\n\ng() {}\n', { tokens: 40, suffixTokens: 20, previous: end });
    expect(jumped.suffix).toBe('\n}\n\ng() {}\n');
  });

  it('is taken anew if it no longer fits', () =>
    expect(windowOf(`a█${body}`, { tokens: 900, suffixTokens: 9, previous }).suffix).toBe('\nb\nb\nb\nb'));

  it('is taken anew if there was none', () =>
    expect(windowOf('a█\nb', { previous: windowOf('a█') }).suffix).toBe('\nb'));
});

describe('a suffix that begins at the cursor', () => {
  const bounds = { tokens: 60, suffixTokens: 30, suffixFrom: 'cursor' } as const;

  it('has the rest of the line', () => check('a = █.trim();\nb', bounds, 'a = █.trim();\nb'));
  it('has it if nothing follows below', () => check('f(█, b)', bounds, 'f(█, b)'));
  it('leaves out what an editor closes by itself', () => {
    check('f(█)\nb', bounds, 'f(█\nb');
    check('f({ a: "█" });\nb', bounds, 'f({ a: "█\nb');
    check('f()█  \nb', bounds, 'f()█\nb');
  });
  it('is cut inside a line that is longer than its tokens', () =>
    check(`a█${'.b()'.repeat(20)}`, bounds, `a█${'.b()'.repeat(20).slice(0, 30)}`));

  it('stays the same while the user types before the rest', () => {
    const previous = windowOf('a = █.trim();\nb', bounds);
    expect(windowOf('a = in█.trim();\nb', { ...bounds, previous }).suffix).toBe(previous.suffix);
  });
  it('stays the same while brackets are closed and typed over', () => {
    const previous = windowOf('a█\nb', bounds);
    for (const text of ['a(█)\nb', 'a("█")\nb', 'a("")█\nb'])
      expect(windowOf(text, { ...bounds, previous }).suffix).toBe(previous.suffix);
  });
  it('is taken anew when the rest changes', () => {
    const previous = windowOf('a = █.trim();\nb', bounds);
    expect(windowOf('a = █\nb', { ...bounds, previous }).suffix).toBe('\nb');
    expect(windowOf('a = █.trim()\nb', { ...bounds, previous }).suffix).toBe('.trim()\nb');
  });
});

describe('a window of text with ten characters per token', () => {
  const dense = (text: string) => Math.ceil(text.length / 10);
  const budget = { tokens: 24, suffixTokens: 6 };

  it('still ends with a whole line', () => {
    const { suffix } = updateWindow(place('a█\naaaaaaaa\nbbbbbbbb\ncccccccc\ndddddddd'), budget, dense);
    expect(suffix).toBe('\naaaaaaaa\nbbbbbbbb\ncccccccc');
  });

  it('still does not end inside a surrogate pair', () => {
    const { suffix } = updateWindow(place(`a█\n😀${'😀'.repeat(100)}`), budget, dense);
    expect(suffix).toBe(`\n${'😀'.repeat(14)}`);
  });
});

it('does not count the tokens of text that cannot fit, even after a large paste', () => {
  const previous = windowOf('aaa\nbbb█', { tokens: 30 });
  let longest = 0;
  const measured = (text: string) => {
    longest = Math.max(longest, text.length);
    return text.length;
  };
  const pasted = place(`aaa\nbbb${'x'.repeat(60_000)}█\n${'y'.repeat(60_000)}`);
  const { prefix, suffix } = updateWindow(pasted, { tokens: 30, suffixTokens: 6 }, measured, previous);
  expect(longest).toBeLessThanOrEqual(30 * 5);
  expect(prefix.length + suffix.length).toBeLessThanOrEqual(30);
});
