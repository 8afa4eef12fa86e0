/**
 * How a text is cut into pre-tokens: words, numbers, runs of signs or of white space. Merging comes afterwards, inside
 * each of them. A `tokenizer.json` spells the pattern out. A GGUF file has llama.cpp's name for it
 * (`tokenizer.ggml.pre`).
 *
 * A way to cut is a list of patterns, applied in turn. A pattern cuts each part into its matches and the text between
 * them.
 * Source: https://github.com/ggml-org/llama.cpp, `llama-vocab.cpp`; and the tokenizer.json of the models named.
 */
import { byteOfCharacter } from './token-bytes';

export interface PreTokenizer {
  readonly patterns: readonly string[];
  /** A pre-token that is in the vocabulary becomes that token, even if merging would give others. */
  readonly ignoresMerges?: boolean;
  /** A text begins with the start token, unless the file says otherwise (`tokenizer.ggml.add_bos_token`). */
  readonly addsStart?: boolean;
}

const { raw } = String;

/**
 * White space as Unicode (and the reference) defines it. JavaScript's `\s` has U+FEFF and lacks U+0085: with it, 2 % of
 * a set of odd texts got other tokens than in the reference (docs/log.md, "GGUF vocabularies").
 */
const space = raw`\t-\r\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** The reference, which ignores case by Unicode's rules, matches U+017F as a small s. */
const contractions = raw`'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]`;
const anyCase = raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)`;

/** The reference's pattern as a JavaScript pattern in which `\s` and `\S` mean Unicode's white space. */
function inJavaScript(pattern: string): string {
  return pattern
    .replaceAll(anyCase, `(?:${contractions})`)
    .replace(/\[\^[^\]]*\]|\[[^\]]*\]|\\s|\\S/g, part => {
      if (part === raw`\s`) return `[${space}]`;
      if (part === raw`\S`) return `[^${space}]`;
      return part.replaceAll(raw`\s`, space);
    });
}

const gpt2 = raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * The pattern of Llama 3 and Qwen2.
 * @param digits the pattern of a number
 */
const gpt4 = (digits: string) =>
  raw`${anyCase}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** The pattern of Phi-4-mini and Mistral NeMo. A word ends where a capital follows a small letter. */
const gpt4o = (digits: string, contraction: string) => {
  const capitals = raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
  const small = raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
  return (
    raw`${capitals}*${small}+${contraction}|${capitals}+${small}*${contraction}|${digits}` +
    raw`| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  );
};

const deepseekCoder = [raw`[\r\n]`, raw`\s?\p{L}+`, raw`\s?\p{P}+`, '[一-龥ࠀ-一가-퟿]+'];
const digit = raw`\p{N}`;

/** Patterns whose matches cover the whole text. */
const coveringPatterns = [
  gpt2,
  gpt4(raw`\p{N}`),
  gpt4(raw`\p{N}{1,3}`),
  gpt4o(raw`\p{N}{1,3}`, `${anyCase}?`),
  gpt4o(raw`\p{N}`, ''),
];

export const gpt2Pattern = inJavaScript(gpt2);
export const digitPattern = digit;

/**
 * The JavaScript pattern for a pattern of a `tokenizer.json`. Only patterns that were compared with the reference are
 * accepted: an unknown one may take forever, or mean something else in JavaScript.
 *
 * @param onlyMatches the text between two matches would be dropped
 * @returns undefined if the pattern is not known
 */
export function findPattern(pattern: string, onlyMatches: boolean): string | undefined {
  const known = onlyMatches ? coveringPatterns : [...coveringPatterns, ...deepseekCoder];
  return known.includes(pattern) ? inJavaScript(pattern) : undefined;
}

const digitByDigit = [digit, gpt2].map(inJavaScript);

/** By llama.cpp's name. */
export const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': { patterns: [gpt2Pattern] },
  smollm: { patterns: digitByDigit },
  starcoder: { patterns: digitByDigit },
  refact: { patterns: digitByDigit },
  'command-r': { patterns: digitByDigit },
  codeshell: { patterns: digitByDigit },
  'llama-bpe': {
    patterns: [inJavaScript(gpt4(raw`\p{N}{1,3}`))],
    ignoresMerges: true,
    addsStart: true,
  },
  qwen2: { patterns: [inJavaScript(gpt4(raw`\p{N}`))] },
  'deepseek-coder': { patterns: [...deepseekCoder, digit].map(inJavaScript) },
};

/**
 * The `pre_tokenizer` of a `tokenizer.json` that cuts by `patterns` and then spells each byte as a character.
 * @param has whether the vocabulary has a token of this spelling
 */
export function byteLevelSteps(patterns: readonly string[], has: (spelling: string) => boolean): object {
  const missing = [...byteOfCharacter.keys()].filter(character => !has(character));
  return {
    type: 'Sequence',
    pretokenizers: [
      ...patterns.map(splitStep),
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      // The reference drops a byte without a token before it merges, the library drops it afterwards. The bytes beside
      // it can merge only in the reference. So we drop the byte here.
      ...(missing.length > 0
        ? [{ type: 'Replace', pattern: { Regex: `[${missing.map(escaped).join('')}]` }, content: '' }]
        : []),
    ],
  };
}

/** The step of a `tokenizer.json` that cuts into the matches of `regex` and the text between them. */
export function splitStep(regex: string): object {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
