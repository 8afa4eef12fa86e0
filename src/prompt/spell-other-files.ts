/**
 * How other files stand before a document, for the families that have the document's text first:
 *
 *     Qwen2.5-Coder   <|repo_name|>NAME\n<|file_sep|>PATH\nTEXT\n<|file_sep|>PATH\n<|fim_prefix|>PREFIX
 *     StarCoder2      <repo_name>NAME<file_sep>PATH\nTEXT<file_sep><fim_prefix>PATH\nPREFIX
 *     others          <PRE>// PATH\nTEXT\n// PATH\nPREFIX
 *
 * Sources: Qwen2.5-Coder's technical report (arXiv 2409.12186, section 3.2), StarCoder 2 (arXiv 2402.19173, section
 * 5.1). DeepSeek-Coder, whose training had files one after another (arXiv 2401.14196), shows paths as comments.
 */

import type { Piece } from '../other-files/other-file';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { commentLine } from './comment-line';
import type { PromptText } from './prompt-layout';

/** The beginning of a prompt, up to the document's own text. */
export interface OtherFilesSpelling {
  /** Whether the vocabulary has marks for them. */
  readonly hasMarks: boolean;
  /** What comes before the document's own text. */
  spell(text: Pick<PromptText, 'path' | 'otherFiles'>): SpelledFiles;
}

interface SpelledFiles {
  /** Before the document's first mark: what begins every text, and the files. */
  readonly ids: readonly number[];
  /** Behind it, in front of the prefix. */
  readonly head: string;
}

/** The repository's name is not known here; llama.cpp says as little. */
const repository = 'project';

export function findOtherFilesSpelling(tokenizer: Tokenizer): OtherFilesSpelling {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  const { hasMarks, spell } = spellingOf(tokenizer);
  return {
    hasMarks,
    spell(text) {
      const { ids, head } = spell(text);
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
  return { hasMarks: false, spell: spellAsComments };
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

/** @param isPathBefore whether the document's own path stands before its first mark, and a line ends before a mark */
function spellWith(
  tokenizer: Tokenizer,
  marks: Marks,
  { name, isPathBefore }: { readonly name: string; readonly isPathBefore: boolean },
): OtherFilesSpelling {
  return {
    hasMarks: true,
    spell({ path, otherFiles = [] }) {
      if (otherFiles.length === 0) return nothing;
      const texts = otherFiles.map(file => `${file.path}\n${isPathBefore ? endLine(file.text) : file.text}`);
      const ids = [marks.repository, ...tokenizer.encode(name)];
      for (const text of texts) ids.push(marks.file, ...tokenizer.encode(text));
      ids.push(marks.file);
      if (!isPathBefore) return { ids, head: `${path}\n` };
      return { ids: [...ids, ...tokenizer.encode(`${path}\n`)], head: '' };
    },
  };
}

function spellAsComments({ path, otherFiles = [] }: Pick<PromptText, 'path' | 'otherFiles'>): SpelledFiles {
  if (otherFiles.length === 0) return nothing;
  const line = (file: string) => `${commentLine(file, file)}\n`;
  const spellFile = (file: Pick<Piece, 'path' | 'text'>) => line(file.path) + endLine(file.text);
  return { ids: [], head: otherFiles.map(spellFile).join('') + line(path) };
}

const nothing: SpelledFiles = { ids: [], head: '' };

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
