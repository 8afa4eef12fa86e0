/**
 * Kinds of faults that people report of completion extensions, through the whole completer. The model is silent, so the
 * answer is what the document says elsewhere; a second group says what a model may answer and what is left of it.
 */
import { describe, expect, it } from 'vitest';
import { decideScope } from '../../src/completion/scope';
import { accept, place } from '../notation';
import { says } from './scripted-engine';
import { testSettings } from './settings-for-test';
import { startTyping } from './typing';

/** What is inserted at the cursor for a user who asks, if the model says `answer`; empty for nothing. */
async function inserted(text: string, languageId: string, answer = ''): Promise<string> {
  const { completer } = startTyping(says(answer));
  const document = place(text, { languageId, path: 'src/sample' });
  const request = {
    document,
    trigger: 'manual',
    scope: decideScope(document),
    settings: testSettings,
  } as const;
  const { shown } = await completer.completeAnew(request, new AbortController().signal);
  return shown === undefined ? '' : accept(document, shown).slice(document.prefix.length).split('█')[0]!;
}

describe('what stands elsewhere in the document is offered', () => {
  it.each([
    [
      'javascript',
      'function a(x, y) {\n  if (x) {\n    if (y) {\n      one();\n    } else {\n      two();\n    }\n  } else {\n    three();\n  }\n}\n\nfunction b(x, y) {\n  if (x) {\n    █\n  } else {\n    three();\n  }\n}\n',
      'if (y) {\n      one();\n    } else {\n      two();\n    }',
    ],
    [
      'python',
      'def find_user(rows, key):\n    for row in rows:\n        if row.hidden:\n            return None\n        if row.key == key:\n            return row\n    return None\n\n\ndef find_group(rows, key):\n    for row in rows:\n        █\n    return None\n',
      'if row.hidden:\n            return None\n        if row.key == key:\n            return row',
    ],
    [
      'python',
      'def width_of(shape):\n    if shape is None:\n        return None\n    return shape.width\n\n\ndef height_of(shape):\n    if shape is None:\n        ret█\n    return None\n',
      'urn None',
    ],
    [
      'shellscript',
      'if [ -d "$1" ]; then\n  if [ -f "$1/log" ]; then\n    gzip "$1/log"\n  fi\nfi\n\nif [ -d "$1" ]; then\n  █\nfi\n',
      'if [ -f "$1/log" ]; then\n    gzip "$1/log"\n  fi',
    ],
    [
      'html',
      '<section>\n  <div>\n    <div>\n      <p>one</p>\n    </div>\n  </div>\n  <div>\n    <div>\n      <p>two</p>\n    </div>\n  </div>\n  <div>\n    <div>\n      <p>three</p>\n    </div>\n  █\n</section>\n',
      '</div>',
    ],
    [
      'ruby',
      'def a\n  if x\n    y\n  end\nend\n\ndef b\n  if x\n    y\n  end\nend\n\ndef c\n  if x\n    y\n  end\n█',
      'end',
    ],
    [
      'javascript',
      '// draw\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(█, beta);\n',
      'alpha',
    ],
    [
      'javascript',
      '// 1) draw\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(█, beta);\n',
      'alpha',
    ],
    [
      'javascript',
      '// done :)\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(alpha);\nrender(█, beta);\n',
      'alpha',
    ],
    [
      'rust',
      'let a: (f64, f64, f64, f64) = origin();\nlet b: (f64, f64, f64, f64) = origin();\nlet c: (f64, f64, f64, f64) = origin();\nlet d: (█\n',
      'f64, f64, f64, f64) = origin();',
    ],
    [
      'css',
      '.g1 { grid-template-columns: 1fr 1fr 1fr 1fr; }\n.g2 { grid-template-columns: 1fr 1fr 1fr 1fr; }\n.g3 { grid-template-columns: 1fr 1fr 1fr 1fr; }\n.g4 { grid-template-columns: █ }\n',
      '1fr 1fr 1fr 1fr;',
    ],
    [
      'c',
      'static const int m1[4] = { 0, 0, 0, 0 };\nstatic const int m2[4] = { 0, 0, 0, 0 };\nstatic const int m3[4] = { █\n',
      '0, 0, 0, 0 };',
    ],
    ['javascript', 'const a = input;\nconst b = input;\nconst c = input;\nconst d = █.trim();\n', 'input'],
    ['javascript', 'say("hello");\nsay("hello");\nsay("hello");\nsay("█ world");\n', 'hello'],
  ])('in %s: %j', async (languageId, text, expected) =>
    expect(await inserted(text, languageId)).toBe(expected),
  );
});

describe('what a model says is cut where it no longer fits', () => {
  it.each([
    ['javascript', 'const d = █.trim();\n', 'input;\n', 'input'],
    ['javascript', 'f(█, beta);\n', 'alpha);\n', 'alpha'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template string
    ['javascript', 'const list = fetch(`${base}/█/items`);\n', 'users`);\n', 'users'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template string
    ['javascript', 'a(`x ${█} y`);\n', 'name} z`);\n', 'name'],
    ['python', 'print(f"{█}")\n', 'name}")\n', 'name'],
    ['html', '<a href="█">home</a>\n', '/start">home</a>\n', '/start'],
    [
      'vue',
      '<template>\n  <button @click="█">{{ count }}</button>\n</template>\n',
      '>{{ count }}</button>\n',
      '',
    ],
    ['vue', '<template>\n  <button @click="█">{{ count }}</button>\n</template>\n', 'count++">\n', 'count++'],
    ['go', 'x := f(█) + 1\n', 'a) // all\n', 'a'],
    ['rust', "let a: &'static str = f(█)?;\n", 'name);\n', 'name'],
    ['markdown', '# Use\n\n```js\nbox.█\n```\n', 'open();\n```\n', 'open();'],
    ['sql', "select 'a█' from b\n", "bc' from b\n", 'bc'],
    ['python', 'x = [█]\n', '1, 2]\n', '1, 2'],
    ['javascript', 'x = y ? █ : z;\n', 'a : b;\n', 'a'],
    ['javascript', 'a.█(b);\n', 'push(c);\n', 'push'],
    ['javascript', "import { █ } from 'x';\n", "readFile } from 'y';\n", 'readFile'],
    ['javascript', 'for (const █ of items) {\n}\n', 'item of list) {\n', 'item'],
    ['typescript', 'const a = new Map<string, █>(b);\n', 'number>();\n', 'number'],
    ['cpp', 'std::vector<█> v;\n', 'int> w;\n', 'int'],
    ['java', 'List<█> a = b();\n', 'String> a = c();\n', 'String'],
    ['sql', 'select █ from t;\n', 'id, name from u;\n', 'id, name'],
    ['python', 'return █ if a else b\n', 'x if c else d\n', 'x'],
    ['go', 'for i := 0; █; i++ {\n}\n', 'i < n; i++ {\n', 'i < n'],
    ['shellscript', 'if [[ █ ]]; then\n  a\nfi\n', '-f x ]]; then\n', '-f x'],
    ['html', '<p>█</p>\n', 'text</p>\n<p>more</p>\n', 'text'],
    ['typescriptreact', "const a = <p>don't {█}</p>;\n", 'name}</p>;\n', 'name'],
    ['typescriptreact', "const a = <p>{x} can't</p>;\nfoo(█, b);\n", 'c);\n', 'c'],
    ['python', 'q = "select █"\n', "'a' from t\"\n", "'a' from t"],
    ['javascript', 'const q = sql`select █ from t`;\n', 'id from t`;\n', 'id'],
    ['markdown', 'See [link](█) for more.\n', 'https://a.b) or\n', 'https://a.b'],
    ['markdown', '````md\n```js\nfoo(█)\n```\n````\n', 'b)\n```\n', 'b'],
    ['svelte', '<p class="{█}">b</p>\n', 'a}">\n', 'a'],
    ['rust', '/// ```\n/// foo(█);\n/// ```\nfn a() {}\n', 'b);\n/// ```\n', 'b'],
    ['xml', '<a><![CDATA[█]]></a>\n', 'b]]></a>\n', 'b'],
  ])('in %s: %j and %j', async (languageId, text, answer, expected) =>
    expect(await inserted(text, languageId, answer)).toBe(expected),
  );
});

describe('what fits is not cut', () => {
  it.each([
    ['javascript', 'const a = require("█\n', 'node:fs");\n', 'node:fs");'],
    ['javascript', 'foo(█)\n', 'a, b);\n', 'a, b);'],
    ['javascript', '/**\n * Adds█\n', ' one. */\n', ' one. */'],
    ['python', "x = '''a█\n", " b'''\n", " b'''"],
    ['rust', "fn f<'a>(█) {}\n", "x: &'a str\n", "x: &'a str"],
    ['javascript', 'const a = b.filter(█ => c);\n', 'x\n', 'x'],
    ['javascript', 'x = █ : z;\n', 'a ? b\n', 'a ? b'],
    ['javascript', 'x = y ? █ : z;\n', 'a ? b : c\n', 'a ? b : c'],
    ['javascript', 'x = y ? █ : z;\n', '"a: b"\n', '"a: b"'],
    ['typescript', 'const a: Map<█> = b;\n', 'string, Set<number>\n', 'string, Set<number>'],
    ['javascript', 'if (a) {\n  b();\n█\n}\n', '} else {\n', '} else {'],
    ['python', 'if a:\n    if b:\n        x()\n    █\nelse:\n    y()\n', 'else:\n', 'else:'],
    [
      'go',
      'switch a {\ncase 1:\n\tswitch b {\n\tcase 2:\n\t\tone()\n\t█\n\t}\ndefault:\n}\n',
      'default:\n',
      'default:',
    ],
    [
      'python',
      'cur.execute("insert into t values (█\n',
      '%s, %s, %s, %s, %s, %s)", row)\n',
      '%s, %s, %s, %s, %s, %s)", row)',
    ],
    [
      'html',
      '<tr>█</tr>\n',
      '<td></td><td></td><td></td><td></td>\n',
      '<td></td><td></td><td></td><td></td>',
    ],
  ])('in %s: %j and %j', async (languageId, text, answer, expected) =>
    expect(await inserted(text, languageId, answer)).toBe(expected),
  );
});
