import { describe, expect, it } from 'vitest';
import type { WrittenText } from '../../../src/completion/judge';
import type { TriggerKind } from '../../../src/completion/request';
import { createTypedAlong, type TypedAlong } from '../../../src/completion/sources/typed-along';
import type { DocumentSnapshot } from '../../../src/document/document-snapshot';
import { type PlaceOptions, place } from '../../notation';
import { sure } from '../scored';
import { testCalibration as calibration, testSettings as settings } from '../settings-for-test';

const requestAt = (document: DocumentSnapshot, trigger: TriggerKind = 'automatic') =>
  ({ document, trigger, scope: 'line', settings }) as const;

/** Remembers that the model wrote `text`, and that all of it was shown. */
function remember(
  { memory }: TypedAlong,
  document: DocumentSnapshot,
  text: string,
  trigger: TriggerKind = 'automatic',
) {
  const written: WrittenText = { ...sure(text), calibration };
  const candidate = { source: 'model', words: written, enough: 'compare', written } as const;
  const shown = { text, replaceAfter: 0, source: 'model', confidence: 1 } as const;
  memory.remember(requestAt(document, trigger), candidate, { shown });
}

/** @param left the rest of `text`, which was suggested at `before`, when the document is `now` */
function check(before: string, text: string, now: string, left: string | undefined, options?: PlaceOptions) {
  const last = createTypedAlong();
  remember(last, place(before), text);
  expect(last.remainder(requestAt(place(now, options)))?.text).toBe(left);
}

describe('the last suggestion', () => {
  it('is complete at the place of its request', () => check('a = █', 'foo();', 'a = █', 'foo();'));
  it('gets shorter as the user types it', () => check('a = █', 'foo();', 'a = fo█', 'o();'));
  it('is over when the user has typed all of it', () => check('a = █', 'foo();', 'a = foo();█', undefined));
  it('is over when the user types something else', () => check('a = █', 'foo();', 'a = b█', undefined));
  it('comes back when the user deletes the wrong letter', () => {
    const last = createTypedAlong();
    remember(last, place('a = █'), 'foo();');
    expect(last.remainder(requestAt(place('a = fx█')))).toBeUndefined();
    expect(last.remainder(requestAt(place('a = f█')))?.text).toBe('oo();');
    expect(last.remainder(requestAt(place('a = █')))?.text).toBe('foo();');
  });
  it('is over before the place of its request', () => {
    check('a = █', 'foo();', 'a =█', undefined);
    check('aa█', 'foo();', 'a█', undefined);
  });
  it('is over when the text above has changed', () => check('a = █', 'foo();', 'b = fo█', undefined));
  it('can be typed over several lines', () => check('{█', '\n  a();\n  b();', '{\n  a();█', '\n  b();'));

  it('stays when the editor closes a bracket right of the cursor', () =>
    check('foo█\n}', '(a, b);', 'foo(█)\n}', 'a, b);'));
  it('stays when the user types over a bracket that the editor has closed', () =>
    check('foo(█)\n}', 'a).b();', 'foo(a)█\n}', '.b();'));
  it('is over when the rest of the line has changed', () => {
    check('a = █.trim();', 'foo', 'a = f█;', undefined);
    check('a = █', 'foo', 'a = f█.trim();', undefined);
  });
  it('is over when the text below has changed', () =>
    check('a = █\n}', 'foo();', 'a = fo█\nb\n}', undefined));
  it('stays when the text far below has changed', () => {
    const below = `\n${'x'.repeat(300)}`;
    check(`a = █${below}`, 'foo();', `a = fo█${below}y`, 'o();');
  });

  it('belongs to one document', () => check('a = █', 'foo();', 'a = █', undefined, { uri: 'file:///b.ts' }));

  it('belongs to a place in the document, not to a text before the cursor', () => {
    check('a = █', 'foo();', 'x\na = █', undefined);
    check('a = █', 'foo();', 'a = █', undefined, { prefixOffset: 2 });
  });
  it('stays when the snapshot begins at another place in the document', () => {
    check('x\na = █', 'foo();', 'a = fo█', 'o();', { prefixOffset: 2 });
    const last = createTypedAlong();
    remember(last, place('a = █', { prefixOffset: 2 }), 'foo();');
    expect(last.remainder(requestAt(place('x\na = fo█')))?.text).toBe('o();');
  });
  it('is over when the cursor jumps out of the snapshot', () =>
    check('a = █', 'foo();\nbar();', 'foo();█', undefined, { prefixOffset: 1000 }));

  it('is replaced by the next one', () => {
    const last = createTypedAlong();
    remember(last, place('a = █'), 'foo');
    remember(last, place('b = █'), 'bar');
    expect(last.remainder(requestAt(place('a = █')))).toBeUndefined();
    expect(last.remainder(requestAt(place('b = █')))?.text).toBe('bar');
  });
  it('needs no minimum confidence after the user has asked, until the next one', () => {
    const last = createTypedAlong();
    const enough = (now: string) => {
      const found = last.source(requestAt(place(now)), new AbortController().signal);
      return 'enough' in found ? found.enough : undefined;
    };
    remember(last, place('a = █'), 'foo');
    expect(enough('a = █')).toBe(settings.minConfidence);
    remember(last, place('a = █'), 'foo', 'manual');
    expect(enough('a = f█')).toBe(0);
    remember(last, place('b = █'), 'bar');
    expect(enough('b = █')).toBe(settings.minConfidence);
  });
  it('is over after `forget`', () => {
    const last = createTypedAlong();
    remember(last, place('a = █'), 'foo');
    last.forget();
    expect(last.remainder(requestAt(place('a = █')))).toBeUndefined();
  });

  it('is asked for again where a text that was cut could go on', () => {
    const last = createTypedAlong();
    const logProbs = [Math.log(0.1), ...Array(5).fill(0)];
    const written = { text: 'foo();', parts: [...'foo();'], logProbs, calibration, isCut: true };
    const candidate = { source: 'model', words: written, enough: 'compare', written } as const;
    last.memory.remember(requestAt(place('a = █')), candidate, { why: 'not-sure' });
    expect(last.remainder(requestAt(place('a = █')))?.text).toBe('foo();');
    expect(last.remainder(requestAt(place('a = f█')))).toBeUndefined();
    expect(last.remainder(requestAt(place('a = █'), 'manual'))).toBeUndefined();
  });
});
