/**
 * What becomes of each suggestion: seen, accepted (whole, or word by word), typed by the user, or refused. And whether
 * accepted text is still there later. VS Code tells an extension only when a whole suggestion is accepted, so the rest is
 * read from the changes of the document. Texts stay in memory, and only until they have been judged.
 *
 * Offsets are characters of a document as the editor counts them. Knows nothing of VS Code, and of how counts are stored.
 */
import type { Clock } from '../common/clock';
import { readingMs } from '../completion/prepare-next';
import type { SourceName } from '../completion/request';
import { keysOf } from '../document/words';
import type { Counts } from './counts';

/** A suggestion that the editor shows. */
export interface ShownText {
  /** Its line ends are those of the document. */
  readonly text: string;
  /** The characters right of the cursor that `text` replaces. */
  readonly replaced: string;
  readonly source: SourceName;
  /** Probability that `text` is right. */
  readonly confidence: number;
}

export interface ShownPlace {
  readonly uri: string;
  readonly languageId: string;
  /** The place of the cursor, where the text begins. */
  readonly offset: number;
  /** Milliseconds from the key to the text. */
  readonly ms: number;
  /** The user asked. Such a suggestion says nothing about the threshold. */
  readonly isAskedFor: boolean;
}

/** A change of a document, as VS Code describes it: offsets in the text before the change. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export interface TrackerOptions {
  readonly clock: Clock;
  /** @returns the text of an open document between two offsets; undefined if it is not open */
  readonly read: (uri: string, from: number, to: number) => string | undefined;
  readonly count: (
    suggestion: { readonly language: string; readonly source: SourceName },
    counts: Partial<Omit<Counts, 'times'>> & { readonly ms?: number },
  ) => void;
  /** A suggestion of this confidence was right, or was not. */
  readonly learn: (language: string, confidence: number, isRight: boolean) => void;
}

export interface SuggestionTracker {
  /**
   * The editor shows the first of these texts, and the user can go to the others.
   * @returns a function to call if the user has accepted the text of this index as a whole
   */
  shown(place: ShownPlace, texts: readonly ShownText[]): (index: number) => void;
  /** @param changes in an order in which each can be applied after the one before it */
  changed(uri: string, changes: readonly TextChange[]): void;
  /** The cursor of the active editor is here. Called after `changed`. @param offset undefined while text is selected */
  cursorAt(uri: string, offset: number | undefined): void;
  saved(uri: string): void;
  /** @param read as in the options; the document is no longer open */
  closed(uri: string, read: TrackerOptions['read']): void;
  /** Judges what is still to be judged. */
  dispose(): void;
}

/** Accepted text is looked for after this time, which GitHub takes for Copilot too (Ziegler et al., arXiv 2205.06537). */
const keptMs = 30_000;
/** Accepted texts that are followed through the edits at once. The oldest is judged early. */
const maxFollowed = 200;

/** A text that is shown now, or was. */
interface Suggestion extends Pick<ShownPlace, 'uri' | 'ms' | 'isAskedFor'> {
  readonly language: string;
  readonly shownAt: number;
  /** The texts that begin with what the user has typed and accepted so far. The editor shows the first. */
  texts: readonly ShownText[];
  /** Where the texts begin in the document. */
  start: number;
  /** How many of their characters are in the document. */
  typed: number;
  /** Where the last change began, counted from `start`. */
  lastChange: number;
  /** How many characters were there after the last accept. */
  accepted: number;
  /** Undefined until it has ended; 'unknown' if the user went away. */
  end?: 'right' | 'wrong' | 'unknown';
  /** Whether the accepted text was still there after `keptMs`. */
  isKept?: boolean;
  isLearned?: boolean;
}

/** Accepted text that is followed through the edits of its document. */
interface Followed {
  readonly suggestion: Suggestion;
  text: string;
  from: number;
  to: number;
  isJudged: boolean;
  isSaved: boolean;
  readonly timer: AbortController;
}

export function createSuggestionTracker(options: TrackerOptions): SuggestionTracker {
  const { clock, read, count, learn } = options;
  let current: Suggestion | undefined;
  const followed = new Set<Followed>();

  const countFor = ({ language, texts }: Suggestion, counts: Parameters<TrackerOptions['count']>[1]) =>
    count({ language, source: texts[0]!.source }, counts);

  /** What an accepted suggestion was worth is known when it has ended and its text was looked for. */
  const learnFrom = (suggestion: Suggestion) => {
    const { language, isAskedFor, texts, end, accepted, isKept } = suggestion;
    if (suggestion.isLearned || isAskedFor || end === undefined || end === 'unknown') return;
    if (end === 'right' && accepted > 0 && isKept === undefined) return;
    suggestion.isLearned = true;
    learn(language, texts[0]!.confidence, end === 'right' && isKept !== false);
  };

  /** @param how all of it is in the document, or the user has typed something else, or has gone away */
  const finish = (how: 'done' | 'refused' | 'left') => {
    const over = current;
    if (over === undefined) return;
    current = undefined;
    const isSeen = over.accepted > 0 || clock.now() - over.shownAt >= readingMs;
    if (!isSeen) return;
    countFor(over, { shown: 1, ms: over.ms });
    const isRight = how === 'done' || over.typed >= firstLineOf(over).length;
    over.end = isRight ? 'right' : how === 'refused' ? 'wrong' : 'unknown';
    learnFrom(over);
  };

  const judge = (one: Followed, readText = read) => {
    if (one.isJudged) return;
    one.isJudged = true;
    one.timer.abort();
    const { suggestion } = one;
    if (suggestion.isKept === undefined) {
      suggestion.isKept = isThere(one, readText);
      if (suggestion.isKept) countFor(suggestion, { kept: 1 });
    }
    learnFrom(suggestion);
    if (one.isSaved) followed.delete(one);
  };

  const follow = (suggestion: Suggestion, text: string, from: number, to: number) => {
    const timer = new AbortController();
    const one = { suggestion, text, from, to, isJudged: false, isSaved: false, timer };
    followed.add(one);
    void clock.sleep(keptMs, timer.signal).then(() => judge(one));
    if (followed.size <= maxFollowed) return;
    const [oldest] = followed;
    judge(oldest!);
    followed.delete(oldest!);
  };

  /** The user has accepted the characters `from` to `to` of the suggestion's text. */
  const accept = (suggestion: Suggestion, from: number, to: number) => {
    const { text } = suggestion.texts[0]!;
    const isFirst = suggestion.accepted === 0;
    suggestion.accepted = to;
    // The key that accepts is a key too.
    const keys = Math.max(0, keysOf(text.slice(from, to)) - 1);
    countFor(suggestion, { keys, ...(isFirst && { accepted: 1 }) });
    const end = suggestion.start + to;
    const before = [...followed].find(one => one.suggestion === suggestion);
    if (before === undefined) return follow(suggestion, text.slice(from, to), suggestion.start + from, end);
    before.text = text.slice(Math.max(0, before.from - suggestion.start), to);
    before.to = end;
  };

  /** A change at the place of the suggestion that is shown. */
  const apply = (suggestion: Suggestion, { offset, length, text }: TextChange) => {
    const { start, typed } = suggestion;
    if (isBefore({ offset, length }, start)) {
      suggestion.start += text.length - length;
      return;
    }
    const at = offset - start;
    if (at < 0) return finish('left');
    if (at > typed) return;
    if (text === '') {
      suggestion.typed = at;
      return;
    }
    const inserted = withoutClosing(text);
    const agreeing = suggestion.texts.filter(one => one.text.startsWith(inserted, at));
    if (agreeing.length === 0) return finish('refused');
    suggestion.texts = agreeing;
    suggestion.typed = at + inserted.length;
    suggestion.lastChange = at;
    // A key types one character, or a line break with its indentation.
    if (keysOf(inserted) > 1) accept(suggestion, at, suggestion.typed);
    const { text: whole, replaced } = agreeing[0]!;
    if ([replaced, ''].includes(whole.slice(suggestion.typed))) finish('done');
  };

  return {
    shown({ uri, languageId, offset, ms, isAskedFor }, texts) {
      if (texts.length === 0) return () => undefined;
      const before =
        current?.uri === uri && current.start + current.typed === offset
          ? continued(current, texts)
          : undefined;
      if (before === undefined) {
        finish('left');
        const start = { start: offset, typed: 0, lastChange: 0, accepted: 0 };
        current = { uri, language: languageId, ms, isAskedFor, shownAt: clock.now(), texts, ...start };
      } else {
        current!.texts = before;
      }
      const suggestion = current!;
      const wholes = suggestion.texts;
      return index => {
        const whole = wholes[index];
        if (whole === undefined || suggestion.accepted >= whole.text.length) return;
        suggestion.texts = [whole];
        const isLastChange = suggestion.typed === whole.text.length;
        accept(suggestion, isLastChange ? suggestion.lastChange : suggestion.typed, whole.text.length);
      };
    },
    changed(uri, changes) {
      for (const change of changes) {
        for (const one of followed)
          if (one.suggestion.uri === uri) Object.assign(one, moveRange(one, change));
        if (current?.uri === uri) apply(current, change);
      }
    },
    cursorAt(uri, offset) {
      if (current === undefined) return;
      if (uri !== current.uri || offset !== current.start + current.typed) finish('left');
    },
    saved(uri) {
      for (const one of followed) {
        if (one.suggestion.uri !== uri || one.isSaved) continue;
        one.isSaved = true;
        countFor(one.suggestion, { saved: 1, keptAtSave: isThere(one, read) ? 1 : 0 });
        if (one.isJudged) followed.delete(one);
      }
    },
    closed(uri, readClosed) {
      if (current?.uri === uri) finish('left');
      for (const one of followed) {
        if (one.suggestion.uri !== uri) continue;
        judge(one, readClosed);
        followed.delete(one);
      }
    },
    dispose() {
      finish('left');
      for (const one of followed) judge(one);
      followed.clear();
    },
  };
}

/** @returns the texts of a suggestion that is shown again while the user types it; undefined if these are others */
function continued({ texts, typed }: Suggestion, next: readonly ShownText[]): ShownText[] | undefined {
  const { text, source, confidence } = texts[0]!;
  const begin = text.slice(0, typed);
  const isSame = next[0]!.source === 'typed-along' || begin + next[0]!.text === text;
  // It keeps the source and the confidence with which it was shown first.
  return isSame ? next.map(one => ({ ...one, text: begin + one.text, source, confidence })) : undefined;
}

function firstLineOf({ texts }: Suggestion): string {
  return /^\s*[^\r\n]*/.exec(texts[0]!.text)![0];
}

/** Whether the accepted text is still in its range. Blanks do not count, because a formatter moves them. */
function isThere({ suggestion, text, from, to }: Followed, read: TrackerOptions['read']): boolean {
  const withoutBlanks = (some: string) => some.replaceAll(/\s/g, '');
  return withoutBlanks(read(suggestion.uri, from, to) ?? '').includes(withoutBlanks(text));
}

/** Whether a change ends before a place, and does not insert at that place. */
function isBefore({ offset, length }: Pick<TextChange, 'offset' | 'length'>, place: number): boolean {
  return offset < place && offset + length < place;
}

/** @returns the range after a change. What is inserted at its edges stays outside. */
export function moveRange(
  { from, to }: { readonly from: number; readonly to: number },
  { offset, length, text }: TextChange,
): { readonly from: number; readonly to: number } {
  const grown = text.length - length;
  if (offset + length <= from) return { from: from + grown, to: to + grown };
  if (offset >= to) return { from, to };
  return { from: Math.min(from, offset), to: Math.max(to, offset + length) + grown };
}

/** Brackets and quotes that the editor closes as soon as they are typed. */
const closedPairs: ReadonlySet<string> = new Set(['()', '[]', '{}', '<>', '""', "''", '``']);

/** @returns what the user typed, without the closing bracket or quote that the editor adds */
function withoutClosing(inserted: string): string {
  return closedPairs.has(inserted) ? inserted.charAt(0) : inserted;
}
