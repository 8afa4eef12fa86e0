/** What becomes of a suggestion, played in a document of plain text. `█` is the cursor, `[…]` the ghost text. */
import { describe, expect, it } from 'vitest';
import type { SourceName } from '../../src/completion/request';
import type { Counts } from '../../src/statistics/counts';
import { createSuggestionTracker, moveRange, type ShownText } from '../../src/statistics/suggestion-tracker';
import { createFakeClock } from '../completion/fake-clock';

const uri = 'file:///project/src/sample.ts';

type Counted = Partial<Record<keyof Omit<Counts, 'times'>, number>>;

interface ShowOptions {
  readonly replaced?: string;
  readonly confidence?: number;
  readonly source?: SourceName;
  readonly isAskedFor?: boolean;
}

/** A document in an editor. @param notation its text, with the cursor */
function open(notation: string) {
  let at = notation.indexOf('█');
  let text = notation.replace('█', '');
  const clock = createFakeClock();
  const counted: Counted = {};
  const bySource: Record<string, number> = {};
  const learned: (readonly [confidence: number, isRight: boolean])[] = [];
  const tracker = createSuggestionTracker({
    clock,
    read: (_, from, to) => text.slice(from, to),
    count({ source }, { ms: _, ...counts }) {
      for (const [name, value] of Object.entries(counts) as [keyof Counted, number][])
        counted[name] = (counted[name] ?? 0) + value;
      bySource[source] = (bySource[source] ?? 0) + (counts.shown ?? 0);
    },
    learn: (_, confidence, isRight) => learned.push([confidence, isRight]),
  });
  let accepted: (index: number) => void = () => undefined;
  let ghost = '';
  let replaced = '';

  const replace = (offset: number, length: number, inserted: string) => {
    text = text.slice(0, offset) + inserted + text.slice(offset + length);
    at = offset + inserted.length;
    tracker.changed(uri, [{ offset, length, text: inserted }]);
    tracker.cursorAt(uri, at);
  };
  const editor = {
    show(
      shown: string,
      { confidence = 0.8, source = 'model', isAskedFor = false, ...rest }: ShowOptions = {},
    ) {
      ghost = shown;
      replaced = rest.replaced ?? '';
      const one: ShownText = { text: shown, replaced, source, confidence };
      accepted = tracker.shown({ uri, languageId: 'typescript', offset: at, ms: 30, isAskedFor }, [one]);
      return editor;
    },
    read(ms = 300) {
      clock.advance(ms);
      return editor;
    },
    /** One key after another. */
    type(keys: string) {
      for (const key of keys) {
        replace(at, 0, key);
        if (ghost.startsWith(key)) ghost = ghost.slice(key.length);
      }
      return editor;
    },
    tab() {
      replace(at, replaced.length, ghost);
      accepted(0);
      return editor;
    },
    acceptWord(word: string) {
      replace(at, 0, word);
      ghost = ghost.slice(word.length);
      return editor;
    },
    autoClose(pair: string) {
      text = text.slice(0, at) + pair + text.slice(at);
      tracker.changed(uri, [{ offset: at, length: 0, text: pair }]);
      at += 1;
      tracker.cursorAt(uri, at);
      return editor;
    },
    edit(offset: number, length: number, inserted: string) {
      replace(offset, length, inserted);
      return editor;
    },
    goTo(offset: number) {
      at = offset;
      tracker.cursorAt(uri, at);
      return editor;
    },
    save() {
      tracker.saved(uri);
      return editor;
    },
    async wait(ms: number) {
      clock.advance(ms);
      // The judgement comes after the clock's promise.
      await Promise.resolve().then(() => undefined);
      return editor;
    },
    close() {
      tracker.closed(uri, (_, from, to) => text.slice(from, to));
      return editor;
    },
    end() {
      tracker.dispose();
      return editor;
    },
    counted,
    bySource,
    learned,
  };
  return editor;
}

describe('shown', () => {
  it('counts a suggestion that stood long enough to be read', () =>
    expect(open('a█').show('bc').read().type('x').counted).toEqual({ shown: 1 }));
  it('does not count one that the next key has replaced', () =>
    expect(open('a█').show('bc').read(100).type('x').counted).toEqual({}));
  it('counts one that was accepted at once', () =>
    expect(open('a█').show('bcd').tab().counted).toMatchObject({ shown: 1, accepted: 1 }));
  it('counts one that is typed along once, under the source that it came from', () => {
    const editor = open('a█').show('bcd').read().type('b').show('cd', { source: 'typed-along' }).read();
    expect(editor.type('c').show('d', { source: 'typed-along' }).read().type('x').bySource).toEqual({
      model: 1,
    });
  });
  it('counts another text at another place again', () =>
    expect(open('a█').show('bc').read().type('x').show('yz').read().type('-').counted).toEqual({ shown: 2 }));
});

describe('accepted', () => {
  it('counts the keys that were saved, less the one that accepts', () =>
    expect(open('a█').show('bcde').read().tab().counted).toMatchObject({ accepted: 1, keys: 3 }));
  it('counts a line break with its indentation as one key', () =>
    expect(open('a█').show('{\n    b').read().tab().counted).toMatchObject({ keys: 2 }));
  it('counts only what was left after typing along', () =>
    expect(open('█').show('return').read().type('re').tab().counted).toMatchObject({ accepted: 1, keys: 3 }));
  it('counts word by word: one suggestion, one key off for each word', () =>
    expect(open('█').show('return value;').read().acceptWord('return').acceptWord(' value').counted).toEqual({
      accepted: 1,
      keys: 10,
    }));
  it('counts a text that replaces what stands right of the cursor', () =>
    expect(open('f(█)').show('a, b)', { replaced: ')' }).read().tab().counted).toMatchObject({
      shown: 1,
      keys: 4,
    }));
  it('takes no typed character for an accept', () =>
    expect(open('█').show('abc').read().type('abc').counted).toEqual({ shown: 1 }));
  it('takes no closed bracket for an accept', () =>
    expect(open('f█').show('()').read().autoClose('()').counted).toEqual({}));
  it('takes no line break with its indentation for an accept', () =>
    expect(open('{█').show('\n  a').read().edit(1, 0, '\n  ').type('-').counted).toEqual({ shown: 1 }));
  it('knows a single character as accepted if VS Code says so', () =>
    expect(open('█').show(')').read().tab().counted).toMatchObject({ accepted: 1, keys: 0 }));
  it('counts the answer that the user went to, not the first', () => {
    const counted: string[] = [];
    const tracker = createSuggestionTracker({
      clock: createFakeClock(),
      read: () => '',
      count: ({ source }) => counted.push(source),
      learn: () => undefined,
    });
    const place = { uri, languageId: 'go', offset: 0, ms: 1, isAskedFor: true };
    const texts = (['model', 'copied'] as const).map((source, index) => ({
      text: ['first', 'second'][index]!,
      replaced: '',
      source,
      confidence: 1,
    }));
    tracker.shown(place, texts);
    tracker.changed(uri, [{ offset: 0, length: 0, text: 'second' }]);
    expect(new Set(counted)).toEqual(new Set(['copied']));
  });
});

describe('kept', () => {
  it('counts text that is still there after 30 seconds', async () => {
    const editor = open('a█').show('bcd').read().tab();
    expect((await editor.wait(29_999)).counted).not.toHaveProperty('kept');
    expect((await editor.wait(1)).counted).toMatchObject({ kept: 1 });
  });
  it('does not count text that was changed by then', async () =>
    expect(
      (await open('a█').show('bcd').read().tab().edit(2, 1, 'x').wait(30_000)).counted,
    ).not.toHaveProperty('kept'));
  it('follows the text through edits above it and below it', async () => {
    const editor = open('a\n█\nz').show('bcd').read().tab().edit(0, 1, 'a longer line').edit(18, 1, 'y');
    expect((await editor.wait(30_000)).counted).toMatchObject({ kept: 1 });
  });
  it('does not mind a formatter that moves blanks', async () =>
    expect(
      (await open('█').show('a+b').read().tab().edit(0, 3, ' a + b').wait(30_000)).counted,
    ).toMatchObject({
      kept: 1,
    }));
  it('looks when the document is saved, once', () =>
    expect(open('█').show('abc').read().tab().save().edit(0, 3, '').save().counted).toMatchObject({
      saved: 1,
      keptAtSave: 1,
    }));
  it('looks when the document is saved, also after 30 seconds', async () =>
    expect(
      (await open('█').show('abc').read().tab().wait(30_000)).edit(1, 1, '').save().counted,
    ).toMatchObject({
      kept: 1,
      saved: 1,
      keptAtSave: 0,
    }));
  it('judges at once when the document or the window is closed', () => {
    expect(open('█').show('abc').read().tab().close().counted).toMatchObject({ kept: 1 });
    expect(open('█').show('abc').read().tab().end().counted).toMatchObject({ kept: 1 });
  });
});

describe('learning', () => {
  it('is taught that a refused text was wrong', () =>
    expect(open('█').show('abc', { confidence: 0.6 }).read().type('x').learned).toEqual([[0.6, false]]));
  it('is taught that a text which the user typed in full was right', () =>
    expect(open('█').show('abc').read().type('abc').learned).toEqual([[0.8, true]]));
  it('is taught that a text was right when it has been kept', async () => {
    const editor = open('█').show('abc').read().tab();
    expect(editor.learned).toEqual([]);
    expect((await editor.wait(30_000)).learned).toEqual([[0.8, true]]);
  });
  it('is taught that an accepted text was wrong if it was not kept', async () =>
    expect((await open('█').show('abc').read().tab().edit(0, 3, '').wait(30_000)).learned).toEqual([
      [0.8, false],
    ]));
  it('is taught once of a text that was accepted in part and then refused', async () => {
    const editor = open('█').show('return value;').read().acceptWord('return').type('x');
    expect((await editor.wait(30_000)).learned).toEqual([[0.8, false]]);
  });
  it('counts what was accepted word by word over a minute once', async () => {
    const editor = open('█').show('return value;').read().acceptWord('return').save();
    await editor.wait(30_000);
    const { counted } = await editor.acceptWord(' value').acceptWord(';').wait(30_000);
    expect(counted).toMatchObject({ shown: 1, accepted: 1, kept: 1 });
  });
  it('is taught that a text was right whose first line was typed', () =>
    expect(open('█').show('ab\ncd').read().type('ab').type('x').learned).toEqual([[0.8, true]]));
  it('learns nothing if the cursor goes elsewhere', () =>
    expect(open('a█').show('bc').read().goTo(0).learned).toEqual([]));
  it('learns nothing from a text that nobody could read', () =>
    expect(open('█').show('abc').read(100).type('x').learned).toEqual([]));
  it('learns nothing from a text that the user asked for', () =>
    expect(open('█').show('abc', { isAskedFor: true }).read().type('x').learned).toEqual([]));
});

describe('a range', () => {
  function check(
    range: string,
    change: readonly [offset: number, length: number, text: string],
    expected: string,
  ) {
    const [offset, length, text] = change;
    const plain = range.replaceAll(/[[\]]/g, '');
    const from = range.indexOf('[');
    const moved = moveRange({ from, to: range.indexOf(']') - 1 }, { offset, length, text });
    const after = plain.slice(0, offset) + text + plain.slice(offset + length);
    expect(
      `${after.slice(0, moved.from)}[${after.slice(moved.from, moved.to)}]${after.slice(moved.to)}`,
    ).toBe(expected);
  }
  it('moves with a change before it', () => check('ab[cd]e', [0, 1, 'xyz'], 'xyzb[cd]e'));
  it('stays with a change after it', () => check('ab[cd]e', [4, 1, 'xyz'], 'ab[cd]xyz'));
  it('grows with a change inside', () => check('ab[cd]e', [3, 0, 'xyz'], 'ab[cxyzd]e'));
  it('leaves out what is inserted at its edges', () => {
    check('ab[cd]e', [2, 0, 'x'], 'abx[cd]e');
    check('ab[cd]e', [4, 0, 'x'], 'ab[cd]xe');
  });
  it('covers a change that reaches over an edge', () => check('ab[cd]e', [1, 2, 'x'], 'a[xd]e'));
  it('is empty when its text is removed', () => check('ab[cd]e', [2, 2, ''], 'ab[]e'));
});
