// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are programs
import { describe, expect, it } from 'vitest';
import { isSameState, leavesRegionAt, scanCode, startOf } from '../../src/document/code-lexer';

/** @param marked the text, with each bracket that is code between « and » */
function check(languageId: string, marked: string) {
  const text = marked.replaceAll(/[«»]/g, '');
  const { brackets } = scanCode(text, languageId);
  let found = '';
  let from = 0;
  for (const { bracket, at } of brackets) {
    found += `${text.slice(from, at)}«${bracket}»`;
    from = at + 1;
  }
  expect(found + text.slice(from)).toBe(marked);
}

/** @param expected kind and close of each region that the text ends in, outermost first */
function checkEnd(languageId: string, text: string, ...expected: readonly string[]) {
  const { regions } = scanCode(text, languageId).state;
  expect(regions.map(({ kind, close }) => `${kind} ${close}`)).toEqual(expected);
}

const typescript: readonly string[] = [
  'a«(»/* ) */ "(" b«)»',
  "f«(»'\\'(', `(${b«[»c«]»}`«)»; // (",
  '`${`${«{»a: `)`«}»}`}(`; «(»«)»',
  'const a = /[/(]\\)/g; b«(»c / d / «(»e«)»«)»',
  'return /\\(/.test«(»x«)»',
  'x = a«[»1«]» / b«(»«)» / c',
  'x =\n  // why (\n  /\\(/',
  '"(\nf«(»«)»',
];

const cases: Readonly<Record<string, readonly string[]>> = {
  nix: ["a = ''\n  ( ${f «(»«)»} ''' ''${ (\n''; «(»«)» # (", "x' = «(»«)»;"],
  terraform: ['a = <<-EOT\n  ( ${f«(»1«)»}\n  EOT\nb = «[»«]» # ('],
  d: ['string s = `(`; «(»«)»', '/+ ( /+ +/ ( +/ «(»«)»', "char c = '('; «(»«)»"],
  coffeescript: ['### ( ### «(»«)»', 'a = /// ( #{b «[»«]»} ///; «(»«)»', '# (\n«(»«)»'],
  nim: ["let c = '('\n#[ ( ]# «(»«)» # ("],
  bicep: ["a: '${b«(»«)»} ('\n// (\n«(»«)»"],
  rego: ['a = `(`\n# (\n«(»«)»'],
  jsonnet: ['a: |||\n  (\n|||, «(»«)» // ('],
  prolog: ["X = 0'(, «(»«)». % ("],
  vhdl: ["a <= '('; -- (\n«(»«)»"],
  ada: ["X'First «(»«)» -- ("],
  bat: ['rem (\n:: (\n@REM (\n«(»«)»'],
  viml: ['" (\nlet a = "(" . f«(»«)»'],
  abap: ['* (\na = b. " (\nc«(»«)»'],
  asm: ['mov a, b ; (\n«(»«)»'],
  ini: ['; (\na = «(»«)» # ('],
  lean4: ['/- ( /- -/ ( -/ «(»«)» -- ('],
  zig: ['const s =\n  \\\\ (\n; «(»«)»'],
  'a language that is not known': ['# (\n// (\n-- (\n; (\n% (\nf«(»«)» # «(»«)»'],
  typescript,
  javascript: [
    ...typescript,
    'x = <div a="(" b={f«(»1«)»}>don\'t :) {/* ( */ g«(»«)»}</div>; h«(»«)»',
    "return «(»\n  <A>\n    (<b/> <C d={«{»e: 1«}»}>it's</C>\n  </A>\n«)»",
    '«(»<>:) {a«[»0«]»}</>«)»',
    'if «(»a < b && c > d«)» «{»«}»',
  ],
  typescriptreact: [
    'return <A<B, C[]> a={«{»«}»}>:)</A>;',
    'x = 1 << «(»a«)»',
    'x = a! / «(»b / c«)»',
    'const f = <T,>«(»a: T«)» => «{»«}»; g<A>«(»«)»',
    'const f = <T extends A>«(»a: T«)» => <b>(</b>;',
    "const x: Array<string> = «[»«]»; // don't (",
  ],
  c: ["if «(»c == '(' || c == '\\''«)» «{» /* } */ «}»", 'puts«(»"\\")"«)»; // (', "#error don't (\nf«(»«)»"],
  cpp: [
    '#define OPEN (\n«(»«)»',
    'R"x(")")x"; f«(»«)»',
    "int a = 1'000'000; f«(»'('«)»",
    'R"(()"; "(" «[»«]»',
  ],
  csharp: [
    '$"""\n( " {a«(»«)»}\n""" «[»«]»',
    '@"\\"; f«(»@"a""("«)»',
    '$"({a«[»0«]»} {{("; «(»«)»',
    '"""\n( "\n""" + \'(\' + «(»«)»',
  ],
  java: ['"""\n( "\n"""; f«(»«)»', "char c = '(';«{»«}»", '/** ( */ @A«(»"("«)»'],
  kotlin: ['"(${a«(»"("«)»}("; «(»«)»', '"""( "${b«[»1«]»}"""; «{»«}»', "/* /* ( */ ( */ '(' «(»«)»"],
  scala: ['"""a "("""" «(»«)»', "'sym «(»'('«)»", 's"(${a«(»1«)»}"', '"""\\""" «(»«)»'],
  groovy: [
    'a = /\\(/; «(»«)»',
    'a = $/ ( $/ /$ «(»«)»',
    '"${a«(»1«)»}("; «[»«]»',
    "'''\n( ''' «(»«)»",
    "f«(»'('«)» // (",
  ],
  swift: ['"(\\(a«[»0«]» + "("))" «(»«)»', '#"\\(")"# «(»«)»', '"""\n( \\(b)\n""" «{»«}»'],
  dart: ["r'\\' «(»r'('«)»", "'(${a«[»0«]»}' «(»«)»", '"""(\n""" «(»«)»', '// (\nf«(»"("«)»'],
  php: [
    '«{» # (\n«}»',
    '"({$a«[»\'(\'«]»}" «(»«)»',
    'f«(»<<<EOT\n( "\nEOT\n«)»;',
    "a«(»«)»; ?> don't :) <?php b«(»«)»;",
  ],
  go: ['`(\\` + «(»"`("«)»', "'(' '\\'' «{»«}»", '/* ( */ f«(»«)» // )'],
  rust: [
    "fn f<'a>«(»x: &'a str, c: char«)» «{» c == '(' «}»",
    'r#"(")"# «(»r"\\"«)»',
    "/* /* ( */ ( */ b'(' '\\'' '\\u{28}' «[»«]»",
    "impl<'a, 'b> X<'a> for Y<'b> «{»«}»",
  ],
  'objective-c': ['«[»a b:@"("«]»', "'(' «(»«)»", '// (\n«{»«}»'],
  python: [
    'f«(»"(", 1«)»  # )',
    '"""\n( " \'\n""" «[»«]»',
    'f\'({a«[»"("«]»} {{(\' «(»«)»',
    "rb'\\'(' «(»«)»",
    "x = 'don\nf«(»«)»",
    "f'{a\nf«(»«)»",
    'f"{a:#x}" «(»«)»',
  ],
  ruby: [
    'a = ?(; b «(»«)»',
    'a ? «(»b«)» : c',
    "a =~ /\n  [(] \\( # it's\n/x && «(»b«)»",
    "f <<~'A'\n#{(\nA\n«[»«]»",
    'sh %{(} if «(»a % b«)»',
    '"(#{a«[»\'(\'«]»}(" «(»«)» # (',
    "f«(»<<~SQL, 1«)»\n  ( ' #{b«(»1«)»}\nSQL\n«(»«)»",
    '%w[( [a] )] «(»%q(() )«)»',
    'puts /\\(/; a / b / «(»c«)»',
    '=begin\n(\n=end\n«[»«]»',
  ],
  shellscript: [
    "cat <<'x'\n$( '\nx\n«(»«)»",
    "cat << 'a b'\n( '\na b\n«(»«)»",
    'cat <<"a-b"\n( \'\na-b\n«(»«)»',
    'cat <<eot | f\n( "\neot\n«(»«)»',
    'echo $«(»«(»1 << n«)»«)»\n«(»«)»',

    "a=$«(»echo '(' \"$(b «(»c«)» ')')\"«)» # (",
    'echo a#«(» «(»«)»',
    'case $x in\n  -a|b) f;; # (\n  *) g «{»«}»;;\nesac; «(»h«)»',
    'cat <<EOF\n( \' $(a "(")\nEOF\n«(»«)»',
    "cat <<-'E' && «(»a«)»\n\t( $(\n\tE\n«{»«}»",
  ],
  lua: ['--[[ (\n( ]] f«(»«)» -- (', 'a = [==[ ( ]] ]==] «(»"("«)»', "t«[»1«]» = '(' «{»«}»"],
  sql: ["select «(»'it''s (' «)» -- (", '/* ( */ «(»"("«)»', "'(\n(' «(»«)»"],
  html: [
    '<p title="(">don\'t :) <!-- ( --></p><script>f«(»"("«)»</script> (',
    '<script lang="ts">\nconst a = "</script> (',
    '<style>a«{»b: "("«}» /* ( */</style> {',
    '<script type="application/json">«{»"a": "("«}»</script>',
  ],
  xml: ['<a b="(" c=\'(\'>(</a>', '<![CDATA[ ( ]]> (', '<!-- " ( -->'],
  vue: [
    '<template><p :a="f(1)">{{ b«(»«{»c: ")"«}»«)» }} it\'s (</p></template>',
    '<script setup lang="ts">\nf«(»`(${a«[»0«]»}`«)»\n</script>',
    '<style lang="scss">// don\'t (\na«{»«}»</style>',
  ],
  svelte: ["{#if a«(»1«)»} don't ( {/if}", '<A b={«{»c: "("«}»} on:x="(" />', '<script>f«(»«)»</script>)'],
  css: ['a«{»b: "(" /* ( */«}»', "a«[»b='['«]»«{»«}»", 'a«{»b: url«(»https://x«)»«}»'],
  scss: ["a«{» // don't (\n«}»", 'a«{»b: url«(»https://x«)»«}»', '#«{»$a«}» «{»«}»'],
  json: ['«{»"a(": «[»1, "\\"("«]»«}»', '«[»"("«]»', '«{»"a": "(\n«}»'],
  jsonc: ['«{» // (\n«}»', '/* ( */ «[»«]»', '«{»"//(": 1«}»'],
  yaml: [
    "a: it's «(»x«)» # (",
    "a: 'it''s (' \nb: \"(\"\nc: «[»«]»",
    'a:\n  - run: |\n      echo (\n\n      "\n    b: «{»«}»',
    'a: b#«(»c«)»',
  ],
  toml: ['a = «[»"(", \'(\\\'«]» # (', "a = '''(\n''' «{»«}»", '«[»b«]»\na = """(\n"""'],
  markdown: [
    "don't «[»a«]»«(»b«)» `(` it's",
    '```ts\nf«(»"(", 1«)» // (\n```\n«(»«)»',
    '- a\n  ~~~python\n  """(\n  ~~~\n«[»«]»',
    '1) a\n2) b «(»c«)»',
  ],
  haskell: ["f' x = «(»'(' , \"(\"«)» -- (", '{- {- ( -} ( -} «[»«]»', 'a --> «(»b«)»'],
  elm: ['f «(»"("«)» -- (', '"""(\n""" «(»«)»', '{- ( -} «{»«}»'],
  clojure: ['«(»f \'a "("«)» ; (', '«[»\\( \\newline \\)«]»', '«{»:a «(»b«)»«}»'],
  lisp: ["«(»f '«(»a«)» #\\( «)»", '#| ( #| ( |# ( |# «(»«)»', '«(»"\\"("«)» ; ('],
  latex: [
    '\\a«{»b«}» % (',
    '\\{ «(»x«)» 50\\% «[»«]»',
    '$[0,1)$ «(»a«)»',
    '\\begin{verbatim}(\\end{verbatim}«{»«}»',
  ],
  perl: [
    '$#«{»a«}» # (',
    'q(() ) «(»«)»',
    's/\\(/)/g; m{\\(} «(»«)» =~ /\\(/',
    'print <<"E";\n( "\nE\n«(»«)»',
  ],
  r: ['f«(»\'(\', "("«)» # (', 'r"(()" «(»«)»', '`(` «[»«[»1«]»«]»'],
  elixir: ['"(#{a«(»1«)»}" # (', '~r/\\(/ «(»~w[(]«)»', '@doc """\n( "\n"""\n«{»«}»', '?( «[»«]»'],
  erlang: ['f«(»"(", \'(\'«)» % (', '$( «[»«]»', '«{»"\\"("«}»'],
  fsharp: ['(* ( *) «(»"("«)» // (', '"""( " """ «[»«]»', "let f «(»x: 'a«)» = '('"],
  ocaml: ["(* ( (* ( *) *) f «(»'('«)»", '"\\"(" «[»«]»', "let f' : 'a list = «{»«}»"],
  julia: ["#= ( =# a' * «(»'('«)» # (", '"($(f«(»")"«)»))" «[»«]»', '"""( " """ «(»«)»'],
  powershell: ['"`"( $(f «(»"("«)») ""(" «(»«)»', "@'\n( '\n'@ «{»«}»", "<# ( #> «(»'''('«)» # ("],
  vb: ['f«(»"a""("«)» \' (', "REM don't (\n«(»«)»", 'x = "(\n«(»«)»'],
  fortran: ["call f«(»'it''s ('«)» ! (", 'print *, "(" , «(»«)»', "! don't (\n«(»«)»"],
  pascal: ["{ ( } f«(»'it''s ('«)»; // (", '(* ( *) «[»«]»', "x := '('; «(»«)»"],
  makefile: ['a: $«(»b«)» # (', "# don't (\n$«{»a«}»", "echo '(' \"(\" it's $«(»c«)»"],
  dockerfile: ['# don\'t (\nRUN «[»"("«]»', "LABEL a='(' «{»«}»", "RUN it's «(»a«)»"],
  plaintext: ["it's «(»\"(\" '('«)»", 'a "«(»\n«)»', '# «(»«)»'],
};

describe.each(Object.entries(cases))('%s', (languageId, texts) => {
  it.each(texts)('%j', marked => check(languageId, marked));
});

describe('a text ends in', () => {
  it('plain code', () => checkEnd('typescript', 'a("(")'));
  it('a string', () => checkEnd('typescript', 'a("(', 'string "'));
  it('an interpolation in a string', () => checkEnd('typescript', '`a ${b(', 'string `', 'interpolation }'));
  it('a string in an interpolation in a string', () =>
    checkEnd('python', 'f"""{a["b', 'string """', 'interpolation }', 'string "'));
  it('a comment', () => checkEnd('c', 'a /* b *', 'comment */'));
  it('a comment of one line', () => checkEnd('c', 'a // b', 'comment \n'));
  it('a regular expression', () => checkEnd('typescript', 'a = /b[', 'regexp /', 'regexp ]'));
  it('a tag', () => checkEnd('html', '<a href="', 'tag >', 'string "'));
  it('the children of a JSX element', () =>
    checkEnd('javascriptreact', 'return <a.b c="">it\'s', 'tag </a.b>'));
  it('embedded code', () => checkEnd('html', '<script>\nlet a = ', 'embedded </script>'));
  it('a fence', () => checkEnd('markdown', '````py\na = "', 'fence ````', 'string "'));
  it('a heredoc', () => checkEnd('ruby', 'f(<<~SQL)\n  a', 'string SQL'));
  it('plain code after a string that its line does not close', () => checkEnd('java', 'a = "b\n'));
});

describe('leavesRegionAt', () => {
  /** @param text what follows `before`, with `|` where its innermost region is left */
  function checkLeft(languageId: string, before: string, text: string) {
    const at = leavesRegionAt(text.replace('|', ''), languageId, scanCode(before, languageId).state);
    expect(at).toBe(text.includes('|') ? text.indexOf('|') : undefined);
  }

  it('is before the quote that closes a string', () => checkLeft('typescript', 'a = "b', 'c\\" |" + "d"'));
  it('is before the line break that ends a string', () => checkLeft('typescript', 'a = "b', 'c|\nd'));
  it('is undefined if a text stays in the string', () => checkLeft('typescript', 'a = `b', 'c ${`d`} e'));
  it('is undefined in plain code', () => checkLeft('typescript', 'a = ', '"b"'));
  it('is before the brace that closes an interpolation', () => checkLeft('typescript', '`${a', '({})|} b`'));
  it('is before the tag that ends a script', () => checkLeft('html', '<script>', 'a("b")|</script>'));
  it('is before the tag that ends a script inside a string', () =>
    checkLeft('html', '<script>a = "', 'b|</script>'));
  it('is before the fence', () => checkLeft('markdown', '```ts\na', '(`b`)\n|```\n'));
  it('is before the end of a comment', () => checkLeft('c', '/* a', ' b |*/ c'));
  it('knows a close that began before the text', () => checkLeft('c', '/* a *', '|/ b'));
  it('is the line that ends a block of YAML', () =>
    checkLeft('yaml', 'a:\n  b: |\n    c\n', '    d\n|  e: 1'));
});

it('the same regions are the same state, wherever they began', () => {
  const state = (text: string) => scanCode(text, 'typescript').state;
  expect(isSameState(state('a("'), state('\n"b'))).toBe(true);
  expect(isSameState(state('a("'), state("a('"))).toBe(false);
  expect(isSameState(state('a'), startOf('typescript'))).toBe(true);
});
