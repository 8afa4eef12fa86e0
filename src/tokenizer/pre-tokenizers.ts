/**
 * How texts are cut into the pieces that merges stay within: by the pattern that a `tokenizer.json` spells out, or by
 * llama.cpp's name for it (`tokenizer.ggml.pre`). Each is a list of patterns: every piece that the ones before left is
 * cut into the matches of the next and what lies between them.
 * Source: https://github.com/ggml-org/llama.cpp, `llama-vocab.cpp`; and the tokenizer.json of the models named.
 */

const { raw } = String;

/**
 * White space as Unicode (and so the reference) has it. JavaScript's `\s` holds U+FEFF and lacks U+0085, which is
 * 2 % of odd texts tokenized otherwise (docs/log.md).
 */
const space = raw`\t-\r\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** To the reference, U+017F is another small s. */
const contractions = raw`'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]`;
const anyCase = raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)`;

/** JavaScript's words for the reference's: `\s` and `\S` mean Unicode's white space. */
function inJavaScript(words: string): string {
  return words
    .replaceAll(anyCase, `(?:${contractions})`)
    .replace(/\[\^[^\]]*\]|\[[^\]]*\]|\\s|\\S/g, part => {
      if (part === raw`\s`) return `[${space}]`;
      if (part === raw`\S`) return `[^${space}]`;
      return part.replaceAll(raw`\s`, space);
    });
}

const gpt2 = raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Llama 3's and Qwen's, with at most so many digits in a piece. */
const gpt4 = (digits: string) =>
  raw`${anyCase}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Phi-4-mini's and Mistral NeMo's: a word ends where a capital follows a small letter. */
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

/** Patterns that leave nothing between their matches. */
const whole = [
  gpt2,
  gpt4(raw`\p{N}`),
  gpt4(raw`\p{N}{1,3}`),
  gpt4o(raw`\p{N}{1,3}`, `${anyCase}?`),
  gpt4o(raw`\p{N}`, ''),
];

export const gpt2Pattern = inJavaScript(gpt2);
export const digitPattern = digit;

/**
 * A pattern of a `tokenizer.json` in JavaScript's words. Another one could never end, or mean something else in
 * JavaScript: only those that are held to the reference are run.
 * @param onlyMatches whether what lies between two matches would be dropped
 * @returns undefined if it is not known
 */
export function findPattern(words: string, onlyMatches: boolean): string | undefined {
  const known = onlyMatches ? whole : [...whole, ...deepseekCoder];
  return known.includes(words) ? inJavaScript(words) : undefined;
}

export interface PreTokenizer {
  readonly patterns: readonly string[];
  /** A piece that is a token is that token, however its merges would have built it. */
  readonly ignoresMerges?: boolean;
  /** A text begins with the token for that, unless the file says otherwise (`tokenizer.ggml.add_bos_token`). */
  readonly addsStart?: boolean;
}

const digitByDigit = [digit, gpt2].map(inJavaScript);

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
