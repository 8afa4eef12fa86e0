/**
 * The last filter: to accept a suggestion breaks nothing that was whole. It looks at the document as it will be. The other
 * filters mend what they know; this one finds what they leave, such as a quote that opens before a closing bracket.
 */
import { isClosingLine, openBlocks } from '../../document/block-words';
import { isSameState, type LexerState, type Region, type Scan, scanCode } from '../../document/code-lexer';
import {
  type DocumentSnapshot,
  followingLines,
  linePrefix,
  lineSuffix,
} from '../../document/document-snapshot';
import { nextWord } from '../../document/words';
import type { Insertion } from './filter';
import { closerOf, fitLineSuffix, maxKnownSuffix, scanPrefix } from './rest-of-line';

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
  const before = count({ text: '', replaceAfter: 0 });
  const fits = (one: Insertion) => {
    const after = count(one);
    return after.brackets <= before.brackets && after.blocks <= before.blocks && !after.isDoubled;
  };
  const rest = lineSuffix(document).slice(replaceAfter);
  const mayClose = !text.includes('\n') && /^\s*[)\]},;]/.test(rest);
  const closers = mayClose ? closersFor(text, document) : '';
  const whole = { text: text + closers, replaceAfter };
  if (fits(whole)) return whole;
  if (closers !== '' && fits(insertion)) return insertion;
  return shorterParts(text)
    .flatMap(part => fitLineSuffix(part, document) ?? [])
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
function createFaultCounter(document: DocumentSnapshot): (insertion: Insertion) => Faults {
  const { prefix, suffix, prefixOffset, languageId } = document;
  // The cursor's line is read again with what follows, which may change what its last sign means.
  const head = linePrefix(document);
  const { brackets, state } = scanPrefix(document);
  const lineStart: LexerState = { ...state, regions: state.lineRegions, line: '' };
  // A `/` at the cursor may begin a regular expression or a comment.
  const withoutSlash = { ...state, regions: state.regions.filter(({ rule }) => !rule.isClosedOnLine) };
  const isBeginKnown = prefixOffset === 0;
  const isEndKnown = suffix.length < maxKnownSuffix;
  const above = openedBy(
    brackets.filter(({ at }) => at < prefix.length - head.length),
    nothingOpened,
  );
  const untouched = scanCode(`${head}\n`, languageId, lineStart).state;
  const scanBelow = createScanBelow(document);
  /** Brackets that stay open if nothing is inserted. Text that is not known may close them. */
  let openBefore: number | undefined;
  const blocksBefore = openBlocks(prefix + suffix, languageId);

  /** Reads the cursor's line. The user closes later what a suggestion opens at its end. */
  function readLine(text: string, restOfLine: string): Line {
    // Without the line break, a `/` could still become a regular expression, and `'a` a character.
    const said = scanCode(`${head}${text}${restOfLine}\n`, languageId, lineStart);
    const { regions } = scanCode(`${head}${text}${restOfLine} `, languageId, lineStart).state;
    if (restOfLine.trim() !== '')
      return { opened: openedBy(said.brackets, above), from: said.state, isBroken: isBroken(regions) };
    const isInText = ({ at }: { readonly at: number }) => at >= head.length;
    const atCursor = openedBy(
      said.brackets.filter(one => !isInText(one)),
      above,
    );
    const opened = openedBy(said.brackets.filter(isInText), atCursor);
    const around = regions.at(-1)?.kind === 'comment' ? withoutSlash : state;
    const isInRegion = regions.length > around.regions.length;
    const isAsBefore = !isInRegion && opensAgain(opened, atCursor, `${head}${text}`);
    return {
      opened: isAsBefore ? opened : { ...opened, open: opened.open.slice(0, opened.lowest) },
      // The user may have begun a heredoc before the cursor.
      from: isSameState(said.state, untouched)
        ? said.state
        : { ...said.state, regions: closedLater(said.state.regions, around) },
      isBroken: isBroken(closedLater(regions, around)),
    };
  }

  return ({ text, replaceAfter }) => {
    const restOfLine = lineSuffix(document).slice(replaceAfter);
    const { opened, from, isBroken: isLastBroken } = readLine(text, restOfLine);
    const last = scanBelow(from);
    const end = openedBy(last.brackets, opened);
    openBefore ??= end.open.length;
    const lines = text.split('\n').slice(0, -1);
    // Without the blank, `'a` at the end of a line could still become a character.
    const endOf = (at: number) => scanCode(`${lines.slice(0, at + 1).join('\n')} `, languageId, state).state;
    const broken = lines.filter((_, at) => isBroken(endOf(at).regions));
    const unclosed = isEndKnown
      ? end.open.length + last.state.regions.length
      : Math.max(0, openBefore - end.open.length);
    // What the text closes may have been opened above the part of the document that is known.
    const unopened = isBeginKnown ? end.unopened : end.unopened - opened.unopened;
    return {
      brackets: end.faults + unopened + unclosed + broken.length + (isLastBroken ? 1 : 0),
      blocks: closesBlock(text, document)
        ? Math.max(0, -openBlocks(prefix + text + suffix.slice(replaceAfter), languageId))
        : Math.max(0, -blocksBefore),
      isDoubled: isDoubled(text, restOfLine, document),
    };
  };
}

/** @returns a scan of the lines below the cursor's, remembered by the state that they begin in */
function createScanBelow(document: DocumentSnapshot): (from: LexerState) => Scan {
  const below = `${followingLines(document).slice(1)}\n`;
  const scans: { readonly from: LexerState; readonly scan: Scan }[] = [];
  return from => {
    const isSame = (one: (typeof scans)[number]) =>
      isSameState(one.from, from) &&
      (!one.scan.usesTokenBefore || one.from.tokenBeforeLine === from.tokenBeforeLine);
    const known = scans.find(isSame)?.scan;
    if (known !== undefined) return known;
    const start = { ...from, line: '', lineRegions: from.regions };
    const scan = scanCode(below, document.languageId, start);
    scans.push({ from: start, scan });
    return scan;
  };
}

interface Line {
  readonly opened: Opened;
  /** Where the line below begins. */
  readonly from: LexerState;
  readonly isBroken: boolean;
}

interface Opened {
  /** The brackets that are open, as a stack, by what closes them and where they stand in the text that was read last. */
  readonly open: readonly { readonly closer: string; readonly at: number }[];
  /** The smallest length that the stack had, and the place of the bracket that made it so. */
  readonly lowest: number;
  readonly lowestAt: number;
  /** Brackets that are not closed before those around them are. */
  readonly faults: number;
  /** Closing brackets that nothing opens. */
  readonly unopened: number;
}

const nothingOpened: Opened = { open: [], lowest: 0, lowestAt: 0, faults: 0, unopened: 0 };

function openedBy(brackets: Scan['brackets'], before: Opened): Opened {
  const open = [...before.open];
  let lowest = open.length;
  let lowestAt = 0;
  let { faults, unopened } = before;
  for (const { bracket, at } of brackets) {
    const closer = closerOf[bracket];
    const index = open.findLastIndex(one => one.closer === bracket);
    if (closer !== undefined) open.push({ closer, at });
    else if (index >= 0) faults += open.splice(index).length - 1;
    else unopened++;
    if (open.length < lowest) [lowest, lowestAt] = [open.length, at];
  }
  return { open, lowest, lowestAt, faults, unopened };
}

/** Whether the text only opens again what it has closed, in one line, as `} else {`. */
function opensAgain({ open, lowest, lowestAt }: Opened, before: Opened, text: string): boolean {
  return open.every(
    ({ closer, at }, index) =>
      index < lowest || (closer === before.open[index]?.closer && !text.slice(lowestAt, at).includes('\n')),
  );
}

/** Without the regions that the text has opened inside those of the cursor. */
function closedLater(regions: readonly Region[], { regions: around }: LexerState): readonly Region[] {
  return isInside(regions, around) ? regions.slice(0, around.length) : regions;
}

function isInside(regions: readonly Region[], outer: readonly Region[]): boolean {
  return outer.every(({ kind, close }, at) => kind === regions[at]?.kind && close === regions[at]?.close);
}

/** Whether a line that ends in these regions leaves a string open that ends with its line. */
function isBroken(regions: readonly Region[]): boolean {
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

/**
 * What closes the string and the brackets that a text leaves open. After an opening bracket nothing is closed: the user wants
 * to write inside of it, and the cursor would stand behind it.
 */
function closersFor(text: string, document: DocumentSnapshot): string {
  if (/[([{]\s*$/.test(text)) return '';
  const { state } = scanPrefix(document);
  const said = scanCode(text, document.languageId, state);
  const { open, lowest } = openedBy(said.brackets, nothingOpened);
  const string = isInside(said.state.regions, state.regions)
    ? said.state.regions.at(state.regions.length)
    : undefined;
  const quote = string?.kind === 'string' && !text.endsWith(string.close) ? string.close : '';
  const brackets = open.slice(lowest).map(({ closer }) => closer);
  return quote + brackets.toReversed().join('');
}
