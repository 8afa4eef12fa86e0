/**
 * What the commands of the terminal share: faults become one line and an exit code, a place is written
 * `FILE:LINE:COLUMN`, and the settings are the defaults.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModelFileError } from '../checkpoint/model-file-error';
import { type DocumentSnapshot, shortPath, toLineFeeds } from '../document/document-snapshot';
import { languageOfPath } from '../document/languages';
import { type CompletionSettings, readSettings } from '../settings/settings';

/** Exit code 2 if the user can mend the fault, 1 if not. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const isUsers = error instanceof UsageError || error instanceof ModelFileError;
    console.error(isUsers ? error.message : `sotto: ${(error as Error).message}`);
    process.exitCode = isUsers ? 2 : 1;
  });
}

/** The user typed something wrong. */
export class UsageError extends Error {}

/**
 * @param place `FILE:LINE:COLUMN`, counted from 1
 * @throws UsageError that says what is wrong with the place
 */
export function readPlace(place: string): DocumentSnapshot {
  const match = /^(.+):(\d+):(\d+)$/.exec(place);
  if (!match) throw new UsageError(`${place}: expected FILE:LINE:COLUMN, counted from 1`);
  const [, file = '', line, column] = match;
  return snapshotAt(file, readText(file), Number(line), Number(column));
}

/** The document around a place, from the text before and after it. */
export function snapshotOf(path: string, prefix: string, suffix: string): DocumentSnapshot {
  return {
    uri: path,
    path: shortPath(path),
    languageId: languageOfPath(path),
    prefix: normaliseLineEnds(prefix),
    prefixOffset: 0,
    suffix: normaliseLineEnds(suffix),
  };
}

/** @throws UsageError that names the file */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`}`);
  }
}

/** The defaults of package.json. In the editor, VS Code fills them in. @param root of the checkout */
export function defaultSettings(root: string): CompletionSettings {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const sections = manifest.contributes.configuration.map(section => section.properties);
  const properties: Manifest['contributes']['configuration'][number]['properties'] = Object.assign(
    {},
    ...sections,
  );
  return readSettings(name => properties[`sotto.${name}`]?.default);
}

function snapshotAt(file: string, text: string, line: number, column: number): DocumentSnapshot {
  const lines = normaliseLineEnds(text).split('\n');
  const found = lines[line - 1];
  if (found === undefined) throw new UsageError(`${file}:${line}: the file has ${lines.length} lines`);
  if (column < 1 || column > found.length + 1)
    throw new UsageError(`${file}:${line}:${column}: line ${line} has columns 1 to ${found.length + 1}`);
  const prefix = [...lines.slice(0, line - 1), found.slice(0, column - 1)].join('\n');
  const suffix = [found.slice(column - 1), ...lines.slice(line)].join('\n');
  return snapshotOf(resolve(file), prefix, suffix);
}

function normaliseLineEnds(text: string): string {
  return toLineFeeds(text);
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Record<string, { readonly default: unknown }> }[];
  };
}
