import { describe, expect, it } from 'vitest';
import { createLastSuggestion } from '../../../src/completion/sources/typed-along';
import { type PlaceOptions, place } from '../../notation';
import { sure } from '../judge/scored';

/** What is left of `text`, suggested at `before`, when the document is `now`. */
function check(before: string, text: string, now: string, left: string | undefined, options?: PlaceOptions) {
  const last = createLastSuggestion();
  last.remember(place(before), { ...sure(text), scope: 'line' });
  expect(last.remainder(place(now, options))?.text).toBe(left);
}

describe('the last suggestion', () => {
  it('is whole where it was asked for', () => check('a = █', 'foo();', 'a = █', 'foo();'));
  it('gets shorter as the user types it', () => check('a = █', 'foo();', 'a = fo█', 'o();'));
  it('is over when all of it was typed', () => check('a = █', 'foo();', 'a = foo();█', undefined));
  it('is over when something else was typed', () => check('a = █', 'foo();', 'a = b█', undefined));
  it('comes back when the wrong letter is deleted', () => {
    const last = createLastSuggestion();
    last.remember(place('a = █'), { ...sure('foo();'), scope: 'line' });
    expect(last.remainder(place('a = fx█'))).toBeUndefined();
    expect(last.remainder(place('a = f█'))?.text).toBe('oo();');
    expect(last.remainder(place('a = █'))?.text).toBe('foo();');
  });
  it('is over before the place where it was asked for', () => {
    check('a = █', 'foo();', 'a =█', undefined);
    check('aa█', 'foo();', 'a█', undefined);
  });
  it('is over when the text above was changed', () => check('a = █', 'foo();', 'b = fo█', undefined));
  it('is typed across lines', () => check('{█', '\n  a();\n  b();', '{\n  a();█', '\n  b();'));

  it('stays when a bracket was closed right of the cursor', () =>
    check('foo█\n}', '(a, b);', 'foo(█)\n}', 'a, b);'));
  it('is over when the text below was changed', () =>
    check('a = █\n}', 'foo();', 'a = fo█\nb\n}', undefined));
  it('does not look far below', () => {
    const below = `\n${'x'.repeat(300)}`;
    check(`a = █${below}`, 'foo();', `a = fo█${below}y`, 'o();');
  });

  it('is of one document only', () => check('a = █', 'foo();', 'a = █', undefined, { uri: 'file:///b.ts' }));

  it('is of a place in the document, not of a text before the cursor', () => {
    check('a = █', 'foo();', 'x\na = █', undefined);
    check('a = █', 'foo();', 'a = █', undefined, { prefixOffset: 2 });
  });
  it('stays when the snapshot begins elsewhere in the document', () => {
    check('x\na = █', 'foo();', 'a = fo█', 'o();', { prefixOffset: 2 });
    const last = createLastSuggestion();
    last.remember(place('a = █', { prefixOffset: 2 }), { ...sure('foo();'), scope: 'line' });
    expect(last.remainder(place('x\na = fo█'))?.text).toBe('o();');
  });
  it('is over when the cursor jumped further than the snapshot reaches', () =>
    check('a = █', 'foo();\nbar();', 'foo();█', undefined, { prefixOffset: 1000 }));

  it('keeps its scope', () => {
    const last = createLastSuggestion();
    last.remember(place('{█'), { ...sure('\n  a'), scope: 'block' });
    expect(last.remainder(place('{\n█'))).toMatchObject({ text: '  a', scope: 'block' });
  });
  it('is the last one remembered', () => {
    const last = createLastSuggestion();
    last.remember(place('a = █'), { ...sure('foo'), scope: 'line' });
    last.remember(place('b = █'), { ...sure('bar'), scope: 'line' });
    expect(last.remainder(place('a = █'))).toBeUndefined();
    expect(last.remainder(place('b = █'))?.text).toBe('bar');
  });
  it('is one that was asked for until another is remembered', () => {
    const last = createLastSuggestion();
    last.remember(place('a = █'), { ...sure('foo'), scope: 'line' });
    expect(last.remainder(place('a = █'))?.wasAskedFor).toBe(false);
    last.markAskedFor();
    expect(last.remainder(place('a = f█'))?.wasAskedFor).toBe(true);
    last.remember(place('b = █'), { ...sure('bar'), scope: 'line' });
    expect(last.remainder(place('b = █'))?.wasAskedFor).toBe(false);
  });
  it('can be forgotten', () => {
    const last = createLastSuggestion();
    last.remember(place('a = █'), { ...sure('foo'), scope: 'line' });
    last.forget();
    expect(last.remainder(place('a = █'))).toBeUndefined();
  });
});
