import { describe, it } from 'vitest';
import { useDocumentIndentation } from '../../src/postprocess/use-document-indentation';
import { createCheck } from './check-filter';

const check = createCheck(useDocumentIndentation);

describe('in a document with tabs', () => {
  const document = 'f() {\n\ta();\n\tb();\n\tif (c) {█\n}';
  it('spaces become tabs', () => check(document, '\n    d();\n        e();', '\n\td();\n\t\te();'));
  it('whatever their number', () => check(document, '\n  d();\n    e();', '\n\td();\n\t\te();'));
  it('spaces behind the last whole step stay', () => check(document, '\n  d(\n   e);', '\n\td(\n\t e);'));
  it('tabs stay', () => check(document, '\n\t\td();', '\n\t\td();'));
  it('spaces within a line stay', () => check(document, ' // c  d', ' // c  d'));
  it('what goes on at the cursor stays', () => check(`${document.replace('█', '  █')}`, '  d();', '  d();'));
  it('a line that the cursor stands alone in is indented by tabs, too', () =>
    check('f() {\n\ta();\n\tb();\n█\n}', '    c();', '\tc();'));
});

describe('in a document with spaces', () => {
  it('tabs become as many as it has', () => {
    check('f() {\n  a();\n  b();█\n}', '\n\tc();\n\t\td();', '\n  c();\n    d();');
    check('f():\n    a()\n    b()█\n', '\n\tc()', '\n    c()');
  });
  it('spaces stay, however many', () => check('f() {\n  a();█\n}', '\n    c();', '\n    c();'));
  it('the asterisks of a comment are no step', () =>
    check('/**\n * a\n */\nf() {\n    b();█\n}', '\n\tc();', '\n    c();'));
});

describe('as the model wrote it stays a suggestion', () => {
  it('in a document that is not indented', () => check('a();█', '\n\tb();', '\n\tb();'));
  it('in a document that is indented by both alike', () => check('\ta();\n  b();█', '\n\tc();', '\n\tc();'));
  it('that is indented by both alike', () => check('\ta();█', '\n\tb();\n    c();', '\n\tb();\n    c();'));
});
