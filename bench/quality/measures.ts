/** Figures of replays: how much suggestions saved, how often a suggestion was right, how many were shown. */
import type { Replay, Shown } from './replay';
import type { Stretch } from './stretches';

export interface Figures {
  /** Keys that the text takes without suggestions. */
  readonly characters: number;
  /** Keys with suggestions, those that accept one included. */
  readonly keystrokes: number;
  /** Share of `characters` that suggestions saved. */
  readonly saved: number;
  /** The part of `saved` that was first suggested elsewhere than inside a word. */
  readonly savedOutsideWords: number;
  /** The part of `saved` that is new code: it stands nowhere in the document (`replay.ts`). */
  readonly savedNew: number;
  /** Number of distinct suggestions. */
  readonly shown: number;
  /** Share of the suggestions whose first line is right; undefined if there was no suggestion. */
  readonly precision: number | undefined;
  /** Share of the suggestions whose first line is right and reaches the end of the file's line. */
  readonly whole: number | undefined;
  readonly shownPerHundredKeys: number;
}

export function figuresOf(replays: readonly Replay[]): Figures {
  const characters = sum(replays.map(replay => replay.characters));
  const keystrokes = sum(replays.map(replay => replay.keystrokes));
  const shown = replays.flatMap(replay => replay.shown);
  const savedWhere = (isCounted: (stretch: Stretch, one: Shown) => boolean) =>
    sum(
      replays.flatMap(replay => replay.shown.map(one => (isCounted(replay.stretch, one) ? one.saved : 0))),
    ) / characters;
  return {
    characters,
    keystrokes,
    saved: 1 - keystrokes / characters,
    savedOutsideWords: savedWhere((stretch, { at }) => placeOf(stretch, at) !== 'inside a word'),
    savedNew: savedWhere((_, { isNew }) => isNew),
    shown: shown.length,
    precision: shareOf(shown, ({ isRight }) => isRight),
    whole: shareOf(shown, ({ isWhole }) => isWhole),
    shownPerHundredKeys: (100 * shown.length) / keystrokes,
  };
}

/** Figures by a property of the stretches. */
export function figuresBy(
  replays: readonly Replay[],
  property: (stretch: Stretch) => string,
): Map<string, Figures> {
  const groups = groupBy(replays, ({ stretch }) => property(stretch));
  return new Map([...groups].map(([name, group]) => [name, figuresOf(group)]));
}

export interface PlaceFigures {
  readonly shown: number;
  readonly precision: number | undefined;
  /** Share of all characters of the replays that suggestions at this kind of place saved. */
  readonly saved: number;
}

/** Figures by the text left and right of the cursor where a suggestion was first shown. */
export function figuresByPlace(replays: readonly Replay[]): Map<string, PlaceFigures> {
  const characters = sum(replays.map(replay => replay.characters));
  const all = replays.flatMap(({ stretch, shown }) =>
    shown.map(one => ({ ...one, place: placeOf(stretch, one.at) })),
  );
  const groups = groupBy(all, ({ place }) => place);
  return new Map(
    [...groups].map(([place, shown]) => [
      place,
      {
        shown: shown.length,
        precision: shareOf(shown, ({ isRight }) => isRight),
        saved: sum(shown.map(({ saved }) => saved)) / characters,
      },
    ]),
  );
}

export function placeOf({ source: { text }, to }: Stretch, at: number): string {
  const [before, after] = [text.slice(0, at), at === to ? '\n' : text.slice(at)];
  if (/(^|\n)[ \t]*$/.test(before)) return 'line start';
  if (after.startsWith('\n')) return 'line end';
  if (/\s$/.test(before)) return 'after a space';
  const [isAfterWord, isBeforeWord] = [/[\p{L}\p{N}_$]$/u.test(before), /^[\p{L}\p{N}_$]/u.test(after)];
  return isAfterWord ? (isBeforeWord ? 'inside a word' : 'after a word') : 'after punctuation';
}

/**
 * How much more `a` saves than `b` on the same stretches, as a share of their characters. The standard error takes the
 * stretches as a random sample.
 */
export function differenceOf(a: readonly Replay[], b: readonly Replay[]) {
  const characters = sum(a.map(replay => replay.characters));
  const saved = a.map((replay, index) => b[index]!.keystrokes - replay.keystrokes);
  const mean = sum(saved) / saved.length;
  const variance = sum(saved.map(keys => (keys - mean) ** 2)) / Math.max(1, saved.length - 1);
  return {
    saved: sum(saved) / characters,
    standardError: Math.sqrt(variance * saved.length) / characters,
  };
}

function shareOf(shown: readonly Shown[], isCounted: (shown: Shown) => boolean): number | undefined {
  return shown.length === 0 ? undefined : shown.filter(isCounted).length / shown.length;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
