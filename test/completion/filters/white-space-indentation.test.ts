import { describe, it } from 'vitest';
import { useDocumentIndentation } from '../../../src/completion/filters/white-space';
import { createCheck } from './check-filter';

const check = createCheck(useDocumentIndentation);

describe('in a document with tabs', () => {
  const document = 'f() {\n\ta();\n\tb();\n\tif (c) {█\n}';
  it('spaces become tabs', () => check(document, '\n    d();\n        e();', '\n\td();\n\t\te();'));
  it('whatever their number', () => check(document, '\n  d();\n    e();', '\n\td();\n\t\te();'));
  it('spaces behind the last whole step stay', () => check(document, '\n  d(\n   e);', '\n\td(\n\t e);'));
  it('a step is what lines are indented by more than those above', () => {
    const deep = 'f() {\n\tif (a) {\n\t\tif (b) {\n\t\t\tc();█\n\t\t}\n\t}\n}';
    check(
      deep,
      '\n            d({\n                e,\n            });',
      '\n\t\t\td({\n\t\t\t\te,\n\t\t\t});',
    );
    // An alignment is no step.
    check(deep, '\n            d(a,\n                     b);', '\n\t\t\td(a,\n\t\t\t\t\t b);');
  });
  it('a step is told by the depth of the line at the cursor', () => {
    const deep = 'f() {\n\tif (a) {\n\t\tif (b) {\n\t\t\tc();█\n\t\t}\n\t}\n}';
    check(deep, '\n            d();', '\n\t\t\td();');
    check(deep, '\n      d();', '\n\t\t\td();');
    check(deep, '\n        }', '\n\t\t}');
    check(deep.replace('c();', 'if (d) {'), '\n                e();', '\n\t\t\t\te();');
    check(deep.replace('c();', ''), 'd({\n                e,', 'd({\n\t\t\t\te,');
  });
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
  it('one line of other spaces does not change their number', () =>
    check(
      'f() {\n    a();\n  odd();\n    if (b) {\n        c();\n        if (d) {█\n        }\n    }\n}',
      '\n\t\t\te();',
      '\n            e();',
    ));
  it('of lines that are indented alike it is the fewest', () =>
    check('  a();\n  b();█', '\n\tc();', '\n  c();'));
  it('spaces stay, however many', () => check('f() {\n  a();█\n}', '\n    c();', '\n    c();'));
  it('the asterisks of a comment are no step', () =>
    check('/**\n * a\n */\nf() {\n    b();█\n}', '\n\tc();', '\n    c();'));
});

describe('as the model wrote it stays a suggestion', () => {
  it('in a document that is not indented', () => check('a();█', '\n\tb();', '\n\tb();'));
  it('in a document that is indented by both alike', () => check('\ta();\n  b();█', '\n\tc();', '\n\tc();'));
  it('that is indented by both alike', () => check('\ta();█', '\n\tb();\n    c();', '\n\tb();\n    c();'));
});
