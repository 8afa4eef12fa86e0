/**
 * What the last prompt of each document showed: which part of the document, and which pieces of other files. The next
 * prompt shows the same if it can, so that the KV cache serves it.
 */
import { LruMap } from '../common/lru-map';
import type { DocumentSnapshot } from '../document/document-snapshot';
import { type ChosenPieces, choosePieces, type PieceBudget } from '../other-files/choose-pieces';
import { FilePieces, type OtherFile, type Piece } from '../other-files/other-file';
import type { CompletionSettings } from '../settings/settings';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';
import { type TextWindow, updateWindow } from './sticky-window';
import type { HealedText, HealText } from './token-healing';

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
    next(question, given, settings) {
      const { document } = question;
      const model = withWantedLayout(given, settings);
      const last = states.get(document.uri);
      const pieces = choose(question, model, settings, last?.pieces);
      const prompt = buildPrompt(document, model, settings, {
        window: last?.window,
        pieces: pieces?.pieces ?? [],
      });
      states.set(document.uri, { window: prompt.window, pieces });
      return prompt;
    },
    guess(question, given, settings) {
      const { document } = question;
      const model = withWantedLayout(given, settings);
      const last = states.get(document.uri);
      if (last === undefined || !arePiecesAllowed(question, last)) return undefined;
      const prompt = buildPrompt(document, model, settings, {
        window: last.window,
        pieces: last.pieces?.pieces ?? [],
      });
      const isSame = prompt.window.start === last.window.start && prompt.window.suffix === last.window.suffix;
      return isSame ? prompt : undefined;
    },
  };
}

/** A file whose piece the last prompt showed may be closed or ignored by now. A guess must not show that piece again. */
function arePiecesAllowed({ otherFiles }: PromptQuestion, { pieces }: PromptState): boolean {
  if (pieces === undefined || pieces.pieces.length === 0) return true;
  const allowed = new Set(otherFiles?.()?.map(({ uri }) => uri));
  return pieces.pieces.every(({ uri }) => allowed.has(uri));
}

/** The properties of a model that decide about its prompts. */
export interface PromptModel {
  readonly tokenizer: Tokenizer;
  readonly layout: PromptLayout;
  /** The layout that shows nothing after the cursor. Absent if `layout` shows nothing there anyway. */
  readonly prefixOnly?: PromptLayout;
  /** The maximum number of tokens of prompt and answer together. */
  readonly contextWindow: number;
  /** Decides how much of the text before the cursor the prompt leaves out (`token-healing.ts`). */
  readonly heal: HealText;
}

export type PromptSettings = Pick<
  CompletionSettings,
  'contextTokens' | 'maxTokens' | 'otherFiles' | 'fillInTheMiddle'
>;

/** The model with the layout that the setting `sotto.fillInTheMiddle` asks for. */
function withWantedLayout(
  model: PromptModel,
  { fillInTheMiddle }: Pick<PromptSettings, 'fillInTheMiddle'>,
): PromptModel {
  const { layout, prefixOnly = layout } = model;
  return fillInTheMiddle === 'never' ? { ...model, layout: prefixOnly } : model;
}

/** The suffix takes at most a quarter of the room, because the text before the cursor matters more. */
const maxSuffixShare = 1 / 4;
/**
 * Pieces of other files take at most a third of the prompt, because the text near the cursor is worth more. In training,
 * half of the windows have such pieces, and there they take 20 to 60 % (`train/sotto_train/documents.py`).
 */
const maxPiecesShare = 1 / 3;
/** A prompt must have room for a line or two. */
const minTokens = 16;

export interface Prompt {
  readonly ids: readonly number[];
  /** The part of the document that the prompt shows. The next prompt begins at the same place if it can. */
  readonly window: TextWindow;
  /** The text before the cursor that the prompt leaves out, because the model writes it again. */
  readonly healed: HealedText | undefined;
}

export interface PromptContext {
  /** The window of the document's last prompt. */
  readonly window?: TextWindow | undefined;
  /** Pieces of other files, which come before the document. */
  readonly pieces?: readonly Pick<Piece, 'path' | 'text'>[];
}

export function buildPrompt(
  document: DocumentSnapshot,
  model: PromptModel,
  settings: Pick<PromptSettings, 'contextTokens' | 'maxTokens'>,
  { window: previous, pieces: otherFiles = [] }: PromptContext = {},
): Prompt {
  const { path } = document;
  const { tokenizer, layout } = model;
  const count = (text: string) => (text === '' ? 0 : tokenizer.encode(text).length);
  const frame = layout.encode({ path, prefix: '', suffix: '\n', otherFiles }).length;
  const tokens = Math.max(minTokens, maxPromptTokens(model, settings) - frame);
  const { suffixFrom } = layout;
  const suffixTokens = suffixFrom === undefined ? 0 : Math.floor(tokens * maxSuffixShare);
  const window = updateWindow(document, { tokens, suffixTokens, suffixFrom }, count, previous);
  const healed = model.heal(window.prefix);
  const prefix = healed?.kept ?? window.prefix;
  return { ids: layout.encode({ path, prefix, suffix: window.suffix, otherFiles }), window, healed };
}

/** @returns the maximum number of tokens of a prompt */
export function maxPromptTokens(
  { contextWindow }: Pick<PromptModel, 'contextWindow'>,
  { contextTokens, maxTokens }: Pick<PromptSettings, 'contextTokens' | 'maxTokens'>,
): number {
  return Math.min(contextTokens, contextWindow - maxTokens);
}

/** Whether the prompt shows pieces of other files: 'auto' shows them to models that were trained to read them. */
export function wantsOtherFiles(
  { layout }: Pick<PromptModel, 'layout'>,
  { otherFiles }: Pick<PromptSettings, 'otherFiles'>,
): boolean {
  return otherFiles === 'always' || (otherFiles === 'auto' && layout.readsOtherFiles);
}

/** The room for pieces of other files in a prompt. */
export function piecesBudget(
  model: Pick<PromptModel, 'tokenizer' | 'contextWindow'>,
  settings: Pick<PromptSettings, 'contextTokens' | 'maxTokens'>,
): PieceBudget {
  return {
    tokens: Math.floor(maxPromptTokens(model, settings) * maxPiecesShare),
    count: text => model.tokenizer.encode(text).length,
  };
}
