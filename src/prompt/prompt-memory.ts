/**
 * What the last prompt of each document showed: which part of the document, and which pieces of other files. The next
 * prompt shows the same if it can, so that the KV cache serves it.
 */
import { LruMap } from '../common/lru-map';
import type { DocumentSnapshot } from '../document/document-snapshot';
import { type ChosenPieces, choosePieces } from '../other-files/choose-pieces';
import { FilePieces, type OtherFile } from '../other-files/other-file';
import {
  buildPrompt,
  type Prompt,
  type PromptModel,
  type PromptSettings,
  piecesBudget,
  wantsOtherFiles,
} from './build-prompt';
import type { TextWindow } from './sticky-window';

export interface PromptQuestion {
  readonly document: DocumentSnapshot;
  /** The most recent first; undefined while they are collected for the first time. Only called if they are wanted. */
  readonly otherFiles?: (() => readonly OtherFile[] | undefined) | undefined;
}

export interface PromptMemory {
  /** The prompt for a request of the user. It is remembered. */
  next(question: PromptQuestion, model: PromptModel, settings: PromptSettings): Prompt;
  /** The prompt for a request that the user may make next. Nothing is remembered. @returns undefined if the window would move */
  guess(question: PromptQuestion, model: PromptModel, settings: PromptSettings): Prompt | undefined;
}

interface PromptState {
  readonly window: TextWindow;
  readonly pieces: ChosenPieces | undefined;
}

/** More documents are rarely open at once, and each entry may hold a document's text. */
const maxDocuments = 32;

export function createPromptMemory(): PromptMemory {
  const states = new LruMap<string, PromptState>(maxDocuments);
  const filePieces = new FilePieces();

  const choose = (
    { document, otherFiles = () => [] }: PromptQuestion,
    model: PromptModel,
    settings: PromptSettings,
    last: ChosenPieces | undefined,
  ): ChosenPieces | undefined => {
    const files = wantsOtherFiles(model, settings) ? otherFiles() : undefined;
    // While the files are not known, no piece is kept: an ignore file may name a file that was shown before.
    if (files === undefined) return undefined;
    return choosePieces(
      document,
      files,
      piecesBudget(model, settings),
      allowed => filePieces.of(allowed),
      last,
    );
  };

  return {
    next(question, model, settings) {
      const { document } = question;
      const last = states.get(document.uri);
      const pieces = choose(question, model, settings, last?.pieces);
      const prompt = buildPrompt(document, model, settings, {
        window: last?.window,
        pieces: pieces?.pieces ?? [],
      });
      states.set(document.uri, { window: prompt.window, pieces });
      return prompt;
    },
    guess({ document }, model, settings) {
      const last = states.get(document.uri);
      if (last === undefined) return undefined;
      const prompt = buildPrompt(document, model, settings, {
        window: last.window,
        pieces: last.pieces?.pieces ?? [],
      });
      const isSame = prompt.window.start === last.window.start && prompt.window.suffix === last.window.suffix;
      return isSame ? prompt : undefined;
    },
  };
}
