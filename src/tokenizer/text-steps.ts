/**
 * Reads how a `tokenizer.json` changes a text and cuts it into pre-tokens, and says it in the words that the
 * library understands. A step that is not known here, or that the library does differently from the reference, is an
 * error.
 */
import type { JsonFile } from '../checkpoint/json-file';
import { byteLevelSteps, digitPattern, findPattern, gpt2Pattern, splitStep } from './pre-tokenizers';
import type { Vocabulary } from './vocabulary';

export interface TextSteps {
  readonly normalizer: object | null;
  readonly pre_tokenizer: object | null;
  /** Whether one of them puts a space in front of a text. */
  readonly putsSpace: boolean;
  /** A token is spelled with one character a byte. Otherwise it is spelled as text, with U+2581 for each space. */
  readonly isByteLevel: boolean;
}

/** @throws ModelFileError */
export function readTextSteps(json: JsonFile, vocabulary: Vocabulary): TextSteps {
  const normalizers = stepsOf(json, 'normalizer', 'normalizers').map(readNormalizer);
  const cuts = stepsOf(json, 'pre_tokenizer', 'pretokenizers');
  const patterns: string[] = [];
  let metaspace: object[] | undefined;
  let isByteLevel = false;
  for (const [index, step] of cuts.entries()) {
    const type = step.string('type', { oneOf: ['ByteLevel', 'Digits', 'Metaspace', 'Split'] });
    if (isByteLevel) throw step.wrong('type', type, 'nothing after ByteLevel');
    if (type === 'Metaspace') {
      if (cuts.length > 1)
        throw step.wrong('type', type, `no other step, but this is step ${index + 1} of ${cuts.length}`);
      metaspace = readMetaspace(step, vocabulary);
    } else if (type === 'Digits') patterns.push(readDigits(step));
    else if (type === 'Split') patterns.push(...readSplit(step, normalizers.some(isSpaces)));
    else {
      isByteLevel = true;
      patterns.push(...readByteLevel(step));
    }
  }
  const normalizer = normalizers.length > 0 ? { type: 'Sequence', normalizers } : null;
  if (isByteLevel) {
    const pre_tokenizer = byteLevelSteps(patterns, spelling => vocabulary.tokens.has(spelling));
    return { normalizer, pre_tokenizer, putsSpace: false, isByteLevel };
  }
  if (metaspace === undefined && !normalizers.some(isSpaces))
    throw json.wrong('pre_tokenizer', json.unknown('pre_tokenizer'), 'ByteLevel, or Metaspace');
  const pretokenizers = [...(metaspace ?? []), ...patterns.map(splitStep)];
  const putsSpace =
    normalizers.some(step => 'prepend' in step) ||
    pretokenizers.some(step => 'prepend_scheme' in step && step.prepend_scheme !== 'never');
  return { normalizer, pre_tokenizer: { type: 'Sequence', pretokenizers }, putsSpace, isByteLevel };
}

/** The field may hold one step, a sequence of steps, or nothing. */
function stepsOf(json: JsonFile, field: string, list: string): readonly JsonFile[] {
  if (!json.has(field)) return [];
  const step = json.object(field);
  return step.unknown('type') === 'Sequence' ? step.objects(list) : [step];
}

const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
const isSpaces = (step: object) => step === spaces;

function readNormalizer(step: JsonFile): object {
  const type = step.string('type', { oneOf: ['NFC', 'Prepend', 'Replace'] });
  if (type === 'NFC') return { type };
  if (type === 'Prepend') return { type, prepend: step.string('prepend', { oneOf: ['▁'] }) };
  step.object('pattern').string('String', { oneOf: [' '] });
  step.string('content', { oneOf: ['▁'] });
  return spaces;
}

function readMetaspace(step: JsonFile, { added }: Vocabulary): object[] {
  const replacement = step.string('replacement', { oneOf: ['▁'] });
  // Older files have `add_prefix_space` instead of `prepend_scheme`.
  const fallback = step.boolean('add_prefix_space', true) ? 'always' : 'never';
  const scheme = step.string('prepend_scheme', { oneOf: ['always', 'first', 'never'], fallback });
  // The library treats the text after such a token as a new text, and puts a space in front of it.
  if (scheme === 'first' && added.some(({ normalized }) => normalized))
    throw step.wrong('prepend_scheme', scheme, 'always or never where added_tokens are normalized');
  const metaspace = { type: 'Metaspace', replacement, prepend_scheme: scheme };
  // The library ignores `split`, so we add the cut ourselves.
  return step.boolean('split', true) ? [metaspace, splitStep('▁[^▁]*')] : [metaspace];
}

function readDigits(step: JsonFile): string {
  return step.boolean('individual_digits', false) ? digitPattern : `${digitPattern}+`;
}

function readByteLevel(step: JsonFile): string[] {
  if (step.boolean('add_prefix_space', true)) throw step.wrong('add_prefix_space', true, 'false');
  return step.boolean('use_regex', true) ? [gpt2Pattern] : [];
}

function readSplit(step: JsonFile, hasNoSpaces: boolean): string[] {
  const pattern = step.object('pattern');
  // Gemma cuts at spaces, but its normalizer has already replaced all of them.
  if (hasNoSpaces && pattern.unknown('String') === ' ') return [];
  const behavior = step.string('behavior', { oneOf: ['Isolated', 'Removed'] });
  const invert = step.boolean('invert', false);
  if (invert !== (behavior === 'Removed')) throw step.wrong('invert', invert, `${!invert} with ${behavior}`);
  const regex = pattern.string('Regex');
  const found = findPattern(regex, invert);
  if (found === undefined) throw pattern.wrong('Regex', regex, 'the pattern of a known model');
  return [found];
}
