/**
 * The tables of the code lexer: for each family of languages, what opens and closes a string, a comment and the like.
 * Knows nothing of how a text is read; that is code-lexer.ts.
 */

export type RegionKind = 'string' | 'comment' | 'interpolation' | 'regexp' | 'tag' | 'embedded' | 'fence';

/** What the groups of `open` matched. */
export type Groups = readonly (string | undefined)[];

/** Where a rule's opening stands. */
export interface TokenPlace {
  readonly text: string;
  readonly at: number;
  /** The word, or the sign and what it follows directly, before `at`, without blanks and comments; empty at the start of the text. */
  tokenBefore(at: number): string;
}

/** One kind of region. `open`, `skip` and `closePattern` are sources of regular expressions with the flag `m`. */
export interface Rule {
  /** Without a kind, what `open` matches is passed over: it opens nothing, and its brackets are not code. */
  readonly kind?: RegionKind;
  readonly open: string;
  /** The text that closes it, or how the text follows from the groups of `open`. */
  readonly close: string | ((groups: Groups) => string);
  /** Default: the close itself. */
  readonly closePattern?: (close: string) => string;
  /** What does not close it although it looks like it, e.g. `\"` or `""`. */
  readonly skip?: string;
  /** What may open inside; a rule may name itself. */
  readonly inside?: readonly Rule[];
  /** Ends at the line break if nothing closes it before. */
  readonly isOneLine?: boolean;
  /** Opens only if its line closes it, or if the text ends before the line does. */
  readonly isClosedOnLine?: boolean;
  /** Begins at the next line. */
  readonly isHeredoc?: boolean;
  readonly when?: (place: TokenPlace) => boolean;
  /** Language of the code inside; an interpolation without one has the language around it. */
  readonly language?: string | ((groups: Groups) => string);
  /** The region that follows a tag that closes without `/`: its children, or the script. */
  readonly next?: Rule;
  /** An attribute that names the language of what follows the tag. */
  readonly isLanguage?: boolean;
}

export interface Family {
  readonly rules: readonly Rule[];
  /** False where the text between tags is prose. */
  readonly hasBrackets: boolean;
}

export function familyOf(languageId: string): Family {
  return families.get(languageId) ?? other;
}

/** The language id of VS Code for what people write after a fence or in `lang="…"`. */
export function languageOfName(name: string): string {
  const key = name.toLowerCase();
  return shortNames[key] ?? key;
}

const shortNames: Readonly<Record<string, string>> = {
  ...{ js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascriptreact', node: 'javascript' },
  ...{ ts: 'typescript', mts: 'typescript', tsx: 'typescriptreact', module: 'javascript', py: 'python' },
  ...{ sh: 'shellscript', bash: 'shellscript', zsh: 'shellscript', shell: 'shellscript', ps1: 'powershell' },
  ...{ rb: 'ruby', rs: 'rust', golang: 'go', kt: 'kotlin', cs: 'csharp', 'c#': 'csharp', 'c++': 'cpp' },
  ...{ cc: 'cpp', h: 'c', hpp: 'cpp', objc: 'objective-c', yml: 'yaml', md: 'markdown', tex: 'latex' },
  ...{ hs: 'haskell', ml: 'ocaml', 'f#': 'fsharp', fs: 'fsharp', ex: 'elixir', exs: 'elixir', erl: 'erlang' },
  ...{ pl: 'perl', jl: 'julia', clj: 'clojure', el: 'lisp', docker: 'dockerfile', make: 'makefile' },
  ...{ 'text/javascript': 'javascript', 'application/json': 'json', 'application/ld+json': 'json' },
  ...{ 'text/typescript': 'typescript', importmap: 'json', 'text/css': 'css', svg: 'xml' },
};

// ---- Rules that many families share

const { raw } = String;
const backslash = raw`\\(?:\r\n|[^])`;
const endOfText = '(?![^])';

function lineComment(open: string): Rule {
  return { kind: 'comment', open, close: '\n' };
}

function blockComment(open: string, close: string, options: { readonly isNested?: boolean } = {}): Rule {
  const rule: Rule = { kind: 'comment', open, close };
  return options.isNested ? containingItself(rule) : rule;
}

function containingItself(rule: Rule): Rule {
  const inside: Rule[] = [];
  const self: Rule = { ...rule, inside };
  inside.push(self);
  return self;
}

/** A string that ends at the line break at the latest. */
function string(quote: string, options: Partial<Rule> = {}): Rule {
  return { kind: 'string', open: quote, close: quote, skip: backslash, isOneLine: true, ...options };
}

/** A string of many lines. */
function text(quote: string, options: Partial<Rule> = {}): Rule {
  return { kind: 'string', open: quote, close: quote, skip: backslash, ...options };
}

function doubled(quote: string, options: Partial<Rule> = {}): Rule {
  return { ...string(quote), skip: quote + quote, ...options };
}

function interpolation(open: string, close = '}', options: Partial<Rule> = {}): Rule {
  return { kind: 'interpolation', open, close, ...options };
}

function passedOver(open: string): Rule {
  return { open, close: '' };
}

/** `<<EOF`. The group of `open` that matched is the word that closes it. */
function heredoc(open: string, options: Partial<Rule> = {}): Rule {
  return {
    kind: 'string',
    open,
    close: groups => groups.find(group => group !== undefined)!,
    closePattern: word => raw`^[ \t]*${literally(word)}(?![\w-])`,
    isHeredoc: true,
    ...options,
  };
}

/** A literal with a delimiter of the author's choice, e.g. `%w[…]`. The last group of `open` is the delimiter. */
function delimited(open: string, options: Partial<Rule> = {}): Rule[] {
  const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
  const nested = Object.entries(partners).map(([opener, close]) => {
    const rule: Rule = { kind: 'string', open: literally(opener), close, skip: backslash };
    const inner = containingItself(rule);
    const inside = [...(inner.inside ?? []), ...(options.inside ?? [])];
    return { ...inner, ...options, inside, open: `${open}(${literally(opener)})` };
  });
  const plain: Rule = {
    kind: 'string',
    open: open + raw`([^\s\w()[\]{}<>=,;])`,
    close: groups => groups.at(-1)!,
    skip: backslash,
  };
  return [...nested, { ...plain, ...options }];
}

export function literally(part: string): string {
  return part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

const cComments = [lineComment('//'), blockComment(raw`/\*`, '*/')];
const nestedCComments = [lineComment('//'), blockComment(raw`/\*`, '*/', { isNested: true })];
const hash = lineComment('#');
const hashAtWordStart = lineComment(raw`#(?<=(?:^|[\s;&|(])#)`);
const dollarBraces = interpolation(raw`\$\{`);
const hashBraces = interpolation(raw`#\{`);
const dollarParens = interpolation(raw`\$\(`, ')');

/** `'x'`, but neither the lifetime or type variable `'a` nor the name `x'`. */
const character = string("'", {
  open: raw`'(?<![\w)\]}']')(?=\\|(?:[\ud800-\udbff][\udc00-\udfff]|[^'\n\\])'|[^\w\s']?${endOfText})`,
  close: "'",
});

/** Whether an expression may begin here, so that `/` begins a regular expression and `<` a JSX element. */
function isExpressionStart({ at, tokenBefore }: TokenPlace): boolean {
  const before = tokenBefore(at);
  if (/[\w$]$/.test(before)) return wordsBeforeExpressions.has(before);
  return !/(?:[)\]}"'`]|\+\+|--|[\w$)\]]!)$/.test(before);
}

const wordsBeforeExpressions = new Set(
  (
    'return typeof instanceof in of new delete void throw case do else yield await default extends ' +
    'and or not if unless while until when then puts split'
  ).split(' '),
);

/** Ruby and Perl call functions without brackets: `foo /x/` is a regular expression, `a / b` and `a/b` are divisions. */
function isRegexpOfCall(place: TokenPlace): boolean {
  const { text, at } = place;
  return (
    isExpressionStart(place) || (/[ \t]/.test(text.charAt(at - 1)) && !/[\s=]/.test(text.charAt(at + 1)))
  );
}

const characterClass: Rule = { kind: 'regexp', open: raw`\[`, close: ']', skip: backslash, isOneLine: true };

function regexp(options: Partial<Rule> = {}): Rule {
  return {
    kind: 'regexp',
    open: '/',
    close: '/',
    skip: backslash,
    inside: [characterClass],
    isOneLine: true,
    isClosedOnLine: true,
    when: isExpressionStart,
    ...options,
  };
}

const regexpOfManyLines = regexp({ open: raw`/(?=[ \t]*\r?\n)`, isOneLine: false, isClosedOnLine: false });

// ---- JavaScript and JSX

const attributeStrings = [text('"', { skip: '(?!)' }), text("'", { skip: '(?!)' })];
const braces = interpolation(raw`\{`);
const jsxName = raw`<(?<!<<)(?![A-Z]\w?>\()(?!\w+(?:,|\s+extends\b))(?:([A-Za-z_$][\w$.:-]*)(?:<[\w$.,|[\] '\"]+>)?(?=[\s/>{]|${endOfText})|(?=>|${endOfText}))`;
const jsxContent: Rule[] = [];
const jsxChildren: Rule = {
  kind: 'tag',
  open: '',
  close: ([name]) => `</${name ?? ''}>`,
  closePattern: () => '</[^<>]*>',
  inside: jsxContent,
};
const jsxElement: Rule = {
  kind: 'tag',
  open: jsxName,
  close: '>',
  closePattern: () => '/?>',
  inside: [...cComments, ...attributeStrings, braces],
  next: jsxChildren,
};
jsxContent.push(jsxElement, braces);

const script = [...cComments, string('"'), string("'"), text('`', { inside: [dollarBraces] }), regexp()];
const scriptWithJsx = [...script, { ...jsxElement, when: isExpressionStart }];

// ---- Markup

function element(tag: string, language: string): Rule {
  return {
    kind: 'tag',
    open: raw`<(${tag})\b`,
    close: '>',
    closePattern: () => '/?>',
    inside: [
      { ...passedOver(raw`\b(?:lang|type)\s*=\s*["']?([\w/+.#-]+)["']?`), isLanguage: true },
      ...attributeStrings,
    ],
    next: {
      kind: 'embedded',
      open: '',
      close: `</${tag}>`,
      closePattern: () => raw`</${tag}\s*>`,
      language,
    },
  };
}

function markup(
  options: { readonly inText?: readonly Rule[]; readonly inTags?: readonly Rule[] } = {},
): Rule[] {
  return [
    blockComment('<!--', '-->'),
    { kind: 'string', open: raw`<!\[CDATA\[`, close: ']]>' },
    ...['php', '='].map(name => ({ ...serverCode('php', raw`<\?${name}`), close: '?>' })),
    serverCode('javascript', '<%[=-]?'),
    element('script', 'javascript'),
    element('style', 'css'),
    {
      kind: 'tag',
      open: raw`<[/?!]?(?=[A-Za-z])`,
      close: '>',
      inside: [...attributeStrings, ...(options.inTags ?? [])],
    },
    ...(options.inText ?? []),
  ];
}

function serverCode(language: string, open: string): Rule {
  return { kind: 'embedded', open, close: '%>', language };
}

/** A fence of Markdown, inside a list or a quotation too. */
const fence: Rule = {
  kind: 'fence',
  open: raw`^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:(\`{3,})[ \t]*\{?\.?([\w+#.-]*)[^\n\`]*\n|(~{3,})[ \t]*\{?\.?([\w+#.-]*)[^\n]*\n)`,
  close: ([backticks, , tildes]) => (backticks ?? tildes)!,
  closePattern: close => raw`^[ \t>]*${close}${close.charAt(0)}*[ \t]*\r?$`,
  language: ([, first, , second]) => languageOfName(first || second || 'plaintext'),
};

const markdown = [
  fence,
  blockComment('<!--', '-->'),
  {
    ...string('`'),
    open: '(`+)',
    close: ([ticks]: Groups) => ticks!,
    skip: '(?!)',
    isClosedOnLine: true,
  },
  passedOver(raw`^[ \t>*-]*(?:\d+|[a-zA-Z])\)[ \t]`),
  // A smiley.
  passedOver(raw`[:;]-?[()](?<=[\s](?:..|...))`),
  // People escape only the first bracket of \[this].
  passedOver(raw`\\\[[^[\]\n]*\]|\\[()[\]{}\`]`),
];

// ---- C and its relatives

const cStrings = [string('"'), string("'")];
const c = [
  ...cComments,
  // A macro that is one bracket.
  passedOver(raw`^[ \t]*#[ \t]*define[ \t]+\w+[ \t]+[()[\]{}][ \t]*$`),
  {
    ...text('"'),
    open: raw`R"([^()\\\s]{0,16})\(`,
    close: ([mark]: Groups) => `)${mark}"`,
    skip: '(?!)',
  },
  string('"'),
  // Not the `'` of 1'000'000.
  string("'", { open: raw`'(?<!\b\d[\w']{0,40}')` }),
];
const csharpHole = interpolation(raw`\{`);
const csharp = [
  ...cComments,
  text('"""', { open: raw`\${2,}"{3,}`, skip: '(?!)', inside: [interpolation(raw`\{\{`, '}}')] }),
  text('"""', { open: raw`\$"{3,}`, skip: '(?!)', inside: [csharpHole] }),
  text('"""', { open: '"{3,}', skip: '(?!)' }),
  { ...doubled('"'), open: raw`(?:\$@|@\$)"`, skip: raw`""|\{\{`, isOneLine: false, inside: [csharpHole] },
  doubled('"', { open: '@"', close: '"', isOneLine: false }),
  string('"', { open: raw`\$"`, close: '"', skip: raw`${backslash}|\{\{`, inside: [csharpHole] }),
  ...cStrings,
];
const java = [...cComments, text('"""'), ...cStrings];
const kotlin = [
  ...nestedCComments,
  // A text that ends in a quote: """a "b"""".
  text('"""', { closePattern: () => '"{3,}', skip: '(?!)', inside: [dollarBraces] }),
  string('"', { inside: [dollarBraces] }),
  character,
];
const groovy = [
  ...cComments,
  text('/$', { open: raw`\$\/(?=\s|[^\s)])`, skip: raw`\$[$/]` }),
  text('"""', { inside: [dollarBraces] }),
  text("'''"),
  string('"', { inside: [dollarBraces] }),
  string("'"),
  regexp(),
];
const dart = [
  ...nestedCComments,
  ...['"""', "'''"].map(quote => text(quote, { open: raw`r(?<!\wr)${quote}`, skip: '(?!)' })),
  ...['"', "'"].map(quote => string(quote, { open: raw`r(?<!\wr)${quote}`, skip: '(?!)' })),
  text('"""', { inside: [dollarBraces] }),
  text("'''", { inside: [dollarBraces] }),
  string('"', { inside: [dollarBraces] }),
  string("'", { inside: [dollarBraces] }),
];
const swiftHole = interpolation(raw`\\\(`, ')');
const swiftSkip = raw`\\(?:\r\n|[^(])`;
const swift = [
  ...nestedCComments,
  {
    ...text('"'),
    open: '(#+)"',
    close: ([marks]: Groups) => `"${marks}`,
    skip: '(?!)',
  },
  text('"""', { skip: swiftSkip, inside: [swiftHole] }),
  string('"', { skip: swiftSkip, inside: [swiftHole] }),
];
const go = [...cComments, text('`', { skip: '(?!)' }), ...cStrings];
const rust = [
  ...nestedCComments,
  {
    ...text('"'),
    open: raw`r(?<!\w\wr)(#+)"`,
    close: ([marks]: Groups) => `"${marks}`,
    skip: '(?!)',
  },
  text('"', { open: raw`r(?<!\w\wr)"`, close: '"', skip: '(?!)' }),
  text('"'),
  { ...character, open: character.open.replace(raw`(?<![\w)\]}']')`, '') },
];
const php = [
  lineComment('//'),
  blockComment(raw`/\*`, '*/'),
  lineComment(raw`#(?!\[)`),
  { kind: 'embedded' as const, open: raw`\?>`, close: '<?', closePattern: () => raw`<\?(?:php\b|=)?` },
  heredoc(raw`<<<[ \t]*["']?(\w+)["']?`, { inside: [interpolation(raw`\{(?=\$)`)] }),
  text('"', { inside: [interpolation(raw`\{(?=\$)`)] }),
  text("'"),
];

// ---- Scripting languages

function pythonStrings(quote: string, make: (quote: string, options?: Partial<Rule>) => Rule): Rule[] {
  const holes = {
    skip: raw`${backslash}|\{\{`,
    inside: [interpolation(raw`\{`, '}', { language: 'f-string' })],
  };
  return [
    make(quote, { open: raw`${quote}(?<=\b(?:[fFtT][rR]?|[rR][fFtT])${quote})`, close: quote, ...holes }),
    make(quote),
  ];
}
/** Inside an f-string, `#` belongs to a format. */
const fString = [
  ...pythonStrings('"""', text),
  ...pythonStrings("'''", text),
  ...pythonStrings('"', string),
  ...pythonStrings("'", string),
];
const python = [hash, ...fString];
const ruby = [
  hash,
  { kind: 'comment' as const, open: raw`^=begin\b`, close: '=end', closePattern: () => raw`^=end\b` },
  heredoc(raw`<<[-~]?'([A-Z_]\w*)'`),
  heredoc(raw`<<[-~]?["'\`]?([A-Z_]\w*)["'\`]?`, { inside: [hashBraces] }),
  passedOver(raw`\$["'\`/;,&]`),
  // A character: ?(
  passedOver(raw`\?(?<![\w)\]}"']\?)(?:\\.|[()[\]{}"'\`#/])(?!\w)`),
  ...delimited('%[wWiIqQrsx]', { inside: [hashBraces] }),
  ...delimited('%', { inside: [hashBraces], when: isRegexpOfCall }).slice(0, 3),
  text('"', { inside: [hashBraces] }),
  text("'"),
  text('`', { inside: [hashBraces] }),
  regexpOfManyLines,
  regexp({ inside: [hashBraces, characterClass], when: isRegexpOfCall }),
];

/** `a|b)` before the commands of a `case`: the bracket closes nothing. */
function isCasePattern({ text, at, tokenBefore }: TokenPlace): boolean {
  let from = at;
  while (/[^();#\n]/.test(text.charAt(from - 1))) from--;
  const pattern = /(?:^.*\bin\s+)?(.*)/.exec(text.slice(from, at))![1]!;
  return pattern.trim() !== '' && /^(?:in|.?;[;&])$/.test(tokenBefore(at - pattern.length));
}
/** In `((1 << n))`, `<<` shifts a number. */
function isNoArithmetic({ text, at }: TokenPlace): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return !/\(\([^)]*$|\blet\s[^;]*$/.test(line);
}
const shellHeredoc = raw`<<(?<!<<<)(?!<)-?[ \t]*`;
const shell = [
  hashAtWordStart,
  passedOver(raw`\\[^]`),
  { ...passedOver(raw`\)`), when: isCasePattern },
  heredoc(raw`${shellHeredoc}(?:'([^'\n]+)'|"([^"\n]+)"|\\([\w.-]+))`),
  heredoc(raw`${shellHeredoc}([A-Za-z_][\w.-]*)`, { inside: [dollarParens], when: isNoArithmetic }),
  text("'", { open: raw`\$'`, close: "'" }),
  text('"', { inside: [dollarParens] }),
  text("'", { skip: '(?!)' }),
];
const lineQuotes = [
  string('"', { isClosedOnLine: true }),
  string("'", { isClosedOnLine: true, open: raw`'(?<!\w')` }),
];
const makefile = [lineComment(raw`#(?<!\\#)`), ...lineQuotes];
const luaLong = raw`\[(=*)\[`;
const luaClose = ([marks]: Groups) => `]${marks}]`;
const cmake = [
  { kind: 'comment' as const, open: raw`#\[(=*)\[`, close: luaClose },
  hash,
  { ...text('"'), open: luaLong, close: luaClose, skip: '(?!)' },
  passedOver(raw`\\[()"#]`),
  text('"'),
];
const dockerfile = [lineComment(raw`^[ \t]*#`), passedOver(raw`\\[^]`), ...lineQuotes];

const lua = [
  { kind: 'comment' as const, open: `--${luaLong}`, close: luaClose },
  lineComment('--'),
  { ...text('"'), open: luaLong, close: luaClose, skip: '(?!)' },
  ...cStrings,
];

/** An operator of Perl before its delimiter, but no variable, key or method of that name. */
const perlOperator = (names: string) => raw`(?:${names})(?<=(?:^|[^\w$@%&>{-])(?:${names}))\s*`;
/** The pattern and what replaces it; the second part ends with the same sign. */
const perlSubstitute: Rule = {
  kind: 'regexp',
  open: perlOperator('s|tr|y') + raw`([/|!#])`,
  close: ([sign]) => sign!,
  closePattern: sign => raw`${literally(sign)}(?:\\[^]|[^\\\n${literally(sign)}])*${literally(sign)}`,
  skip: backslash,
  isOneLine: true,
};
const isAfterMatch = ({ at, tokenBefore }: TokenPlace) => tokenBefore(at).endsWith('=~');
const perl = [
  lineComment(raw`#(?<!\$#)`),
  { kind: 'comment' as const, open: raw`^=[a-z]\w*`, close: '=cut', closePattern: () => raw`^=cut\b` },
  { kind: 'comment' as const, open: raw`^__(?:END|DATA)__`, close: '', closePattern: () => '(?!)' },
  heredoc(raw`<<~?["']?([A-Z_]\w*)["']?`),
  passedOver(raw`\$["'\`/;,&\]]`),
  ...delimited(perlOperator('q[qwrx]?|m')),
  // What replaces the pattern counts as code, because its brackets are in pairs nearly always.
  ...delimited(perlOperator('s|tr|y')).slice(0, 3),
  perlSubstitute,
  { ...perlSubstitute, open: `${perlOperator('s|tr|y')}([,@])`, when: isAfterMatch },
  { ...text(','), open: `${perlOperator('m')}([,@])`, close: ([sign]: Groups) => sign!, when: isAfterMatch },
  text('"'),
  text("'", { open: raw`'(?<!\w')` }),
  regexpOfManyLines,
  regexp({ when: isRegexpOfCall }),
];
const r = [
  hash,
  ...[
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
  ].map(([opener, close]) => ({
    ...text('"'),
    open: raw`[rR]"(-*)${literally(opener!)}`,
    close: ([marks]: Groups) => `${close}${marks}"`,
    skip: '(?!)',
  })),
  text('"'),
  text("'"),
  string('`'),
];
const julia = [
  blockComment('#=', '=#', { isNested: true }),
  hash,
  text('"""', { inside: [dollarParens] }),
  text('"', { inside: [dollarParens] }),
  text('`'),
  character,
];
const elixirSigil = raw`~[a-zA-Z]+`;
const elixir = [
  hash,
  passedOver(raw`\?(?<!\w\?)(?:\\.|[()[\]{}"'#])`),
  ...['"""', "'''"].map(quote =>
    text(quote, { open: raw`(?:${elixirSigil})?${quote}`, close: quote, inside: [hashBraces] }),
  ),
  ...delimited(elixirSigil, { inside: [hashBraces] }),
  text('"', { inside: [hashBraces] }),
  text("'", { inside: [hashBraces] }),
];
const erlang = [lineComment('%'), passedOver(raw`\$(?:\\.|[^\w\s\\])`), text('"'), string("'")];
const backtick = '`[^]';
const powershell = [
  blockComment('<#', '#>'),
  hashAtWordStart,
  ...['"', "'"].map(quote => ({
    ...text(quote),
    open: raw`@${quote}[ \t]*\r?\n`,
    close: `${quote}@`,
    closePattern: () => `^${quote}@`,
    skip: quote === '"' ? backtick : '(?!)',
    inside: quote === '"' ? [dollarParens] : [],
  })),
  passedOver(backtick),
  text('"', { skip: `${backtick}|""`, inside: [dollarParens] }),
  text("'", { skip: "''" }),
];

// ---- Functional languages and Lisps

const haskell = [
  lineComment(raw`--+(?![!#$%&*+./<=>?@\\^|~:-])`),
  blockComment(raw`\{-`, '-}', { isNested: true }),
  string('"'),
  character,
];
const elm = [text('"""'), ...haskell];
const ocaml = [blockComment(raw`\(\*(?!\))`, '*)', { isNested: true }), text('"'), character];
const fsharp = [
  ...ocaml.slice(0, 1),
  lineComment('//'),
  text('"""', { skip: '(?!)' }),
  doubled('"', { open: '@"', close: '"', isOneLine: false }),
  string('"', { open: raw`\$"`, close: '"', skip: raw`${backslash}|\{\{`, inside: [csharpHole] }),
  text('"'),
  character,
];
const lisp = [
  lineComment(';'),
  blockComment(raw`#\|`, '|#', { isNested: true }),
  passedOver(raw`(?:#|\?)?\\[^\s]`),
  passedOver(raw`\?(?<=[\s(]\?)[()[\]{}]`),
  text('"'),
];

// ---- Styles, data and documents

const css = [blockComment(raw`/\*`, '*/'), passedOver(backslash), ...cStrings];
// Not the `//` of url(https://…).
const scss = [lineComment(raw`//(?<!:\/\/)`), ...css];
const nixHole = { skip: raw`''(?:\$|'|\\)|\$\$`, inside: [dollarBraces] };
const nix = [
  hash,
  blockComment(raw`/\*`, '*/'),
  text("''", nixHole),
  text('"', { inside: [dollarBraces] }),
  passedOver(raw`\w'+`),
];
const json = [...cComments, string('"')];
const yamlBlock: Rule = {
  kind: 'string',
  open: raw`^([ ]*(?:-[ ]+)*)(?:-|[^\s#-][^\n]*?:)[ \t]+[|>][-+\d]*[ \t]*(?:#[^\n]*)?\r?\n`,
  close: ([blanks]) => `\n${blanks}`,
  closePattern: close => raw`^[ ]{0,${close.length - 1}}(?=[^\s])`,
};
const afterSign = (quote: string) => raw`${quote}(?<=(?:^|[\s[{,:(])${quote})`;
const yaml = [
  yamlBlock,
  hashAtWordStart,
  string('"', { open: afterSign('"'), close: '"', isClosedOnLine: true }),
  doubled("'", { open: afterSign("'"), close: "'", isClosedOnLine: true }),
];
const toml = [hash, text('"""'), text("'''", { skip: '(?!)' }), string('"'), string("'", { skip: '(?!)' })];
const latex = [
  passedOver(raw`\\[^a-zA-Z]`),
  lineComment('%'),
  {
    kind: 'string' as const,
    open: raw`\\begin\{(verbatim|lstlisting|minted)\}`,
    close: ([name]: Groups) => `\\end{${name}}`,
  },
  // A half-open interval.
  passedOver(raw`\[[^()[\]{}\n]{1,40}\)|\([^()[\]{}\n]{1,40}\]`),
];
const sql = [
  lineComment('--'),
  blockComment(raw`/\*`, '*/'),
  doubled("'", { isOneLine: false }),
  doubled('"'),
  doubled('`'),
];
const vb = [lineComment("'"), lineComment(raw`\b[Rr][Ee][Mm]\b(?=[ \t])`), doubled('"')];
const fortran = [lineComment('!'), doubled('"'), doubled("'")];
const pascal = [lineComment('//'), blockComment(raw`\{`, '}'), blockComment(raw`\(\*`, '*)'), doubled("'")];

// ---- Which language belongs to which family

const families = new Map<string, Family>();

function add(rules: readonly Rule[], languageIds: string, hasBrackets = true): void {
  for (const languageId of languageIds.split(' ')) families.set(languageId, { rules, hasBrackets });
}

/** In a language that is not in the table, a line that begins with a usual sign of comments is taken for one. */
const other: Family = {
  rules: [lineComment(raw`^[ \t]*(?:#|//|--|;|%)`), ...lineQuotes],
  hasBrackets: true,
};
add(lineQuotes, 'plaintext');
add(script, 'typescript');
add(scriptWithJsx, 'javascript javascriptreact typescriptreact');
add(
  c,
  'c cpp cuda-cpp objective-c objective-cpp glsl hlsl shaderlab wgsl proto proto3 solidity vala haxe verilog systemverilog',
);
add(csharp, 'csharp');
add(java, 'java apex thrift');
add(kotlin, 'kotlin scala');
add(groovy, 'groovy gradle');
add(dart, 'dart');
add(swift, 'swift');
add(go, 'go v');
add(rust, 'rust');
add([lineComment('//'), lineComment(raw`\\\\`), ...cStrings], 'zig');
const d = [
  ...cComments,
  blockComment(raw`\/\+`, '+/', { isNested: true }),
  text('`', { skip: '(?!)' }),
  text('"', { open: raw`r(?<!\wr)"`, close: '"', skip: '(?!)' }),
  text('"'),
  character,
];
add(d, 'd');
add(nix, 'nix');
add(php, 'php');
add(fString, 'f-string');
add(python, 'python starlark gdscript cython mojo');
const coffeeScript = [
  { kind: 'comment' as const, open: '###(?!#)', close: '###' },
  hash,
  text('///', { inside: [hashBraces] }),
  text('"""', { inside: [hashBraces] }),
  text("'''"),
  text('"', { inside: [hashBraces] }),
  text("'"),
  regexp(),
];
add(coffeeScript, 'coffeescript');
add(ruby, 'ruby crystal');
add(shell, 'shellscript');
add(makefile, 'makefile');
add(cmake, 'cmake');
add(dockerfile, 'dockerfile');
add(lua, 'lua luau');
add(perl, 'perl');
add(r, 'r');
add(julia, 'julia');
add(elixir, 'elixir');
add(erlang, 'erlang');
add(powershell, 'powershell');
add(haskell, 'haskell purescript agda idris');
add(
  [lineComment('--'), blockComment('\\/-', '-/', { isNested: true }), string('"'), character],
  'lean lean4',
);
add(elm, 'elm');
add(ocaml, 'ocaml');
add(fsharp, 'fsharp');
add(lisp, 'lisp clojure scheme racket commonlisp emacs-lisp fennel');
add(css, 'css');
add(scss, 'scss less sass stylus');
add(json, 'json jsonc json5 jsonl');
const terraform = [
  hash,
  ...cComments,
  heredoc(raw`<<[-~]?[ \t]*(\w+)`, { inside: [dollarBraces] }),
  text('"', { inside: [dollarBraces] }),
];
add(terraform, 'terraform hcl');
add([hash, text('"""'), string('"')], 'graphql');
add([hash, lineComment(raw`^[ \t]*;`), ...lineQuotes], 'ini properties dotenv');
add([hash, passedOver(backslash), ...lineQuotes], 'tcl');
add([blockComment(raw`#\[`, ']#', { isNested: true }), hash, text('"""'), string('"'), character], 'nim');
add([hash, ...lineQuotes], 'raku perl6 just nginx apacheconf caddyfile fish awk gitignore');
add(
  [lineComment('//'), blockComment(raw`/\*`, '*/'), text("'''"), string("'", { inside: [dollarBraces] })],
  'bicep',
);
add([hash, text('`', { skip: '(?!)' }), string('"')], 'rego');
add([hash, ...cComments, text('|||', { open: raw`\|\|\|` }), string('"'), string("'")], 'jsonnet');
add(
  [
    lineComment('%'),
    blockComment(raw`/\*`, '*/'),
    passedOver(raw`\b0'(?:\\.|[^])`),
    string('"'),
    string("'"),
  ],
  'prolog',
);
add([lineComment('--'), doubled('"'), character], 'vhdl ada');
add(
  [lineComment(raw`^[ \t]*(?:@?[Rr][Ee][Mm]\b|::)`), string('"', { skip: '(?!)', isClosedOnLine: true })],
  'bat',
);
add([lineComment(raw`^[ \t:]*"`), ...lineQuotes], 'viml vim');
add(
  [lineComment(raw`^(?:\*|.{6}\*|[ \t]*")`), lineComment(raw`"(?<=[ \t.]")(?=[ \t])`), ...lineQuotes],
  'abap cobol',
);
add(
  [lineComment('[;#]'), lineComment('//'), string('"'), string("'", { isClosedOnLine: true })],
  'asm nasm arm',
);
add(yaml, 'yaml dockercompose github-actions-workflow');
add(toml, 'toml');
add(latex, 'latex tex bibtex');
add(markdown, 'markdown mdx quarto rmd');
add(sql, 'sql mysql postgres plsql');
add(vb, 'vb');
add(fortran, 'fortran FortranFreeForm fortran-modern');
add(pascal, 'pascal objectpascal');
add(markup(), 'html xml xsl svg handlebars erb ejs', false);
add(markup({ inText: [interpolation(raw`\{\{`, '}}', { language: 'typescript' })] }), 'vue', false);
const svelteBraces = interpolation(raw`\{[#/:@]?`, '}', { language: 'typescript' });
add(markup({ inText: [svelteBraces], inTags: [svelteBraces] }), 'svelte astro', false);
