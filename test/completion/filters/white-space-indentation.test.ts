import { describe, expect, it } from 'vitest';
import { useDocumentIndentation } from '../../../src/completion/filters/clean-text';
import type { EditorIndentation } from '../../../src/document/document-snapshot';
import { place } from '../../notation';
import { createCheck } from './check-filter';

const check = createCheck(useDocumentIndentation);

describe('in a document with tabs,', () => {
  const document = 'f() {\n\ta();\n\tb();\n\tif (c) {█\n}';
  it('spaces become tabs', () => check(document, '\n    d();\n        e();', '\n\td();\n\t\te();'));
  it('spaces become tabs for any number of spaces per step', () =>
    check(document, '\n  d();\n    e();', '\n\td();\n\t\te();'));
  it('spaces after the last whole step stay', () => check(document, '\n  d(\n   e);', '\n\td(\n\t e);'));
  it('a step is the difference between a line and the line above it', () => {
    const deep = 'f() {\n\tif (a) {\n\t\tif (b) {\n\t\t\tc();█\n\t\t}\n\t}\n}';
    check(
      deep,
      '\n            d({\n                e,\n            });',
      '\n\t\t\td({\n\t\t\t\te,\n\t\t\t});',
    );
    // An alignment is not a step.
    check(deep, '\n            d(a,\n                     b);', '\n\t\t\td(a,\n\t\t\t\t\t b);');
  });
  it('the depth of the cursor’s line gives the step if no line is indented more than another', () => {
    const deep = 'f() {\n\tif (a) {\n\t\tif (b) {\n\t\t\tc();█\n\t\t}\n\t}\n}';
    check(deep, '\n            d();', '\n\t\t\td();');
    check(deep, '\n      d();', '\n\t\t\td();');
    check(deep, '\n        }', '\n\t\t}');
    check(deep.replace('c();', 'if (d) {'), '\n                e();', '\n\t\t\t\te();');
    check(deep.replace('c();', ''), 'd({\n                e,', 'd({\n\t\t\t\te,');
  });
  it('tabs stay', () => check(document, '\n\t\td();', '\n\t\td();'));
  it('spaces within a line stay', () => check(document, ' // c  d', ' // c  d'));
  it('spaces at the cursor stay if the suggestion continues a line', () =>
    check(`${document.replace('█', '  █')}`, '  d();', '  d();'));
  it('a suggestion on an empty line gets tabs in its first line too', () =>
    check('f() {\n\ta();\n\tb();\n█\n}', '    c();', '\tc();'));
});

describe('in a document with spaces,', () => {
  it('tabs become as many spaces as the document has', () => {
    check('f() {\n  a();\n  b();█\n}', '\n\tc();\n\t\td();', '\n  c();\n    d();');
    check('f():\n    a()\n    b()█\n', '\n\tc()', '\n    c()');
  });
  it('a single line with another number of spaces does not count', () =>
    check(
      'f() {\n    a();\n  odd();\n    if (b) {\n        c();\n        if (d) {█\n        }\n    }\n}',
      '\n\t\t\te();',
      '\n            e();',
    ));
  it('the smallest indentation counts if no line is indented more than the line above it', () =>
    check('  a();\n  b();█', '\n\tc();', '\n  c();'));
  it('any number of spaces stays', () => check('f() {\n  a();█\n}', '\n    c();', '\n    c();'));
  it('the spaces before the asterisks of a comment do not count', () =>
    check('/**\n * a\n */\nf() {\n    b();█\n}', '\n\tc();', '\n    c();'));
});

describe('a suggestion stays as the model wrote it', () => {
  it('in a document without indentation', () => check('a();█', '\n\tb();', '\n\tb();'));
  it('in a document with as many lines with tabs as with spaces', () =>
    check('\ta();\n  b();█', '\n\tc();', '\n\tc();'));
  it('if it has as many lines with tabs as with spaces', () =>
    check('\ta();█', '\n\tb();\n    c();', '\n\tb();\n    c();'));
});

describe('if no line of the document is indented, the editor decides', () => {
  const suggestion = '\n    b()\n    if c:\n        d()';
  function checkEditor(document: string, indentation: EditorIndentation | undefined, after: string) {
    expect(useDocumentIndentation(suggestion, { ...place(document), indentation })).toBe(after);
  }

  it('with tabs', () =>
    checkEditor('def a():█', { insertSpaces: false, tabSize: 4 }, '\n\tb()\n\tif c:\n\t\td()'));
  it('with its number of spaces', () =>
    checkEditor('def a():█', { insertSpaces: true, tabSize: 2 }, '\n  b()\n  if c:\n    d()'));
  it('but not against an indented line', () =>
    checkEditor('if a:\n    b()\ndef a():█', { insertSpaces: false, tabSize: 4 }, suggestion));
  it('and the suggestion stays if the editor says nothing', () =>
    checkEditor('def a():█', undefined, suggestion));
});
