/**
 * Makes a tokenizer from Hugging Face's `tokenizer.json`. Every field is read and checked here. The library gets only
 * those features in which it agrees with the reference (Python's `tokenizers`). Any other feature is an error that
 * names the field.
 */
import type { JsonFile } from '../checkpoint/json-file';
import type { CheckpointFacts } from './checkpoint-facts';
import { createHuggingFaceTokenizer } from './hugging-face-tokenizer';
import { readTextSteps } from './text-steps';
import { byteLevelBytes, sentencePieceBytes, singleByte, type Tokenizer, utf8Bytes } from './tokenizer';
import { readVocabulary, type Vocabulary } from './vocabulary';

/** @throws ModelFileError */
export function createFromTokenizerJson(json: JsonFile, facts: CheckpointFacts): Tokenizer {
  const model = json.object('model');
  refuseOtherModels(model);
  const vocabulary = readVocabulary(json, facts);
  const { isByteLevel, putsSpace, ...steps } = readTextSteps(json, vocabulary);
  if (!isByteLevel) requireBytes(model, vocabulary);
  return createHuggingFaceTokenizer({
    json: {
      ...steps,
      added_tokens: vocabulary.added,
      post_processor: null,
      decoder: null,
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(vocabulary.tokens),
        merges: vocabulary.merges,
        byte_fallback: !isByteLevel,
        ignore_merges: model.boolean('ignore_merges', false),
      },
    },
    bytesOfId: bytesOfIds(vocabulary, isByteLevel, facts.vocabularySize),
    special: vocabulary.marks,
    putsSpace,
    endIds: endIdsOf(facts, vocabulary),
    ...startOf(json, facts, vocabulary),
  });
}

function refuseOtherModels(model: JsonFile): void {
  // GPT-2's own file does not have the field.
  model.string('type', { oneOf: ['BPE'], fallback: 'BPE' });
  for (const field of ['continuing_subword_prefix', 'end_of_word_suffix'])
    if (model.has(field) && model.unknown(field) !== '')
      throw model.wrong(field, model.unknown(field), 'none');
  if (model.has('dropout')) model.number('dropout', { min: 0, max: 0 });
}

/** Any text must be encodable. A character without a token becomes its bytes, so each byte needs a token. */
function requireBytes(model: JsonFile, { tokens }: Vocabulary): void {
  if (!model.boolean('byte_fallback', false)) throw model.wrong('byte_fallback', false, 'true');
  for (let byte = 0; byte < 256; byte++) {
    const spelling = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
    if (!tokens.has(spelling)) throw model.wrong('vocab', undefined, `a token ${spelling}`);
  }
}

function bytesOfIds(vocabulary: Vocabulary, isByteLevel: boolean, size: number | undefined): Uint8Array[] {
  const nothing = new Uint8Array(0);
  // The embedding table of a model often has more rows than there are tokens.
  const bytes: Uint8Array[] = new Array(Math.max(vocabulary.size, size ?? 0)).fill(nothing);
  for (const [spelling, id] of vocabulary.tokens)
    bytes[id] = isByteLevel
      ? (byteLevelBytes(spelling) ?? utf8Bytes(spelling))
      : (singleByte(spelling) ?? sentencePieceBytes(spelling));
  for (const { content, id } of vocabulary.added)
    bytes[id] = isByteLevel ? utf8Bytes(content) : sentencePieceBytes(content);
  for (const id of vocabulary.marks.values()) bytes[id] = nothing;
  return bytes;
}

function endIdsOf({ endIds, endName }: CheckpointFacts, { marks }: Vocabulary): readonly number[] {
  const named = endName === undefined ? undefined : marks.get(endName);
  return named === undefined ? endIds : [...new Set([...endIds, named])];
}

/** The token that begins a text. The folder's configuration counts; if it says nothing, the file's own template. */
function startOf(json: JsonFile, facts: CheckpointFacts, { marks }: Vocabulary): { startId?: number } {
  const name = facts.start === undefined ? templateStart(json) : facts.start;
  const startId = name === null ? undefined : marks.get(name);
  return startId === undefined ? {} : { startId };
}

function templateStart(json: JsonFile): string | null {
  if (!json.has('post_processor')) return null;
  const processor = json.object('post_processor');
  const steps = processor.has('processors') ? processor.objects('processors') : [processor];
  const template = steps.find(step => step.unknown('type') === 'TemplateProcessing');
  const first = template?.objects('single')[0];
  return first?.has('SpecialToken') ? first.object('SpecialToken').string('id') : null;
}
