import { describe, it } from 'vitest';
import { cutRepeatedFollowingLines, cutRepeatedLineAbove } from '../../../src/completion/filters/repetition';
import { createCheck } from './check-filter';

describe('cutRepeatedFollowingLines', () => {
  const check = createCheck(cutRepeatedFollowingLines);

  describe('a suggestion that repeats the line below', () => {
    it('is cut before that line', () => check('a = 1█\nb = 2', ';\nb = 2\nc = 3', ';'));
    it('is cut even if blank lines come before that line', () => check('a█\n\n\nb();', '();\nb();', '();'));
    it('is empty if it has no other line', () => check('a();\n█\nb();', 'b();', ''));
    it('is empty if the user has begun the line', () => check('a();\nb█\nb();', '();', ''));
  });

  describe('a suggestion is kept', () => {
    it('if it has another line', () => check('a█\nb();', '();\nc();', '();\nc();'));
    it('if nothing follows the cursor', () => check('a█', '();\nb();', '();\nb();'));
    it('if the line below is at another depth', () =>
      check('{\n  █\n    b();\n}', 'a();\n  b();', 'a();\n  b();'));
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
    it('is cut even if it is deeper, where the line above opens nothing', () =>
      check('  a();\n█', '    a();', ''));
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

describe('a line at another depth is no repeat', () => {
  const below = createCheck(cutRepeatedFollowingLines);
  const above = createCheck(cutRepeatedLineAbove);

  it('of `} else {`', () => {
    const text = 'if (y) {\n      one();\n    } else {\n      two();\n    }';
    below('  if (x) {\n    █\n  } else {\n    three();\n  }', text, text);
  });
  it('of `return None`', () => {
    const text = 'if row.hidden:\n            return None';
    below('    for row in rows:\n        █\n    return None', text, text);
  });
  it('of `default:`', () => {
    const text = 'switch (b) {\n        default:\n          c();\n      }';
    below('  switch (a) {\n    case 1:\n      █\n    default:\n  }', text, text);
  });
  it('of a closing word below a deeper one', () => above('    end\n█', '  end', '  end', 'ruby'));
});

describe('a closing word is no repeat while a block is open', () => {
  const check = createCheck(cutRepeatedLineAbove);
  it.each([
    ['ruby', 'if a\nif b\nc\nend\n█', 'end'],
    ['lua', 'if a then\nif b then\nc()\nend\n█', 'end'],
    ['shellscript', 'for a in b; do\nfor c in d; do\ne\ndone\n█', 'done'],
    ['elixir', 'if a do\nif b do\nc\nend\n█', 'end'],
    ['julia', 'for a in b\nfor c in d\ne\nend\n█', 'end'],
    ['fortran', 'do i = 1, n\ndo j = 1, m\na = b\nend do\n█', 'end do'],
    ['pascal', 'begin\nbegin\na;\nend;\n█', 'end;'],
    ['latex', '\\begin{a}\n\\begin{a}\nb\n\\end{a}\n█', '\\end{a}'],
    ['html', '<div>\n<div>\n<p>a</p>\n</div>\n█', '</div>'],
    ['vue', '<div>\n<div>\n</div>\n█', '</div>'],
    ['vb', 'If a Then\nIf b Then\nc()\nEnd If\n█', 'End If'],
    ['cmake', 'if(A)\nif(B)\nset(C D)\nendif()\n█', 'endif()'],
    ['makefile', 'ifdef A\nifdef B\nC = D\nendif\n█', 'endif'],
    ['matlab', 'if a\nif b\nc;\nend\n█', 'end'],
    ['c', '#ifdef A\n#ifdef B\nint b;\n#endif\n█', '#endif'],
    ['csharp', '#region A\n#region B\nb();\n#endregion\n█', '#endregion'],
    ['fish', 'if a\nif b\nc\nend\n█', 'end'],
    ['viml', 'if a\nif b\ncall c()\nendif\n█', 'endif'],
    ['verilog', 'always begin\nif (a) begin\nb = c;\nend\n█', 'end'],
    ['ada', 'if A then\nif B then\nC;\nend if;\n█', 'end if;'],
    ['vhdl', 'if a then\nif b then\nc <= d;\nend if;\n█', 'end if;'],
    ['plsql', 'IF a THEN\nIF b THEN\nc;\nEND IF;\n█', 'END IF;'],
    ['php', '<?php if ($a):\nif ($b):\nc();\nendif;\n█', 'endif;'],
    ['jinja', '{% if a %}\n{% if b %}\nc\n{% endif %}\n█', '{% endif %}'],
    ['liquid', '{% if a %}\n{% if b %}\nc\n{% endif %}\n█', '{% endif %}'],
    ['handlebars', '{{#if a}}\n{{#if b}}\nc\n{{/if}}\n█', '{{/if}}'],
    ['svelte', '{#if a}\n{#if b}\nc\n{/if}\n█', '{/if}'],
    ['blade', '@if (a)\n@if (b)\nc\n@endif\n█', '@endif'],
    ['erb', '<% if a %>\n<% if b %>\nc\n<% end %>\n█', '<% end %>'],
    ['ruby', 'module A\nprivate def a\nb\nend\n█', 'end'],
    ['shellscript', 'case a in\nx) case b in\ny) z ;;\nesac\n█', 'esac'],
  ])('in %s', (languageId, text, word) => check(text, `${word}\n${word}`, word, languageId));
});

describe('a line comes as often as in the document', () => {
  const check = createCheck(cutRepeatedLineAbove);
  const three = 'draw(a);\ndraw(a);\ndraw(a);\n';
  it('and once more if the user has begun it', () => check(`${three}draw(█`, 'a);', 'a);'));
  it('and no more if the user has not', () => check(`${three}█`, 'draw(a);', ''));
  it('also if its last line goes on right of the cursor', () => check('draw(a);\ndraw(█, b);', 'a', 'a'));
});
