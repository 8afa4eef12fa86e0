/**
 * How texts are cut into the pieces that merges stay within, by llama.cpp's names for it (`tokenizer.ggml.pre`).
 * Each is a list of patterns: every piece that the ones before left is cut into the matches of the next and what lies
 * between them.
 * Source: https://github.com/ggml-org/llama.cpp, `llama-vocab.cpp`; and the tokenizer.json of the models named.
 */

/**
 * White space as Unicode (and so the reference) has it. JavaScript's `\s` holds U+FEFF and lacks U+0085, which is
 * 2 % of odd texts tokenized otherwise (docs/log.md).
 */
const space = '\\t-\\r\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** A pattern in the reference's words: `\s` and `\S` mean Unicode's white space. */
function pattern(source: string): string {
  return source.replace(/\[\^[^\]]*\]|\[[^\]]*\]|\\s|\\S/g, part => {
    if (part === '\\s') return `[${space}]`;
    if (part === '\\S') return `[^${space}]`;
    return part.replaceAll('\\s', space);
  });
}

const gpt2 = pattern(`'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`);

/** Letters of either case; U+017F is another small s to the reference. */
const contractions = `'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]`;

/** GPT-4's, with at most so many digits in a piece. */
const gpt4 = (digits: string) =>
  pattern(
    `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+` +
      `|\\s+(?!\\S)|\\s+`,
  );

const digitByDigit = [pattern('\\p{N}'), gpt2];

const deepseekCoder = [
  '[\\r\\n]',
  '\\s?\\p{L}+',
  '\\s?\\p{P}+',
  '[\\u4e00-\\u9fa5\\u0800-\\u4e00\\uac00-\\ud7ff]+',
  '\\p{N}',
].map(pattern);

export interface PreTokenizer {
  readonly patterns: readonly string[];
  /** A piece that is a token is that token, however its merges would have built it. */
  readonly ignoresMerges?: boolean;
}

export const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': { patterns: [gpt2] },
  smollm: { patterns: digitByDigit },
  starcoder: { patterns: digitByDigit },
  refact: { patterns: digitByDigit },
  'command-r': { patterns: digitByDigit },
  codeshell: { patterns: digitByDigit },
  'llama-bpe': { patterns: [gpt4('\\p{N}{1,3}')], ignoresMerges: true },
  qwen2: { patterns: [gpt4('\\p{N}')] },
  'deepseek-coder': { patterns: deepseekCoder },
};
