/**
 * Tells code from strings, comments and the like in any stretch of a document: which brackets are code, and what the
 * text ends in. It reads by rules for families of languages (code-lexer-families.ts), with one regular expression for
 * each kind of region, and knows nothing of words, types or statements.
 *
 * Why not @lezer or tree-sitter: each language would be a grammar of tens of kilobytes, several languages have none,
 * and a grammar wants to read the file from its beginning. A completion needs only regions and brackets, of a window
 * that may begin anywhere, in code that is broken because it is being typed.
 *
 * A text may be scanned in parts. Because a part may end inside a token, the state holds the text of the last line, and
 * the next part reads that line again.
 */
import {
  type Family,
  familyOf,
  type Groups,
  languageOfName,
  literally,
  type RegionKind,
  type Rule,
} from './code-lexer-families';

/** Where a text ends: in code, in a string, in a comment, …; innermost last. Empty is plain code. */
export interface LexerState {
  readonly regions: readonly Region[];
  /** The text since the last line break, and what was so at its beginning. */
  readonly line: string;
  readonly lineRegions: readonly Region[];
  /** The token before that line, which decides whether `/` divides. */
  readonly tokenBeforeLine: string;
}

export interface Region {
  readonly kind: RegionKind;
  /** What closes it, e.g. `"`, `"""`, `*\/`, `\n`, '`', `}` (interpolation), `</script>` … */
  readonly close: string;
  readonly rule: Rule;
  /** Language of the code inside. */
  readonly language?: string | undefined;
  /** Name of the tag. */
  readonly name?: string | undefined;
  /** Brackets like the closing one that are open inside an interpolation. */
  readonly depth: number;
}

export interface Scan {
  /** Brackets ( ) [ ] { } that are code (also inside an interpolation), with their offset in the text. */
  readonly brackets: readonly { readonly bracket: string; readonly at: number }[];
  readonly state: LexerState;
  /** Whether the token before the text's first line decided what a sign means. If not, any other token gives the same scan. */
  readonly usesTokenBefore: boolean;
}

export function startOf(_languageId: string): LexerState {
  return { regions: [], line: '', lineRegions: [], tokenBeforeLine: '' };
}

/** @param from where the text before ended; by default, `text` begins in plain code */
export function scanCode(text: string, languageId: string, from = startOf(languageId)): Scan {
  const brackets: { readonly bracket: string; readonly at: number }[] = [];
  const before = from.line.length;
  let usesTokenBefore = false;
  const state = read(from.line + text, languageId, from, {
    bracket: (bracket, at) => at >= before && brackets.push({ bracket, at: at - before }),
    tokenBeforeText: () => {
      usesTokenBefore = true;
    },
  });
  return { brackets, state, usesTokenBefore };
}

/** Whether both texts end in the same regions. */
export function isSameState(a: LexerState, b: LexerState): boolean {
  return (
    a.regions.length === b.regions.length &&
    a.regions.every(
      ({ kind, close }, index) => kind === b.regions[index]!.kind && close === b.regions[index]!.close,
    )
  );
}

/**
 * @returns the offset in `text` at which the innermost region of `from` is left first, e.g. before the quote that closes
 * the string that the text began in; undefined if the text stays inside, or if `from` is plain code
 */
export function leavesRegionAt(text: string, languageId: string, from: LexerState): number | undefined {
  const before = from.line.length;
  let left: number | undefined;
  read(from.line + text, languageId, from, {
    closing: (depth, at, end) => {
      if ((end > before || at >= before) && depth < from.regions.length) left ??= Math.max(0, at - before);
    },
  });
  return left;
}

interface Visitor {
  readonly bracket?: (bracket: string, at: number) => void;
  /** Only `depth` regions are left after what stands at `at`, which ends at `end`. */
  readonly closing?: (depth: number, at: number, end: number) => void;
  /** The token before the text is looked at. */
  readonly tokenBeforeText?: () => void;
}

/** @param text begins with the line that `from` ends in */
function read(text: string, languageId: string, from: LexerState, visitor: Visitor): LexerState {
  const lastLine = text.lastIndexOf('\n') + 1;
  const limits: Limits = new Map();
  let regions = from.lineRegions;
  let limit = nearestLimit(text, 0, regions, limits);
  let heredocs: readonly Region[] = [];
  let heredocAt = Number.POSITIVE_INFINITY;
  // At the start of the text and after a comment the token before cannot be read back, so it is remembered.
  let tokenBeforeComment = from.tokenBeforeLine;
  let commentEnd = 0;
  let atLastLine: Pick<LexerState, 'lineRegions' | 'tokenBeforeLine'> | undefined;

  for (let at = 0; ; ) {
    const region = regions.at(-1);
    const mode = region ? modeOfRegion(region) : modeOfFamily(familyOf(languageId));
    mode.pattern.lastIndex = at;
    const match = mode.pattern.exec(text);
    const index = Math.min(match?.index ?? text.length, limit?.at ?? text.length, heredocAt);
    if (index >= lastLine) atLastLine ??= { lineRegions: regions, tokenBeforeLine: tokenBefore(lastLine) };

    if (index === heredocAt) at = beginHeredocs();
    else if (index === limit?.at) at = leave(limit.depth, index, limit.end);
    else if (!match) return { regions, line: text.slice(lastLine), ...atLastLine! };
    else at = take(mode, match, index);
  }

  /** @returns where to read on, as all of the functions below do */
  function take(mode: Mode, match: RegExpExecArray, index: number): number {
    const end = index + match[0].length;
    const top = regions.length - 1;
    const rule = mode.rules.findIndex((_, i) => match[mode.groups[i]!] !== undefined);
    if (rule >= 0)
      return begin(mode.rules[rule]!, match.slice(mode.groups[rule]! + 1, mode.groups[rule + 1]), index, end);
    if (mode.isCode) return takeBracket(index);
    if (match[1] !== undefined) {
      const region = regions[top]!;
      leave(top, index, end);
      // `<br/>` has no children.
      if (region.rule.next && match[0] !== '/>') enter(follow(region.rule.next, region), end);
      return end;
    }
    return match[0] === '\n' ? leave(top, index, index) : end;
  }

  function begin(rule: Rule, groups: Groups, index: number, end: number): number {
    if (rule.isLanguage) {
      const tag = regions.at(-1)!;
      regions = [...regions.slice(0, -1), { ...tag, language: languageOfName(groups[0]!) }];
      return end;
    }
    const region = createRegion(rule, groups, regions.findLast(one => one.language)?.language ?? languageId);
    const isAllowed = rule.when?.({ text, at: index, tokenBefore }) ?? true;
    if (!isAllowed || (rule.isClosedOnLine && !isClosed(text, end, region)))
      return '()[]{}'.includes(text[index]!) ? takeBracket(index) : index + 1;
    if (rule.isHeredoc) {
      const lineEnd = text.indexOf('\n', end);
      if (lineEnd >= 0) [heredocs, heredocAt] = [[region, ...heredocs], lineEnd];
      return end;
    }
    if (rule.kind === 'comment' && regions.length < maxRegions) tokenBeforeComment = tokenBefore(index);
    return rule.kind && regions.length < maxRegions ? enter(region, end) : end;
  }

  function beginHeredocs(): number {
    const at = heredocAt + 1;
    // The rest of the line may have ended in a comment.
    const around = regions.filter(({ rule, close }) => !rule.isOneLine && close !== '\n');
    regions = [...around, ...heredocs];
    limit = nearestLimit(text, at, regions, limits);
    [heredocs, heredocAt] = [[], Number.POSITIVE_INFINITY];
    return at;
  }

  function takeBracket(index: number): number {
    const bracket = text[index]!;
    const region = regions.at(-1);
    if (region?.kind === 'interpolation') {
      const { close, depth } = region;
      if (depth === 0 && text.startsWith(close, index))
        return leave(regions.length - 1, index, index + close.length);
      const change = bracket === close[0] ? -1 : bracket === partners[close[0]!] ? 1 : 0;
      if (change !== 0)
        regions = [...regions.slice(0, -1), { ...region, depth: Math.max(0, depth + change) }];
    }
    visitor.bracket?.(bracket, index);
    return index + 1;
  }

  function enter(region: Region, end: number): number {
    regions = [...regions, region];
    limit = nearestLimit(text, end, regions, limits);
    return end;
  }

  function leave(depth: number, index: number, end: number): number {
    visitor.closing?.(depth, index, end);
    if (regions[depth]!.kind === 'comment') commentEnd = end;
    regions = regions.slice(0, depth);
    limit = nearestLimit(text, end, regions, limits);
    return end;
  }

  function tokenBefore(index: number): string {
    const last = regions.at(-1)?.kind === 'comment' ? undefined : lastToken(text, commentEnd, index);
    if (last === undefined) visitor.tokenBeforeText?.();
    return last ?? tokenBeforeComment;
  }
}

/** Deeper than people write. Each further region would cost more than the one before. */
const maxRegions = 64;

const partners: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** @returns the last token before `at`: a word, or a sign with the text that touches it on the left; undefined if only blanks stand after `from` */
function lastToken(text: string, from: number, at: number): string | undefined {
  let end = at;
  while (end > from && text.charCodeAt(end - 1) <= 32) end--;
  if (end <= from) return undefined;
  let begin = end;
  while (begin > from && /[\w$]/.test(text[begin - 1]!)) begin--;
  if (begin === end) begin = end - 1 > from && text.charCodeAt(end - 2) > 32 ? end - 2 : end - 1;
  return text.slice(begin, end);
}

/** @param around the language that an interpolation has where its rule names none */
function createRegion(rule: Rule, groups: Groups, around: string): Region {
  const { kind = 'string', close, language } = rule;
  const ownLanguage = typeof language === 'function' ? language(groups) : language;
  return {
    kind,
    close: typeof close === 'string' ? close : close(groups),
    rule,
    language: ownLanguage ?? (kind === 'interpolation' ? around : undefined),
    name: kind === 'tag' ? groups[0] : undefined,
    depth: 0,
  };
}

/** The region after a tag: its children, or embedded code. */
function follow(rule: Rule, tag: Region): Region {
  const region = createRegion(rule, [tag.name], '');
  return { ...region, language: region.language && (tag.language ?? region.language) };
}

/** Whether the line closes the region that begins at `at`, or may do so because the text ends before the line. */
function isClosed(text: string, at: number, region: Region): boolean {
  const { pattern } = modeOfRegion(region);
  pattern.lastIndex = at;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[1] !== undefined) return true;
    if (match[0] === '\n') return false;
  }
  return true;
}

/** What ends several regions at once, whatever they are: the end of embedded code, and of a line with a string. */
interface Limit {
  readonly at: number;
  readonly end: number;
  /** Number of regions that stay. */
  readonly depth: number;
}

/** The limits that were found in this text; undefined for a region that the text does not end. */
type Limits = Map<Region, Limit | undefined>;

function nearestLimit(
  text: string,
  at: number,
  regions: readonly Region[],
  limits: Limits,
): Limit | undefined {
  let nearest: Limit | undefined;
  for (let depth = 0; depth < regions.length; depth++) {
    const region = regions[depth]!;
    const isOneLine = region.rule.isOneLine && regions[depth + 1]?.kind === 'interpolation';
    if (!isOneLine && !(region.language && (region.kind === 'embedded' || region.kind === 'fence'))) continue;
    let limit = limits.get(region);
    if (!limits.has(region) || (limit && limit.at < at)) {
      const [from, end] = isOneLine ? nextLineBreak(text, at) : nextClose(text, at, region);
      limit = from < 0 ? undefined : { at: from, end, depth };
      limits.set(region, limit);
    }
    if (limit && (!nearest || limit.at < nearest.at)) nearest = limit;
  }
  return nearest;
}

function nextLineBreak(text: string, from: number): readonly [number, number] {
  const at = text.indexOf('\n', from);
  return [at, at];
}

function nextClose(text: string, from: number, region: Region): readonly [number, number] {
  const pattern = new RegExp(closePatternOf(region), 'gim');
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match ? [match.index, match.index + match[0].length] : [-1, -1];
}

function closePatternOf({ rule, close }: Pick<Region, 'rule' | 'close'>): string {
  return rule.closePattern?.(close) ?? literally(close);
}

/** How a region is read: the next place at which something begins or ends. */
interface Mode {
  readonly pattern: RegExp;
  /** What may open; `groups` has the number of each rule's group in `pattern`, and one more for the end. */
  readonly rules: readonly Rule[];
  readonly groups: readonly number[];
  /** In code, what is no rule is a bracket. Elsewhere group 1 is what closes the region. */
  readonly isCode: boolean;
}

const modesOfFamilies = new Map<Family, Mode>();
const modesOfRules = new Map<Rule, Map<string, Mode>>();
/** Delimiters that the author chooses, such as the word of a heredoc, could be without number. */
const maxModesOfRule = 100;

function modeOfFamily(family: Family): Mode {
  const known = modesOfFamilies.get(family);
  if (known) return known;
  const mode = createMode([], family.rules, family.hasBrackets ? ['[()[\\]{}]'] : [], true);
  modesOfFamilies.set(family, mode);
  return mode;
}

function modeOfRegion(region: Region): Mode {
  const { rule, close, language, kind } = region;
  if (language && kind !== 'tag') return modeOfFamily(familyOf(language));
  const modes = modesOfRules.get(rule) ?? new Map<string, Mode>();
  modesOfRules.set(rule, modes);
  const known = modes.get(close);
  if (known) return known;
  if (modes.size >= maxModesOfRule) modes.clear();
  const first = [...(rule.skip ? [rule.skip] : []), `(${closePatternOf(region)})`];
  const mode = createMode(first, rule.inside ?? [], rule.isOneLine ? ['\\n'] : [], false);
  modes.set(close, mode);
  return mode;
}

function createMode(
  first: readonly string[],
  rules: readonly Rule[],
  last: readonly string[],
  isCode: boolean,
): Mode {
  const groups = [isCode ? 1 : 2];
  for (const { open } of rules) groups.push(groups.at(-1)! + new RegExp(`${open}|`, 'm').exec('')!.length);
  const sources = [...first, ...rules.map(({ open }) => `(${open})`), ...last];
  return { pattern: new RegExp(sources.join('|') || '(?!)', 'gm'), rules, groups, isCode };
}
