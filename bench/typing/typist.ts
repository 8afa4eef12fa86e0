/**
 * A person typing: from files with holes to the keystrokes that fill them, the same ones for the same seed.
 *
 * Words come in bursts, a new line after a pause; a wrong letter is seen and taken back; after a few lines the person
 * goes on in another place; a suggestion that is right as a whole is accepted. Line breaks bring their indentation
 * along, as in an editor. Not simulated: brackets that the editor closes by itself, and the suggest widget.
 *
 * Intervals are log-normal. Their medians are a fast typist's: Dhakal et al., Observations on Typing from 136 Million
 * Keystrokes (CHI 2018), found 239 ms between two keys on average and 120 ms among the fastest. The pauses and the
 * share of errors are our assumption. Knows nothing of who answers or how fast.
 */
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { Random } from '../../test/random';

/** A stretch of a file that is to be typed: the rest of the file is there already. */
export interface Place {
  readonly path: string;
  /** Before the hole, in it, and after it. */
  readonly before: string;
  readonly missing: string;
  readonly after: string;
}

/** What is shown at a place to a person who waits for it. */
export interface Suggestion {
  readonly text: string | undefined;
  /** That the model writes for it. */
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
  /** Characters that this key put there. */
  readonly characters: number;
  /** Whether this key is the first after the cursor went elsewhere. */
  readonly isJump: boolean;
}

const withinWordMs = 130;
const betweenWordsMs = 200;
/** Of the logarithm: one interval in twenty is 2.1 times the median or more. */
const spread = 0.45;
const lineStartMs = [500, 3000] as const;
/** To see that a letter was wrong, and to read a suggestion before it is accepted. */
const noticeMs = 350;
const errorShare = 0.05;
const linesPerStretch = [2, 5] as const;
/** Nobody reaches for Tab to save a key or two. */
const leastAccepted = 3;

/**
 * @param suggest what is shown at a place
 * @returns keystrokes by stretch: between two of them the person jumps
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

/** The next character, with what may come with it: a wrong one first, a suggestion accepted after it. */
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
  const isRight = text.length >= leastAccepted && rest.slice(key.length).startsWith(text);
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

/** Until the key that follows `key`, with which `rest` begins. */
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

/** Where the `count`-th line break after `from` is, or the end. */
function endOfLines(text: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line++) {
    const next = text.indexOf('\n', at + 1);
    if (next === -1) return text.length;
    at = next;
  }
  return at;
}
