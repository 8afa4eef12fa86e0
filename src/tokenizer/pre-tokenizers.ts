/**
 * How a text is cut into pre-tokens: words, numbers, runs of signs or of white space. Merging comes afterwards, inside
 * each of them. A `tokenizer.json` spells the pattern out. A GGUF file has llama.cpp's name for it
 * (gguf-pre-tokenizers.ts).
 *
 * A way to cut is a list of patterns, applied in turn. A pattern cuts each part into its matches and the text between
 * them.
 * Source: the tokenizer.json of the models named; https://github.com/ggml-org/llama.cpp, `llama-vocab.cpp`.
 */
import { byteOfCharacter } from './token-bytes';

const { raw } = String;
const backtick = '`';

/**
 * White space as Unicode (and the reference) defines it. JavaScript's `\s` has U+FEFF and lacks U+0085: with it, 2 % of
 * a set of odd texts got other tokens than in the reference (docs/log.md, "GGUF vocabularies").
 */
const space = raw`\t-\r\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** The reference, which ignores case by Unicode's rules, matches U+017F as a small s. */
const contractions = raw`'[sSſ]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]`;
const anyCase = raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)`;
/** The same contractions as Ling writes them. */
const anyCaseOfLing = raw`'(?i:[sdmt]|ll|ve|re)`;

/**
 * The reference's pattern as a JavaScript pattern in which `\s` and `\S` mean Unicode's white space. JavaScript has no
 * possessive quantifiers (`++`). In these patterns a greedy one matches the same, because nothing after it could match
 * what it would give back.
 */
function inJavaScript(pattern: string): string {
  return pattern
    .replaceAll(anyCase, `(?:${contractions})`)
    .replaceAll(anyCaseOfLing, `(?:${contractions})`)
    .replaceAll(']?+', ']?')
    .replaceAll(']++', ']+')
    .replaceAll(nestedClassOfBloom, classOfBloom)
    .replace(/\[\^[^\]]*\]|\[[^\]]*\]|\\s|\\S/g, part => {
      if (part === raw`\s`) return `[${space}]`;
      if (part === raw`\S`) return `[^${space}]`;
      return part.replaceAll(raw`\s`, space);
    });
}

const gpt2 = raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Ends of a pattern: white space before a word keeps one space for it. */
const blanks = raw`\s*[\r\n]+|\s+(?!\S)|\s+`;

/**
 * The pattern of Llama 3 and Qwen2.
 * @param digits the pattern of a number
 */
const gpt4 = (digits: string) =>
  raw`${anyCase}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|${blanks}`;

/** The pattern of Phi-4-mini and Mistral NeMo. A word ends where a capital follows a small letter. */
const gpt4o = (digits: string, contraction: string) => {
  const capitals = raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
  const small = raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
  return (
    raw`${capitals}*${small}+${contraction}|${capitals}+${small}*${contraction}|${digits}` +
    raw`| ?[^\s\p{L}\p{N}]+[\r\n/]*|${blanks}`
  );
};

/** DeepSeek-V3: after a sign of ASCII, Latin letters. @param afterSigns what follows a run of signs */
const deepseekWords = (afterSigns: string) => {
  const signs = raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${backtick}{|}~]`;
  return (
    raw`${signs}[A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+` +
    raw`| ?[\p{P}\p{S}]+${afterSigns}|\s+(?!\S)|\s+`
  );
};

/** Kimi K2: GPT-4o, but a run of Chinese characters is a word of its own. */
const kimi = () => {
  const notHan = (letters: string) => raw`(?:(?!\p{Script=Han})[${letters}])`;
  const capital = notHan(raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`);
  const small = notHan(raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`);
  const before = raw`[^\r\n\p{L}\p{N}]?`;
  return (
    raw`\p{Script=Han}+|${before}${capital}*${small}+${anyCase}?|${before}${capital}+${small}*${anyCase}?` +
    raw`|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${blanks}`
  );
};

/** As in Ruby, a class in a class is a part of it. */
const nestedClassOfBloom = raw`[^(\s|[.,!?…。，、।۔،])]`;
const classOfBloom = raw`[^(\s|.,!?…。，、।۔،)]`;

/** The letters of scripts with capitals, as the tokenizer.json of DeepSeek LLM lists them. */
const casedLetters =
  'A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝ\u1f5f-\u1f7dᾀ-ᾴ\u1fb6-\u1fbc\u1fbeῂ-ῄῆ-ῌ' +
  '\u1fd0-\u1fd3\u1fd6-\u1fdbῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212a-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃';

const chinese = '[一-龥ࠀ-一가-퟿]+';
const chineseAndJapanese = '[一-龥぀-ゟ゠-ヿ]+';
const threeDigits = raw`\p{N}{1,3}`;

/** Each way to cut, as the reference spells its patterns. */
export const publishedPatterns = {
  gpt2: [gpt2],
  digitsAndGpt2: [raw`\p{N}`, gpt2],
  llama3: [gpt4(threeDigits)],
  qwen2: [gpt4(raw`\p{N}`)],
  /** Combining marks belong to the word that they follow. */
  qwen35: [raw`${anyCase}|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|${blanks}`],
  seedCoder: [raw`${anyCase}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|${blanks}`],
  ufakzeka: [raw`[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${blanks}`],
  ling: [
    raw`${anyCaseOfLing}|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+`,
  ],
  exaoneMoe: [
    raw`${anyCase}|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}` +
      raw`| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+`,
  ],
  /** Runs of spaces are cut into powers of two. */
  jais2: [
    raw`${anyCase}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|` +
      [512, 256, 128, 64, 32, 16, 8, 4].map(count => raw`\s{${count}}(?!\S)|`).join('') +
      raw`\s{1,2}(?!\S)|\s{1}`,
  ],
  miniCpm5: [threeDigits, gpt4(raw`\p{N}+`)],
  laguna: [raw`[^\n]+|[\n]+`, gpt4(raw`\p{N}`)],
  gpt4o: [gpt4o(threeDigits, `${anyCase}?`)],
  tekken: [gpt4o(raw`\p{N}`, '')],
  tinyAya: [raw`\d{1,3}(?=(?:\d{3})*\b)`, gpt4o(threeDigits, `${anyCase}?`)],
  kimiK2: [kimi()],
  youtu: [
    '[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+',
    gpt4o(raw`\p{N}`, `${anyCase}?`),
  ],
  deepseekLlm: [
    raw`[\r\n]`,
    raw`\s?[${casedLetters}]+`,
    raw`\s?[!-/:-~！-／：-～‘-‟　-。]+`,
    raw`\s+$`,
    chinese,
    raw`\p{N}+`,
  ],
  deepseekCoder: [raw`[\r\n]`, raw`\s?\p{L}+`, raw`\s?\p{P}+`, chinese, raw`\p{N}`],
  deepseekV3: [threeDigits, chineseAndJapanese, deepseekWords(raw`[\r\n]*|\s*[\r\n]+`)],
  spark: [threeDigits, chineseAndJapanese, deepseekWords(raw`|[\r\n]`), raw`\p{N}`],
  afmoe: [
    raw`\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))`,
    '[一-鿿㐀-䶿\uf900-\ufaff぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+',
    deepseekWords(raw`[\r\n]*|\s*[\r\n]+`),
  ],
  bloom: [` ?${nestedClassOfBloom}+`],
  viking: [` ?${nestedClassOfBloom}+`, raw`\p{N}`],
  chameleon: [
    raw`<sentinel:[0-9]+>`,
    raw`(?:IMGIMG)(?:(?:A|B|C|D|E|F|G|H|I){1,4})Z`,
    raw`(?:[\t\n]|    |  )`,
    raw`\p{N}`,
    raw`[\p{P}!-/:-@\[-${backtick}{-~]`,
    gpt2,
  ],
  /** Digits in threes, counted from the right. The reference cuts at places; here each piece is matched instead. */
  superBpe: [raw`\p{N}+`, raw`[\s\S](?:(?!(?:\p{Nd}{3})+(?!\p{Nd}))[\s\S])*`],
  falcon: [raw`[\p{P}$+<=>^${backtick}|~]+`, gpt2],
  /** llama.cpp's way for a file that does not say its own. */
  default: [raw`[\p{P}$+<=>^~|]+`, gpt2, raw`\p{N}+`, '[0-9][0-9][0-9]'],
} as const;

/** The patterns of one way to cut. */
export function patternsOf(name: keyof typeof publishedPatterns): readonly string[] {
  return publishedPatterns[name].map(inJavaScript);
}

/** Patterns whose matches cover the whole text. */
const coveringPatterns: readonly string[] = (
  ['gpt2', 'llama3', 'qwen2', 'qwen35', 'seedCoder', 'ufakzeka', 'gpt4o', 'tekken'] as const
).flatMap(name => publishedPatterns[name]);

const knownPatterns: readonly string[] = Object.values(publishedPatterns).flat();

export const gpt2Pattern = inJavaScript(gpt2);
export const digitPattern = raw`\p{N}`;

/**
 * The JavaScript pattern for a pattern of a `tokenizer.json`. Only patterns that were compared with the reference are
 * accepted: an unknown one may take forever, or mean something else in JavaScript.
 *
 * @param onlyMatches the text between two matches would be dropped
 * @returns undefined if the pattern is not known
 */
export function findPattern(pattern: string, onlyMatches: boolean): string | undefined {
  const known = onlyMatches ? coveringPatterns : knownPatterns;
  return known.includes(pattern) ? inJavaScript(pattern) : undefined;
}

/**
 * The `pre_tokenizer` of a `tokenizer.json` that cuts by `patterns` and then spells each byte as a character.
 * @param has whether the vocabulary has a token of this spelling
 * @param byteLevelPatterns cut the spelled bytes once more
 */
export function byteLevelSteps(
  patterns: readonly string[],
  has: (spelling: string) => boolean,
  byteLevelPatterns: readonly string[] = [],
): object {
  const missing = [...byteOfCharacter.keys()].filter(character => !has(character));
  return {
    type: 'Sequence',
    pretokenizers: [
      ...patterns.map(splitStep),
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ...byteLevelPatterns.map(splitStep),
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
