/**
 * The last filter: to accept a suggestion breaks nothing that was whole. It looks at the document as it will be. The other
 * filters mend what they know; this one finds what they leave, such as a quote that opens before a closing bracket.
 */
import { isClosingLine, openBlocks } from '../../document/block-words';
import { isSameState, type LexerState, type Scan, scanCode } from '../../document/code-lexer';
import { type DocumentSnapshot, linePrefix, lineSuffix } from '../../document/document-snapshot';
import { nextWord } from '../../document/words';
import type { Insertion } from './filter';
import { closerOf, maxKnownSuffix, scanPrefix } from './rest-of-line';

/**
 * Keeps a suggestion if the document has no more faults than before. A fault is a bracket, string, comment or tag that is
 * not closed, or a closing bracket, word or tag that nothing opens. At the end of a line, a suggestion may open what the
 * user closes later. Before closing brackets it gets what it lacks. Otherwise it is cut to its longest part without new
 * faults.
 * @returns undefined if there is no such part
 */
export function keepWhole(insertion: Insertion, document: DocumentSnapshot): Insertion | undefined {
  const { text, replaceAfter } = insertion;
  const count = createFaultCounter(document);
  const before = count('', 0);
  const fits = (one: Insertion) => {
    const after = count(one.text, one.replaceAfter);
    return after.brackets <= before.brackets && after.blocks <= before.blocks && !after.isDoubled;
  };
  if (fits(insertion)) return insertion;
  const closed = { text: text + closersFor(text, document), replaceAfter };
  const mayClose = !text.includes('\n') && /^\s*[)\]},;]/.test(lineSuffix(document).slice(replaceAfter));
  if (mayClose && fits(closed)) return closed;
  return shorterParts(text)
    .map(part => ({ text: part, replaceAfter: 0 }))
    .find(fits);
}

/** The beginnings of a text, the longest first: words of the first line, and whole lines after it. */
function shorterParts(text: string): readonly string[] {
  const [line = '', ...more] = text.split('\n');
  const parts: string[] = [];
  for (let end = 0; end < line.length; end += nextWord(line, end).length) parts.push(line.slice(0, end));
  parts.push(line);
  for (const [index] of more.entries()) parts.push([line, ...more.slice(0, index + 1)].join('\n'));
  return parts
    .slice(0, -1)
    .map(part => part.trimEnd())
    .filter(part => part.trim() !== '')
    .toReversed();
}

interface Faults {
  /** Brackets, strings, comments and tags. */
  readonly brackets: number;
  /** Words and tags that close a block that nothing opens. */
  readonly blocks: number;
  /** The text ends with the sign that follows it, such as `;`. */
  readonly isDoubled: boolean;
}

/** @returns a function that counts the faults of the document after an insertion */
function createFaultCounter(document: DocumentSnapshot): (text: string, replaceAfter: number) => Faults {
  const { prefix, suffix, prefixOffset, languageId } = document;
  // The cursor's line is read again with what follows, which may change what its last sign means.
  const head = linePrefix(document);
  const { brackets, state } = scanPrefix(document);
  const lineStart: LexerState = { ...state, regions: state.lineRegions, line: '' };
  // A `/` at the cursor may begin a regular expression or a comment.
  const withoutSlash = { ...state, regions: state.regions.filter(({ rule }) => !rule.isClosedOnLine) };
  // A bracket that is closed here may have been opened above the part of the document that is known.
  const isBeginKnown = prefixOffset === 0;
  const isEndKnown = suffix.length < maxKnownSuffix;
  const above = openedBy(
    brackets.filter(({ at }) => at < prefix.length - head.length),
    { open: [], lowest: 0, faults: 0 },
    isBeginKnown,
  );

  /** Reads to the end of the text. The user closes later what it opens. */
  function readLineEnd(text: string): { readonly opened: Opened; readonly from: LexerState } {
    // Without the line break, a `/` could still become a regular expression, and `'a` a character.
    const said = scanCode(`${head}${text}\n`, languageId, lineStart);
    const end = scanCode(`${head}${text} `, languageId, lineStart).state;
    const isInText = ({ at }: { readonly at: number }) => at >= head.length;
    const atCursor = openedBy(
      said.brackets.filter(one => !isInText(one)),
      above,
      isBeginKnown,
    );
    const opened = openedBy(said.brackets.filter(isInText), atCursor, isBeginKnown);
    const isComment = end.regions.at(-1)?.kind === 'comment';
    const around = isComment ? withoutSlash : state;
    const opensMore = end.regions.length > around.regions.length && isInside(end, around);
    return {
      opened: { ...opened, open: opened.open.slice(0, opened.lowest) },
      from: opensMore ? state : end,
    };
  }

  return (text, replaceAfter) => {
    const rest = suffix.slice(replaceAfter);
    const restOfLine = lineSuffix({ suffix: rest });
    const isLineEnd = restOfLine.trim() === '';
    const { opened, from } = isLineEnd ? readLineEnd(text) : { opened: above, from: lineStart };
    const unread = isLineEnd ? '' : head + text;
    const last = scanCode(`${unread}${rest}\n`, languageId, from);
    const end = openedBy(last.brackets, opened, isBeginKnown);
    const lines = text.split('\n').slice(0, -1);
    const broken = lines.filter((_, at) => isBroken(lines.slice(0, at + 1).join('\n'), languageId, state));
    const isLastBroken = isBroken(unread + restOfLine, languageId, from);
    const unclosed = isEndKnown ? end.open.length + last.state.regions.length : 0;
    return {
      brackets: end.faults + unclosed + broken.length + (isLastBroken ? 1 : 0),
      blocks: closesBlock(text, document) ? Math.max(0, -openBlocks(prefix + text + rest, languageId)) : 0,
      isDoubled: isDoubled(text, restOfLine, document),
    };
  };
}

interface Opened {
  /** The closing brackets that must follow, as a stack: the next one is the last element. */
  readonly open: readonly string[];
  /** The smallest length that the stack had. */
  readonly lowest: number;
  readonly faults: number;
}

function openedBy(brackets: Scan['brackets'], before: Opened, isBeginKnown: boolean): Opened {
  const open = [...before.open];
  let lowest = open.length;
  let { faults } = before;
  for (const { bracket } of brackets) {
    const closer = closerOf[bracket];
    const index = open.lastIndexOf(bracket);
    if (closer !== undefined) open.push(closer);
    else if (index >= 0) faults += open.splice(index).length - 1;
    else if (isBeginKnown) faults++;
    lowest = Math.min(lowest, open.length);
  }
  return { open, lowest, faults };
}

function isInside(state: LexerState, outer: LexerState): boolean {
  return isSameState({ ...state, regions: state.regions.slice(0, outer.regions.length) }, outer);
}

/** Whether the line that the text ends in leaves a string open that ends with its line. */
function isBroken(text: string, languageId: string, from: LexerState): boolean {
  // Without the blank, `'a` at the end of a text could still become a character.
  const { regions } = scanCode(`${text} `, languageId, from).state;
  return regions.some(({ rule }) => rule.isOneLine && !rule.isClosedOnLine);
}

function isDoubled(text: string, restOfLine: string, document: DocumentSnapshot): boolean {
  const said = text.trimEnd();
  const sign = said.at(-1);
  if (sign === undefined || !';,>'.includes(sign) || !restOfLine.trimStart().startsWith(sign)) return false;
  if (sign !== '>') return true;
  const { state } = scanCode(said.slice(0, -1), document.languageId, scanPrefix(document).state);
  return state.regions.at(-1)?.kind === 'tag';
}

/** Whether the text may close a block with a word or a tag. In the middle of a line, a word may be a part of a string. */
function closesBlock(text: string, document: DocumentSnapshot): boolean {
  if (document.prefixOffset > 0) return false;
  const lines = (linePrefix(document) + text).split('\n');
  return (
    text.includes('</') || lines.some(line => /\w/.test(line) && isClosingLine(line, document.languageId))
  );
}

/** What closes the string and the brackets that a text leaves open. */
function closersFor(text: string, document: DocumentSnapshot): string {
  const { state } = scanPrefix(document);
  const said = scanCode(text, document.languageId, state);
  const { open, lowest } = openedBy(said.brackets, { open: [], lowest: 0, faults: 0 }, false);
  const string = isInside(said.state, state) ? said.state.regions.at(state.regions.length) : undefined;
  const quote = string?.kind === 'string' && !text.endsWith(string.close) ? string.close : '';
  return quote + open.slice(lowest).toReversed().join('');
}
