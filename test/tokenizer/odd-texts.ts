/** Texts that break tokenizers: words of code between all kinds of Unicode characters. */
import { createRandom, type Random } from '../random';

const code = [
  ...[
    'const ',
    'return',
    'foo_bar',
    'XMLHttpRequest',
    '=>',
    '();',
    '"',
    '`${',
    '}',
    '\\n',
    '0xFF',
    '1_000',
    '// ',
  ],
  ...['\n', '\r\n', '\r', '\t', ' ', '    ', ' '.repeat(37), '\n\n\n', "'ll", "'S", '====', '!!', '<|', '|>'],
];
const odd = [
  ...[
    'é',
    'e\u0301',
    'n\u0303\u0330',
    '日本語',
    'ﷺ',
    'עברית',
    'العربية',
    '\u202e',
    '\u200f',
    '\u200d',
    '\u00a0',
  ],
  ...['😀', '👩‍👩‍👧‍👦', '🇩🇪', '👍🏽', '𝔘', '\u{10ffff}', '\ufffd', '\uffff', '\ufeff', '\u2028', '\u0085'],
  ...['\0', '\u0001', '\u001b', '\u007f', '\u0080', '\ud800', '\udbff', '\udc00', '\udfff'],
];

/** The parts that every version of Unicode treats alike, and the spellings of marks. */
export const oddPieces: readonly string[] = [
  ...[...code, ...odd].filter(piece => !/[\ud800-\udfff]/u.test(piece) && !/[\u{10ffff}\uffff]/u.test(piece)),
  ...[
    '<|endoftext|>',
    '<|fim_prefix|>',
    '<fim_middle>',
    '<s>',
    '</s>',
    '▁<PRE>',
    '[SUFFIX]',
    '<table>',
    '▁',
    '▁▁',
    '->',
  ],
];

export function* oddTexts(count: number, seed: number): Generator<string> {
  const random = createRandom(seed);
  for (let index = 0; index < count; index++) yield oddText(random, random.below(30));
}

function oddText(random: Random, length: number): string {
  const piece = () =>
    random.pick([
      () => random.pick(code),
      () => random.pick(code),
      () => random.pick(odd),
      () => String.fromCharCode(random.below(0x10000)),
      () => String.fromCodePoint(random.below(0x110000)),
    ])();
  return Array.from({ length }, piece).join('');
}
