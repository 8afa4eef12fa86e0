/**
 * A simulated person: makes the keystrokes that fill the holes of files, the same keys for the same seed. Knows nothing of
 * which side answers, or how fast.
 *
 * Words come in bursts, and a new line after a pause. The person sees a wrong letter and takes it back, accepts a
 * suggestion that is right as a whole, and after a few lines goes on in another place. Line breaks bring their
 * indentation along, as in an editor. Not simulated: brackets that the editor closes, and the suggest widget.
 *
 * Intervals are log-normal. Their medians are a fast typist's: Dhakal et al., Observations on Typing from 136 Million
 * Keystrokes (CHI 2018), found 239 ms between two keys on average and 120 ms among the fastest. The pauses and the
 * share of errors are our assumption.
 */
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { Random } from '../../test/random';

/** A file with a hole, which the person types. */
export interface Place {
  readonly path: string;
  readonly before: string;
  /** The text of the hole. */
  readonly missing: string;
  readonly after: string;
}

/** The suggestion that a person would see after waiting. */
export interface Suggestion {
  readonly text: string | undefined;
  /** Tokens that the model writes for it. */
  readonly tokens: number;
}

export type Suggest = (document: DocumentSnapshot) => Promise<Suggestion>;

export interface Keystroke {
  readonly kind: 'character' | 'correction' | 'accept';
  /** After the key. */
  readonly document: DocumentSnapshot;
  readonly suggestion: Suggestion;
  /** Milliseconds until the next key. */
  readonly intervalMs: number;
  /** Characters that this key adds; -1 for a correction. */
  readonly characters: number;
  /** Whether this key is the first after a jump of the cursor. */
  readonly isJump: boolean;
}

const withinWordMs = 130;
const betweenWordsMs = 200;
/** Standard deviation of the logarithm: one interval in twenty is at least 2.1 times the median. */
const spread = 0.45;
const lineStartMs = [500, 3000] as const;
/** The time to notice a wrong letter, and to read a suggestion before accepting it. */
const noticeMs = 350;
const errorShare = 0.05;
const linesPerStretch = [2, 5] as const;
/** Characters. For fewer, a person does not reach for Tab. */
const minAccepted = 3;

/**
 * @param suggest gives the suggestion that is shown at a place
 * @returns keystrokes by stretch; between two stretches the person jumps
 */
export async function* typePlaces(
  places: readonly Place[],
  random: Random,
  suggest: Suggest,
): AsyncGenerator<Keystroke[], void> {
  const typed = places.map(() => '');
  const isOpen = (at: number) => typed[at]!.length < places[at]!.missing.length;
  for (let at = 0; places.some((_, index) => isOpen(index)); at = (at + 1) % places.length) {
    if (!isOpen(at)) continue;
    const place = places[at]!;
    const stretch: Keystroke[] = [];
    const stretchEnd = endOfLines(place.missing, typed[at]!.length, between(random, linesPerStretch));
    while (typed[at]!.length < stretchEnd) {
      for await (const [text, keystroke] of typeNext(place, typed[at]!, random, suggest)) {
        typed[at] = text;
        stretch.push({ ...keystroke, isJump: stretch.length === 0 });
      }
    }
    yield stretch;
  }
}

type Key = Omit<Keystroke, 'isJump'>;

/** Types the next character. Before it may come a wrong one and its correction, and after it an accepted suggestion. */
async function* typeNext(
  place: Place,
  typed: string,
  random: Random,
  suggest: Suggest,
): AsyncGenerator<readonly [typed: string, key: Key], void> {
  const rest = place.missing.slice(typed.length);
  const press = async (kind: Key['kind'], characters: number, text: string) => {
    const document = documentAt(place, text);
    return { kind, characters, document, suggestion: await suggest(document) };
  };
  if (/^[a-z]/.test(rest) && chance(random) < errorShare) {
    const wrong = random.pick(['q', 'j', 'z'].filter(letter => letter !== rest[0]));
    const seen = await press('character', 1, typed + wrong);
    yield [typed, { ...seen, intervalMs: interval(random, noticeMs) }];
    const undone = await press('correction', -1, typed);
    yield [typed, { ...undone, intervalMs: interval(random, withinWordMs) }];
  }
  const key = /^\n[ \t]*/.exec(rest)?.[0] ?? rest[0]!;
  const typedKey = await press('character', key.length, typed + key);
  const { text = '' } = typedKey.suggestion;
  const isRight = text.length >= minAccepted && rest.slice(key.length).startsWith(text);
  const intervalMs = isRight ? interval(random, noticeMs) : intervalAfter(random, key, rest);
  yield [typed + key, { ...typedKey, intervalMs }];
  if (!isRight) return;
  const accepted = await press('accept', text.length, typed + key + text);
  yield [
    typed + key + text,
    { ...accepted, intervalMs: intervalAfter(random, text, rest.slice(key.length)) },
  ];
}

function documentAt({ path, before, after }: Place, typed: string): DocumentSnapshot {
  const prefix = before + typed;
  const languageId = path.endsWith('.py') ? 'python' : 'typescript';
  return { uri: path, path, languageId, prefix, prefixOffset: 0, suffix: after };
}

/** Milliseconds between `key`, with which `rest` begins, and the key after it. */
function intervalAfter(random: Random, key: string, rest: string): number {
  const next = rest[key.length] ?? '\n';
  if (key.startsWith('\n')) return logUniform(random, lineStartMs);
  return interval(random, /\w/.test(next) && /\w$/.test(key) ? withinWordMs : betweenWordsMs);
}

function interval(random: Random, medianMs: number): number {
  // Box and Muller's normal distribution.
  const normal = Math.sqrt(-2 * Math.log(1 - chance(random))) * Math.cos(2 * Math.PI * chance(random));
  return medianMs * Math.exp(spread * normal);
}

function logUniform(random: Random, [low, high]: readonly [number, number]): number {
  return low * (high / low) ** chance(random);
}

function chance(random: Random): number {
  return random.below(2 ** 30) / 2 ** 30;
}

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + random.below(high - low + 1);
}

/** The place of the `count`-th line break after `from`, or the end of the text. */
function endOfLines(text: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line++) {
    const next = text.indexOf('\n', at + 1);
    if (next === -1) return text.length;
    at = next;
  }
  return at;
}
