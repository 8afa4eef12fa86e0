/**
 * How pieces of other files stand before a document, for the families whose prompt begins with the document's prefix:
 *
 *     Qwen2.5-Coder   <|repo_name|>NAME\n<|file_sep|>PATH\nTEXT\n<|file_sep|>PATH\n<|fim_prefix|>PREFIX
 *     StarCoder2      <repo_name>NAME<file_sep>PATH\nTEXT<file_sep><fim_prefix>PATH\nPREFIX
 *     CodeGemma       PATH\nTEXT\n<|file_separator|>PATH\n<|fim_prefix|>PREFIX
 *     Mellum          <filename>PATH\nTEXT\n<filename>PATH\n<fim_suffix>SUFFIX<fim_prefix>PREFIX
 *     others          <PRE>// PATH\nTEXT\n// PATH\nPREFIX
 *
 * Mellum is shown the path of a document without other files, too.
 * Sources: Qwen2.5-Coder's technical report (arXiv 2409.12186, section 3.2), StarCoder 2 (arXiv 2402.19173, section 5.1),
 * CodeGemma (arXiv 2406.11409, figure 2), the model card of JetBrains/Mellum-4b-base.
 * The others get paths as comments. DeepSeek-Coder shows them in this way; it was trained on files one after another
 * (arXiv 2401.14196).
 */

import type { Piece } from '../other-files/other-file';
import type { Tokenizer } from '../tokenizer/tokenizer';

export interface PromptFiles {
  /** The document's last folder and its name, with `/`. */
  readonly path: string;
  /** Pieces of other files, which stand before the document in this order. */
  readonly otherFiles?: readonly Pick<Piece, 'path' | 'text'>[];
}

export interface OtherFilesSpelling {
  /** Whether the vocabulary has marks for other files. */
  readonly hasMarks: boolean;
  /** Writes everything that comes before the document's own text. */
  spell(files: PromptFiles): SpelledFiles;
}

interface SpelledFiles {
  /** Before the document's first mark: the token that begins every text, and the files. */
  readonly ids: readonly number[];
  /** After that mark, directly before the prefix. */
  readonly head: string;
}

/** We do not know the repository's name. llama.cpp does not give a real name either. */
const repository = 'project';

export function findOtherFilesSpelling(tokenizer: Tokenizer): OtherFilesSpelling {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  const { hasMarks, spell } = spellingOf(tokenizer);
  return {
    hasMarks,
    spell(files) {
      const { ids, head } = spell(files);
      return { ids: [...start, ...ids], head };
    },
  };
}

function spellingOf(tokenizer: Tokenizer): OtherFilesSpelling {
  const qwen = marksOf(tokenizer, '<|repo_name|>', '<|file_sep|>');
  if (qwen !== undefined) return spellWith(tokenizer, qwen, { name: `${repository}\n`, isPathBefore: true });
  const starCoder = marksOf(tokenizer, '<repo_name>', '<file_sep>');
  if (starCoder !== undefined)
    return spellWith(tokenizer, starCoder, { name: repository, isPathBefore: false });
  const separator = tokenizer.special('<|file_separator|>');
  if (separator !== undefined)
    return { hasMarks: true, spell: files => spellSeparated(tokenizer, separator, files) };
  if (isMellum(tokenizer)) {
    const mark = tokenizer.special('<filename>')!;
    return { hasMarks: true, spell: files => spellNamed(tokenizer, mark, files) };
  }
  return { hasMarks: false, spell: spellAsComments };
}

/**
 * Mellum has StarCoder's marks, and maybe all of them. StarCoder and Granite read a number digit by digit, Mellum does
 * not.
 */
export function isMellum(tokenizer: Tokenizer): boolean {
  const isThere = (name: string) => tokenizer.special(name) !== undefined;
  if (!isThere('<filename>') || !isThere('<fim_suffix>')) return false;
  const number = '1000';
  return (
    (!isThere('<reponame>') && !isThere('<gh_stars>')) || tokenizer.encode(number).length < number.length
  );
}

/** CodeGemma has a mark between two files, and none before the first. */
function spellSeparated(
  tokenizer: Tokenizer,
  separator: number,
  { path, otherFiles = [] }: PromptFiles,
): SpelledFiles {
  if (otherFiles.length === 0) return noFiles;
  const ids = otherFiles.flatMap(file => [
    ...tokenizer.encode(`${file.path}\n${endLine(file.text)}`),
    separator,
  ]);
  return { ids: [...ids, ...tokenizer.encode(`${path}\n`)], head: '' };
}

/** Mellum has a mark before each file's path. */
function spellNamed(
  tokenizer: Tokenizer,
  mark: number,
  { path, otherFiles = [] }: PromptFiles,
): SpelledFiles {
  const texts = [...otherFiles.map(file => `${file.path}\n${endLine(file.text)}`), `${path}\n`];
  return { ids: texts.flatMap(text => [mark, ...tokenizer.encode(text)]), head: '' };
}

interface Marks {
  readonly repository: number;
  readonly file: number;
}

function marksOf(tokenizer: Tokenizer, repositoryName: string, fileName: string): Marks | undefined {
  const [repositoryMark, file] = [tokenizer.special(repositoryName), tokenizer.special(fileName)];
  return repositoryMark === undefined || file === undefined
    ? undefined
    : { repository: repositoryMark, file };
}

/** @param isPathBefore whether the document's own path stands before its first mark, and a line break before each mark */
function spellWith(
  tokenizer: Tokenizer,
  marks: Marks,
  { name, isPathBefore }: { readonly name: string; readonly isPathBefore: boolean },
): OtherFilesSpelling {
  return {
    hasMarks: true,
    spell({ path, otherFiles = [] }) {
      if (otherFiles.length === 0) return noFiles;
      const texts = otherFiles.map(file => `${file.path}\n${isPathBefore ? endLine(file.text) : file.text}`);
      const ids = [marks.repository, ...tokenizer.encode(name)];
      for (const text of texts) ids.push(marks.file, ...tokenizer.encode(text));
      ids.push(marks.file);
      if (!isPathBefore) return { ids, head: `${path}\n` };
      return { ids: [...ids, ...tokenizer.encode(`${path}\n`)], head: '' };
    },
  };
}

function spellAsComments({ path, otherFiles = [] }: PromptFiles): SpelledFiles {
  if (otherFiles.length === 0) return noFiles;
  const line = (file: string) => `${commentLine(file, file)}\n`;
  const spellFile = (file: Pick<Piece, 'path' | 'text'>) => line(file.path) + endLine(file.text);
  return { ids: [], head: otherFiles.map(spellFile).join('') + line(path) };
}

const noFiles: SpelledFiles = { ids: [], head: '' };

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** @returns `text` as a comment in the language of the file at `path`, without a line break */
export function commentLine(path: string, text: string): string {
  const [open, close = ''] = commentSigns.get(/[^./]*$/.exec(path)![0].toLowerCase()) ?? ['//'];
  return `${open} ${text}${close}`;
}

type CommentSigns = readonly [open: string, close?: string];

/** By the ending of a file's name. Two thirds of all languages have `//`, so only the others are listed. */
const commentSigns: ReadonlyMap<string, CommentSigns> = new Map([
  ...endings(
    'py pyi rb sh bash zsh fish pl pm r jl yaml yml toml ex exs cr nim tcl cmake ps1 tf Dockerfile Makefile',
    ['#'],
  ),
  ...endings('sql lua hs elm adb vhd', ['--']),
  ...endings('html htm xml svg vue svelte md', ['<!--', ' -->']),
  ...endings('css', ['/*', ' */']),
  ...endings('clj cljs lisp el scm', [';']),
  ...endings('tex erl', ['%']),
]);

function endings(names: string, signs: CommentSigns): [string, CommentSigns][] {
  return names.split(' ').map(name => [name.toLowerCase(), signs]);
}
