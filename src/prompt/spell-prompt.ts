/** A prompt's ids as a person reads them: text, with the marks between spelled out. */

import { decode, type Tokenizer } from '../tokenizer/tokenizer';
import { markNames } from './find-layout';

export function spellPrompt(tokenizer: Tokenizer, ids: readonly number[]): string {
  const names = new Map(markNames.map(name => [tokenizer.special(name), name]));
  let spelled = '';
  let text: number[] = [];
  for (const id of ids) {
    if (tokenizer.bytes(id).length > 0) {
      text.push(id);
      continue;
    }
    spelled += decode(tokenizer, text) + (names.get(id) ?? `<${id}>`);
    text = [];
  }
  return spelled + decode(tokenizer, text);
}
