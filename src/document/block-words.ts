/**
 * Words that open and close blocks, in languages that use words or tags instead of brackets. Only whole lines are looked
 * at, and comments are removed first. VS Code's language configurations have such words for few languages, so the table is
 * our own: each row was written from the language's reference and has a test.
 */

interface BlockWords {
  /** A line's comment. */
  readonly comment: RegExp;
  readonly open: RegExp;
  readonly close: RegExp;
}

const hash = /(?:^|\s)#.*$/;

const ruby: BlockWords = {
  comment: hash,
  // A word after a value (`return x if y`) opens nothing. An endless method (`def a = b`) needs no `end`.
  // A method may stand behind words such as `private`.
  open: /^\s*(?:class|module|(?:[a-z_]\w*\s+)*def(?!\s[\w.?!]+(?:\([^)]*\))?\s*=\s)|if|unless|while|until|case|begin|for)\b|\bdo\b(?:\s*\|[^|]*\|)?\s*$|[=(]\s*(?:if|unless|case|begin)\b/g,
  close: /^\s*end\b/g,
};
const lua: BlockWords = {
  comment: /--.*$/,
  open: /\bfunction\b|(?<!^\s*elseif\b.*)\bthen\b|\bdo\b|\brepeat\b/g,
  close: /\bend\b|\buntil\b/g,
};
const shell: BlockWords = {
  comment: hash,
  open: /(?:^|;|&&|\|\||\))\s*(?:if|case)\b|(?:^|;)\s*do\b/g,
  close: /(?:^|;)\s*(?:fi|esac|done)\b/g,
};
const elixir: BlockWords = { comment: hash, open: /\bdo\s*$|\bfn\b/g, close: /^\s*end\b/g };
const julia: BlockWords = {
  comment: hash,
  open: /^\s*(?:function|if|for|while|begin|let|try|struct|mutable\s+struct|module|macro|quote)\b|\bdo\b/g,
  close: /^\s*end\b/g,
};
const fortran: BlockWords = {
  comment: /!.*$/,
  open: /^\s*(?:program|module(?!\s+procedure)|subroutine|(?:\w+\s+)?function|do|interface|type\s*(?:,.*)?(?:::)?\s*\w|select\s+case)\b|^\s*if\b.*\bthen\s*$/gi,
  close: /^\s*end\s*(?:program|module|subroutine|function|do|if|interface|type|select)?\b/gi,
};
const pascal: BlockWords = {
  comment: /\/\/.*$|\{[^}]*\}/,
  open: /\b(?:begin|case|try|record|repeat)\b/gi,
  close: /\bend\b|\buntil\b/gi,
};
const latex: BlockWords = { comment: /(?<!\\)%.*$/, open: /\\begin\{/g, close: /\\end\{/g };
const basic: BlockWords = {
  comment: /'.*$/,
  open: /^\s*(?:(?:public|private|friend|shared|overrides)\s+)*(?:sub|function|class|module|namespace|structure|enum|property|select|while|for|do|try|using|with)\b|^\s*if\b.*\bthen\s*$/gi,
  close: /^\s*(?:end\s+\w+|next|loop|wend)\b/gi,
};
const make: BlockWords = {
  comment: hash,
  open: /^\s*(?:ifeq|ifneq|ifdef|ifndef|define)\b/g,
  close: /^\s*(?:endif|endef)\b/g,
};
const cmake: BlockWords = {
  comment: hash,
  open: /^\s*(?:if|foreach|while|function|macro)\s*\(/gi,
  close: /^\s*end(?:if|foreach|while|function|macro)\s*\(/gi,
};
const matlab: BlockWords = {
  comment: /%.*$/,
  open: /^\s*(?:function|if|for|while|switch|try|parfor|classdef|methods|properties)\b/g,
  close: /^\s*end\w*\b/g,
};
const tags: BlockWords = {
  comment: /<!--.*?-->/,
  // Tags that HTML never closes, and tags that close themselves.
  open: /<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-zA-Z][\w.:-]*(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?(?<!\/)>/g,
  close: /<\/[a-zA-Z][\w.:-]*\s*>/g,
};

/** Directives of a preprocessor. */
const directives: BlockWords = {
  comment: /\/\/.*$/,
  open: /^\s*#\s*(?:if|ifdef|ifndef|region)\b/gi,
  close: /^\s*#\s*(?:endif|endregion)\b/gi,
};
const fish: BlockWords = {
  comment: hash,
  open: /(?:^|;)\s*(?:if|for|while|switch|function|begin)\b/g,
  close: /(?:^|;)\s*end\b/g,
};
const vim: BlockWords = {
  comment: /^\s*".*$/,
  open: /^\s*(?:if|for|while|try|fu(?:nction)?!?|augroup\s+(?!END))\b/g,
  close: /^\s*(?:endif|endfor|endwhile|endtry|endf(?:unction)?|augroup\s+END)\b/g,
};
const verilog: BlockWords = {
  comment: /\/\/.*$/,
  open: /\b(?:module|begin|case[xz]?|function|task|generate|class|package|interface)\b/g,
  close: /\bend(?:module|case|function|task|generate|class|package|interface)?\b/g,
};
/** Ada, VHDL and PL/SQL close with `end` and a word. */
const ends: BlockWords = {
  comment: /--.*$/,
  open: /(?<!\bend\s+)\b(?:if|case|loop|begin|record|process|architecture|entity|component|package)\b/gi,
  close: /\bend\b/gi,
};
/** PHP's other way to write blocks. */
const colons: BlockWords = {
  comment: /\/\/.*$/,
  open: /^\s*(?:<\?php\s+)?(?:if|for|foreach|while|switch)\b.*:\s*(?:\?>)?\s*$/g,
  close: /^\s*(?:<\?php\s+)?(?:endif|endfor|endforeach|endwhile|endswitch)\b/g,
};

/** Statements of template languages, each with the tags around it. */
const percents: BlockWords = {
  comment: /\{#.*?#\}/,
  open: /\{%-?\s*(?:if|unless|for|block|macro|call|filter|with|raw|verbatim|autoescape|case|capture|comment|form|tablerow|cache|trans|blocktrans|spaceless|embed|apply|sandbox)\b/g,
  close: /\{%-?\s*end\w+/g,
};
const mustaches: BlockWords = {
  comment: /\{\{!.*?\}\}/,
  open: /\{\{~?#\s*[\w.]+|\{#\w+/g,
  close: /\{\{~?\/\s*[\w.]+|\{\/\w+/g,
};
const blade: BlockWords = {
  comment: /\{\{--.*?--\}\}/,
  open: /@(?:if|unless|isset|empty|auth|guest|for|foreach|forelse|while|switch|push|once|can|php|verbatim)\b|@section\([^,]*\)/g,
  close: /@end\w+/g,
};
const embeddedRuby: BlockWords = {
  comment: /<%#.*?%>/,
  open: /<%[-=]?\s*(?:if|unless|case|while|for|begin)\b|\bdo\s*(?:\|[^|]*\|)?\s*-?%>/g,
  close: /<%-?\s*end\b/g,
};

function both(one: BlockWords, other: BlockWords): BlockWords {
  const either = (a: RegExp, b: RegExp) => new RegExp(`${a.source}|${b.source}`, a.flags);
  return {
    comment: either(one.comment, other.comment),
    open: either(one.open, other.open),
    close: either(one.close, other.close),
  };
}

function rows(languageIds: string, words: BlockWords): [string, BlockWords][] {
  return languageIds.split(' ').map(languageId => [languageId, words]);
}

const languages: ReadonlyMap<string, BlockWords> = new Map([
  ['ruby', ruby],
  ['crystal', ruby],
  ['lua', lua],
  ['shellscript', shell],
  ['elixir', elixir],
  ['julia', julia],
  ['fortran', fortran],
  ['fortran-modern', fortran],
  ['FortranFreeForm', fortran],
  ['pascal', pascal],
  ['objectpascal', pascal],
  ['latex', latex],
  ['tex', latex],
  ['vb', basic],
  ['makefile', make],
  ['cmake', cmake],
  ['matlab', matlab],
  ['html', tags],
  ['xml', tags],
  ['vue', tags],
  ['javascriptreact', tags],
  ['typescriptreact', tags],
  ...rows('c cpp cuda-cpp objective-c objective-cpp csharp swift glsl hlsl shaderlab', directives),
  ...rows('fish', fish),
  ...rows('viml vim', vim),
  ...rows('verilog systemverilog', verilog),
  ...rows('ada vhdl plsql', ends),
  ...rows('php', colons),
  ...rows('jinja jinja-html django-html nunjucks twig liquid html-liquid', both(tags, percents)),
  ...rows('handlebars mustache svelte', both(tags, mustaches)),
  ...rows('blade', both(tags, blade)),
  ...rows('erb html.erb', both(tags, embeddedRuby)),
]);

/** Whether a line only closes: brackets alone, or a word or tag that closes a block in this language. */
export function isClosingLine(line: string, languageId: string): boolean {
  const text = line.trim();
  if (text !== '' && !/\w/.test(text)) return true;
  const words = languages.get(languageId);
  if (words === undefined) return false;
  const match = new RegExp(words.close.source, words.close.flags.replace('g', '')).exec(text);
  return match !== null && match.index === 0;
}

/** @returns blocks that the text opens and does not close; negative if it closes more; 0 for a language without such words */
export function openBlocks(text: string, languageId: string): number {
  const words = languages.get(languageId);
  if (words === undefined) return 0;
  let open = 0;
  for (const line of text.split('\n')) {
    const code = line.replace(words.comment, '');
    open += count(code, words.open) - count(code, words.close);
  }
  return open;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
