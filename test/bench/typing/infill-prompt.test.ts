/** The rival's prompt in `bench:typing`, on a tokenizer whose tokens are bytes. */
import { expect, it } from 'vitest';
import { infillMarks, infillPrompt, partsOf } from '../../../bench/typing/infill-prompt';
import { createByteTokenizer, spell } from '../../byte-tokenizer';
import { place } from '../../notation';

const tokenizer = createByteTokenizer();
const prompt = (text: string, batch: number) =>
  spell(tokenizer, infillPrompt(place(text), tokenizer, infillMarks(tokenizer), batch));

it('has the prefix, then the suffix, then the middle', () =>
  expect(prompt('a\nb = █;\nc', 400)).toBe('<|fim_prefix|>a\nb = <|fim_suffix|>;\nc\n<|fim_middle|>'));

it('leaves out an indentation, which the model writes anew', () =>
  expect(prompt('a\n  █\nc', 400)).toBe('<|fim_prefix|>a\n<|fim_suffix|>\nc\n<|fim_middle|>'));

it('takes three quarters of a batch before the line, and a quarter for the line and the suffix', () =>
  expect(prompt('123456789\nab█\n123456789', 40)).toBe(
    '<|fim_prefix|>123456789\nab<|fim_suffix|>\n12345<|fim_middle|>',
  ));

it('cuts the beginning of the text before the line', () =>
  expect(prompt('1234567890\nab█\n', 12)).toBe('<|fim_prefix|>34567890\nab<|fim_suffix|><|fim_middle|>'));

it('takes 256 lines above and 64 below', () => {
  const { above, behind } = partsOf(place(`${'up\n'.repeat(300)}█${'\ndown'.repeat(300)}`));
  expect(above.match(/up/g)).toHaveLength(256);
  expect(behind.match(/down/g)).toHaveLength(64);
});
