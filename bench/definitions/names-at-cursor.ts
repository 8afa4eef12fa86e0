/** Which names at a cursor a language server would be asked about. By the text alone. */
import { identifiersOf } from '../../src/other-files/other-file';

/** As far as pieces of other files are chosen by (`src/other-files/choose-pieces.ts`). */
const near = 500;

/**
 * The nearest first, but before them the receiver of a dot and what is called by the innermost open bracket: neither
 * keywords nor what `text` itself defines.
 *
 * @param prefix the beginning of `text` up to the cursor
 * @returns where they begin, in characters
 */
export function namesAtCursor(prefix: string, text: string, most: number): readonly number[] {
  const receiver = /([\w$]+)\??\.[\w$]*$/.exec(prefix);
  const nearest = [...prefix.slice(-near).matchAll(/[A-Za-z_$][\w$]*/g)]
    .map(({ 0: name, index }) => ({ name, at: Math.max(0, prefix.length - near) + index }))
    .filter(({ name, at }) => at + name.length < prefix.length && isCode(prefix, at))
    .toReversed();
  const first = receiver ? [{ name: receiver[1]!, at: receiver.index }] : [];
  const names = new Map<string, number>();
  for (const { name, at } of [...first, ...callee(prefix), ...nearest])
    if (!names.has(name) && identifiersOf(name).size > 0 && !isDefinedIn(text, name)) names.set(name, at);
  return [...names.values()].slice(0, most);
}

function callee(prefix: string) {
  let depth = 0;
  for (let at = prefix.length - 1; at > prefix.length - near && at > 0; at--) {
    if (prefix[at] === ')') depth++;
    if (prefix[at] !== '(' || depth-- > 0) continue;
    const called = /([\w$]+)(?:<[^<>()]*>)?$/.exec(prefix.slice(0, at));
    return called ? [{ name: called[1]!, at: called.index }] : [];
  }
  return [];
}

/** Not within a string or a comment, as far as its line tells. */
function isCode(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return !/\/\/|^\s*\/?\*/.test(line) && line.split(/["'`]/).length % 2 === 1;
}

function isDefinedIn(text: string, name: string): boolean {
  const keyword = '(?:const|let|var|function|class|interface|type|enum)';
  return new RegExp(`\\b${keyword}\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}
