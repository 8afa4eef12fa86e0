import { describe, expect, it } from 'vitest';
import { commentLine } from '../../src/prompt/spell-other-files';

describe('a comment', () => {
  it.each([
    ['src/a.ts', '// src/a.ts'],
    ['src/a.go', '// src/a.go'],
    ['src/a.py', '# src/a.py'],
    ['app/Dockerfile', '# app/Dockerfile'],
    ['db/a.SQL', '-- db/a.SQL'],
    ['web/a.html', '<!-- web/a.html -->'],
    ['web/a.css', '/* web/a.css */'],
    ['web/LICENCE', '// web/LICENCE'],
  ])('with the path %s is %s', (path, line) => expect(commentLine(path, path)).toBe(line));
});
