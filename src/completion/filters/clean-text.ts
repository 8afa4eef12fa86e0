/**
 * Filters that clean the text, whatever stands around the cursor: line ends, white space and indentation; characters that
 * must never reach the editor: hidden ones, marks of training, half characters.
 */
import { type DocumentSnapshot, linePrefix, toLineFeeds } from '../../document/document-snapshot';
import { endsInOpener, wholeCharacters } from '../../document/words';
import type { TextFilter } from './filter';

/** Lines end in `\n`, as in the snapshot. VS Code writes the document's own line ends when it inserts. */
export const normaliseLineEnds: TextFilter = toLineFeeds;

/**
 * Drops the space that a suggestion begins with if there is one before the cursor. Most words of a vocabulary begin with
 * a space, so a model tends to write a second one.
 */
export const dropDoubledSpace: TextFilter = (text, document) => {
  const before = linePrefix(document);
  return before.trim() !== '' && before.endsWith(' ') ? text.replace(/^ +(?=\S)/, '') : text;
};

/** White space at the end is never worth accepting. */
export const trimTrailingSpace: TextFilter = text => text.trimEnd();

export const dropBlank: TextFilter = text => (text.trim() === '' ? undefined : text);

/**
 * Indents a suggestion as the document is indented: with tabs, or with the document's number of spaces. If no line of the
 * document is indented, the editor's own setting decides. If tabs and spaces are equally frequent, the suggestion stays
 * as the model wrote it.
 */
export const useDocumentIndentation: TextFilter = (text, document) => {
  const above = linePrefix(document);
  const lines = text.split('\n');
  // The first line begins at the cursor, so it has an indentation only if nothing stands before the cursor.
  const first = above.trim() === '' ? 0 : 1;
  const other = kindOf(lines.slice(first));
  if (other === undefined) return text;
  const from = other === 'tabs' ? '\t' : ' '.repeat(stepOfSuggestion(lines, above));
  const to = stepOfDocument(document, other);
  if (to === undefined || to === from) return text;
  return lines.map((line, index) => (index < first ? line : reindent(line, from, to))).join('\n');
};

/** One step of the document's indentation; undefined if the suggestion's kind fits, or if nothing is known. */
function stepOfDocument(document: DocumentSnapshot, other: 'tabs' | 'spaces'): string | undefined {
  const lines = linesOf(document);
  const kind = kindOf(lines);
  if (kind === 'tabs') return other === 'tabs' ? undefined : '\t';
  if (kind === 'spaces')
    return other === 'spaces' ? undefined : ' '.repeat(commonRise(lines) ?? minSpaces(lines));
  const { indentation } = document;
  if (indentation === undefined || lines.some(line => /^(?:\t| {2,})\S/.test(line))) return undefined;
  return indentation.insertSpaces ? ' '.repeat(indentation.tabSize) : '\t';
}

function linesOf({ prefix, suffix }: DocumentSnapshot): readonly string[] {
  return [...prefix.split('\n'), ...suffix.split('\n').slice(1)];
}

/** How most of the lines are indented; undefined if none is, or if tabs and spaces are equally frequent. */
function kindOf(lines: readonly string[]): 'tabs' | 'spaces' | undefined {
  const tabs = lines.filter(line => line.startsWith('\t')).length;
  const spaces = lines.filter(line => spacesOf(line) !== undefined).length;
  if (tabs === spaces) return undefined;
  return tabs > spaces ? 'tabs' : 'spaces';
}

/** The number of spaces at the beginning of a line. A single space is the ` *` of a comment and does not count. */
function spacesOf(line: string): number | undefined {
  return /^ {2,}(?=\S)/.exec(line)?.[0].length;
}

/** More spaces are an alignment with something in the line above. */
const maxStep = 8;

/** @returns how many spaces a line is most often indented more than the line above it; the smaller number among equals */
function commonRise(lines: readonly string[]): number | undefined {
  const counts = new Map<number, number>();
  let above: number | undefined;
  for (const line of lines) {
    if (line.trim() === '' || /^ +\*/.test(line)) continue;
    const width = line.startsWith('\t') ? undefined : (spacesOf(line) ?? 0);
    const rise = width === undefined || above === undefined ? 0 : width - above;
    if (rise >= 2 && rise <= maxStep) counts.set(rise, (counts.get(rise) ?? 0) + 1);
    above = width;
  }
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  return best?.[0];
}

function minSpaces(lines: readonly string[]): number {
  return Math.min(maxStep, ...lines.map(line => spacesOf(line) ?? maxStep));
}

/**
 * The spaces of one step in a suggestion. If no line is indented more than the line above it, the depth of the cursor's
 * line decides. The next line is as deep, one step deeper after an opening bracket, or one step less deep if it closes a
 * block.
 * @param above the cursor's line up to the cursor, indented with tabs
 */
function stepOfSuggestion(lines: readonly string[], above: string): number {
  // If the first line continues a line, its leading spaces are not an indentation.
  const whole = above === '' ? lines : lines.slice(1);
  const rise = commonRise(whole);
  if (rise !== undefined) return rise;
  const line = whole.find(one => spacesOf(one) !== undefined);
  if (line === undefined) return minSpaces(lines);
  const depth = /^\t*/.exec(above)![0].length;
  const opened = endsInOpener(above + lines[0]) ? 1 : 0;
  const closed = /^ *([)\]}]|end\b)/.test(line) ? 1 : 0;
  const steps = [depth + opened - closed, depth, depth - 1, depth + 1].map(one => spacesOf(line)! / one);
  return steps.find(step => usualSteps.has(step)) ?? minSpaces(whole);
}

const usualSteps: ReadonlySet<number> = new Set([2, 4, 8]);

function reindent(line: string, from: string, to: string): string {
  const blank = /^[ \t]*/.exec(line)![0];
  return blank.replaceAll(from, to) + line.slice(blank.length);
}

/**
 * Cuts a suggestion before the first character that a reader cannot see, or that changes how other characters are shown.
 * Code must do what it seems to do (Boucher and Anderson, Trojan Source, arXiv 2111.00169). Half of a surrogate pair and
 * the mark of undecodable bytes are cut too.
 */
export const cutHiddenCharacters: TextFilter = text => {
  const hidden = hiddenCharacter.exec(text);
  return hidden ? text.slice(0, hidden.index) : text;
};

const hiddenCharacter = new RegExp(
  [
    // Control characters except tab and line feed, and line ends that only some programs know.
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029]',
    // Bidirectional marks, embeddings, overrides and isolates.
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
    // Characters without width: spaces, word joiners, byte order mark, soft hyphen, invisible operators, fillers, tags.
    '[\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0]',
    '[\\u{e0000}-\\u{e0fff}]',
    // Joiners of letters after ASCII. Emoji and Indic and Persian scripts need them after other characters.
    '(?<![^\\u0000-\\u007f])[\\u200c\\u200d]',
    // The mark of bytes that could not be decoded, and half of a surrogate pair.
    '[\\ufffc\\ufffd\\ud800-\\udfff]',
  ].join('|'),
  'u',
);

/**
 * Cuts a suggestion before a mark that models of any family are trained with, such as `<|fim_pad|>`. A model may spell a
 * mark letter by letter. If the document holds the mark, it is text like any other.
 */
export const cutTrainingMarks: TextFilter = (text, { prefix, suffix, languageId }) => {
  for (const { 0: mark, index } of text.matchAll(trainingMark)) {
    const opener = mark.replace('</', '<').replace('>', '');
    const isInDocument = [mark, opener].some(one => prefix.includes(one) || suffix.includes(one));
    const isOpened = !mark.startsWith('</') || text.slice(0, index).includes(opener);
    const isTag = markupLanguages.has(languageId) && /^<\/?[a-z]+>$/.test(mark) && isOpened;
    if (!isInDocument && !isTag) return text.slice(0, index);
  }
  return text;
};

/** Names of marks in angle brackets, from the vocabularies of the families in `src/prompt/find-layout.ts` and others. */
const markNames = [
  's',
  'bos',
  'eos',
  'pad',
  'unk',
  'mask(?:_\\d+)?',
  'CURSOR',
  '(?:extra_id_|unused|ctrl_?)\\d+',
  '(?:so|eo)p',
  '(?:eod|EOD|eot)',
  '(?:seed:)?think',
  'tool_(?:call|response)',
  'endoftext',
  'fim[-_](?:prefix|middle|suffix|pad)',
  'file[-_]sep(?:arator)?',
  'repo_?name',
  'filename',
  'gh_stars',
  'issue_(?:start|comment|closed)',
  'jupyter_(?:start|text|code|output|script)',
  'empty_output',
  'commit_(?:before|msg|after|message)',
  'pr(?:_\\w+)?',
  '(?:start|end)_of_turn',
  '(?:PRE|SUF|MID|EOT|FILL_ME)',
  '0x[0-9A-F]{2}',
].join('|');

const trainingMark = new RegExp(
  [
    '<\\|[A-Za-z_][\\w▁ -]{0,40}\\|>',
    '<｜[^｜<>\\n]{1,40}｜>',
    `▁?</?(?:${markNames})>`,
    '<<SYS>>|<</SYS>>',
    // Seed-Coder.
    '<\\[(?:fim-\\w+|\\w+▁[\\w▁]+|PLHD\\w+)\\]>',
    '\\[/?(?:PREFIX|SUFFIX|MIDDLE|INST|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|SYSTEM_PROMPT|gMASK|sMASK)\\]',
  ].join('|'),
  'g',
);

/** Languages in which `<s>` or `<filename>` may be a tag. */
const markupLanguages: ReadonlySet<string> = new Set([
  'html',
  'xml',
  'xsl',
  'vue',
  'svelte',
  'astro',
  'markdown',
  'mdx',
  'php',
  'handlebars',
  'razor',
  'javascriptreact',
  'typescriptreact',
]);

/** A model that ran out of tokens may stop inside a character as a reader sees it: `👩` and a joiner. */
export const dropHalfCharacter: TextFilter = text =>
  text.endsWith('\u200d') ? text.slice(0, wholeCharacters(text, text.length - 1)) : text;
