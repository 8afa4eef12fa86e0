import { expect, it } from 'vitest';
import { findImport, type ImportChange } from '../../src/document/find-import';

/** A line that is put in at the top of the document. */
const added = (text: string, lines = '\n'): readonly ImportChange[] => [{ lastLine: 0, text, lines }];

const check = (edits: readonly (readonly ImportChange[])[], name: string, expected: number | undefined) =>
  expect(findImport(edits, name, 9)).toBe(expected);

it.each([
  ["import { readFileSync } from 'node:fs';\n", 'readFileSync'],
  ["const { readFileSync } = require('fs');\n", 'readFileSync'],
  ['from pathlib import Path\n', 'Path'],
  ['import os\n', 'os'],
  ['use std::collections::HashMap;\n', 'HashMap'],
  ['import java.util.List;\n', 'List'],
  ['using System.Text;\n', 'Text'],
  ['use App\\Models\\User;\n', 'User'],
  ['#include <vector>\n', 'vector'],
])('%j imports %s', (text, name) => check([added(text)], name, 0));

it('an import that is extended by the name is one', () =>
  check([added(', writeFileSync', "import { readFileSync } from 'node:fs';\n")], 'writeFileSync', 0));

it.each([
  ['another name', added("import { readFile } from 'node:fs';\n"), 'readFileSync'],
  ['the name as a part of another', added('import { myPath } from "a";\n'), 'Path'],
  ['a declaration', added('const Path = undefined;\n'), 'Path'],
  ['a change of the accepted text', [{ lastLine: 9, text: 'import Path', lines: '' }], 'Path'],
  ['no change at all', [], 'Path'],
])('%s is none', (_, changes, name) => check([changes], name, undefined));

it('is found among other edits', () =>
  check([added('const Path = 1;\n'), added('from pathlib import Path\n')], 'Path', 1));

it('is undefined if there are two ways', () =>
  check([added('import java.util.List;\n'), added('import java.awt.List;\n')], 'List', undefined));

it('counts the same way only once', () =>
  check([added('import java.util.List;\n'), added('import java.util.List;\n')], 'List', 0));
