/** The names near a cursor that a language server would be asked about, found in the text alone. */
import { identifiersOf } from '../../src/other-files/other-file';

/** Characters before the cursor. Pieces of other files are chosen by as many (`src/other-files/choose-pieces.ts`). */
const near = 500;

/**
 * First the name before a dot at the cursor, then the function whose call is open, then the nearest names. Keywords and
 * names that `text` itself defines are left out.
 *
 * @param prefix the beginning of `text`, up to the cursor
 * @param max how many names
 * @returns where each name begins, in characters
 */
export function namesAtCursor(prefix: string, text: string, max: number): readonly number[] {
  const receiver = /([\w$]+)\??\.[\w$]*$/.exec(prefix);
  const nearest = [...prefix.slice(-near).matchAll(/[A-Za-z_$][\w$]*/g)]
    .map(({ 0: name, index }) => ({ name, at: Math.max(0, prefix.length - near) + index }))
    .filter(({ name, at }) => at + name.length < prefix.length && isCode(prefix, at))
    .toReversed();
  const first = receiver ? [{ name: receiver[1]!, at: receiver.index }] : [];
  const names = new Map<string, number>();
  for (const { name, at } of [...first, ...callee(prefix), ...nearest])
    if (!names.has(name) && identifiersOf(name).size > 0 && !isDefinedIn(text, name)) names.set(name, at);
  return [...names.values()].slice(0, max);
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

/** False inside a string or a comment, judged by the line alone. */
function isCode(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return !/\/\/|^\s*\/?\*/.test(line) && line.split(/["'`]/).length % 2 === 1;
}

function isDefinedIn(text: string, name: string): boolean {
  const keyword = '(?:const|let|var|function|class|interface|type|enum)';
  return new RegExp(`\\b${keyword}\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}
