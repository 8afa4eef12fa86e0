import { describe, it } from 'vitest';
import { cutRepeatedFollowingLines, cutRepeatedLineAbove } from '../../../src/completion/filters/repetition';
import { createCheck } from './check-filter';

describe('cutRepeatedFollowingLines', () => {
  const check = createCheck(cutRepeatedFollowingLines);

  describe('a suggestion that repeats the line below', () => {
    it('is cut before that line', () => check('a = 1█\nb = 2', ';\nb = 2\nc = 3', ';'));
    it('is cut even if the indentation differs', () => check('{\n  █\n    b();\n}', 'a();\n  b();', 'a();'));
    it('is cut even if blank lines come before that line', () => check('a█\n\n\nb();', '();\nb();', '();'));
    it('is empty if it has no other line', () => check('a();\n█\nb();', 'b();', ''));
    it('is empty if the user has begun the line', () => check('a();\nb█\nb();', '();', ''));
  });

  describe('a suggestion is kept', () => {
    it('if it has another line', () => check('a█\nb();', '();\nc();', '();\nc();'));
    it('if nothing follows the cursor', () => check('a█', '();\nb();', '();\nb();'));
    it('if it repeats a line further below', () => check('a█\nb();\nc();', '();\nc();', '();\nc();'));
    it('if it closes a block above a line that also closes one', () => check('a█\n}', '\n}\n}', '\n}\n}'));
    it('if the cursor’s line, not the suggestion, repeats the line below', () =>
      check('b();█\nb();', '\nc();', '\nc();'));
    it('if it equals the line below, but its whole line does not', () =>
      check('const a = █\nfoo();', 'foo();', 'foo();'));
  });
});

describe('cutRepeatedLineAbove', () => {
  const check = createCheck(cutRepeatedLineAbove);

  describe('a suggestion that repeats the line above', () => {
    it('is cut before the repeated line', () => check('█', 'a();\na();\na();', 'a();'));
    it('is empty if the line above the cursor comes again', () => check('a();\n█', 'a();', ''));
    it('is empty if the user has begun the line again', () => check('a();\na█', '();', ''));
    it('is cut even if the indentation differs', () => check('  a();\n█', '    a();', ''));
    it('is cut even if blank lines are between', () => check('a();\n\n█', '\nb();\n\nb();', '\nb();\n'));
  });

  describe('a suggestion is kept', () => {
    it('if it has a new line', () => check('a();\n█', 'b();\na();', 'b();\na();'));
    it('if it closes two blocks', () => check('  }\n█', '}\n}', '}\n}'));
    it('if it continues a line', () => check('a();\nb█', '();', '();'));
    it('if the user has repeated the line', () => check('a();\na();█', '\nb();', '\nb();'));
    it('in an empty document', () => check('█', 'a();', 'a();'));
    it('if it has blank lines', () => check('a();\n█', '\n\nb();', '\n\nb();'));
  });
});
