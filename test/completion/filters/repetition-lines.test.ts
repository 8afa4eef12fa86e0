import { describe, it } from 'vitest';
import { cutRepeatedFollowingLines, cutRepeatedLineAbove } from '../../../src/completion/filters/repetition';
import { createCheck } from './check-filter';

describe('cutRepeatedFollowingLines', () => {
  const check = createCheck(cutRepeatedFollowingLines);

  describe('a suggestion that runs into the text below', () => {
    it('is cut where it does', () => check('a = 1█\nb = 2', ';\nb = 2\nc = 3', ';'));
    it('is cut past blank lines below', () => check('a█\n\n\nb();', '();\nb();', '();'));
    it('is cut to nothing if it says nothing else', () => check('a();\n█\nb();', 'b();', ''));
    it('is cut to nothing where the line was begun', () => check('a();\nb█\nb();', '();', ''));
  });

  describe('a suggestion is kept', () => {
    it('that says something else', () => check('a█\nb();', '();\nc();', '();\nc();'));
    it('where nothing follows', () => check('a█', '();\nb();', '();\nb();'));
    it('that says the same at another depth', () =>
      check('{\n  █\n    b();\n}', 'a();\n  b();', 'a();\n  b();'));
    it('that repeats a line further below', () => check('a█\nb();\nc();', '();\nc();', '();\nc();'));
    it('that closes a block above a line that closes one, too', () => check('a█\n}', '\n}\n}', '\n}\n}'));
    it('that goes on below a line that stands below, too', () => check('b();█\nb();', '\nc();', '\nc();'));
    it('that says after the cursor what the line below says alone', () =>
      check('const a = █\nfoo();', 'foo();', 'foo();'));
  });
});

describe('cutRepeatedLineAbove', () => {
  const check = createCheck(cutRepeatedLineAbove);

  describe('a suggestion that repeats a line', () => {
    it('is cut before the second one', () => check('█', 'a();\na();\na();', 'a();'));
    it('is cut to nothing where the first stands above the cursor', () => check('a();\n█', 'a();', ''));
    it('is cut to nothing where the cursor is in the second', () => check('a();\na█', '();', ''));
    it('is cut though it is deeper, if the line above opens nothing', () =>
      check('  a();\n█', '    a();', ''));
    it('is cut past blank lines', () => check('a();\n\n█', '\nb();\n\nb();', '\nb();\n'));
  });

  describe('a suggestion is kept', () => {
    it('that says something new', () => check('a();\n█', 'b();\na();', 'b();\na();'));
    it('that closes two blocks', () => check('  }\n█', '}\n}', '}\n}'));
    it('that goes on with a line', () => check('a();\nb█', '();', '();'));
    it('that goes on below a line the user repeated', () => check('a();\na();█', '\nb();', '\nb();'));
    it('in an empty document', () => check('█', 'a();', 'a();'));
    it('that has blank lines', () => check('a();\n█', '\n\nb();', '\n\nb();'));
  });
});
