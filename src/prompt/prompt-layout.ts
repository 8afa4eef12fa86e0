/** How a place in a document becomes the token ids that a model was trained to continue. */
import type { Piece } from '../other-files/other-file';

export interface PromptText {
  /** The file's last folder and its name, with `/`. */
  readonly path: string;
  /** The text before the cursor, from the window's first line. */
  readonly prefix: string;
  /** The text from the end of the cursor's line, to the window's last line. */
  readonly suffix: string;
  /** Pieces of other files, which stand before the document in this order. */
  readonly otherFiles?: readonly Pick<Piece, 'path' | 'text'>[];
}

export interface PromptLayout {
  /** Tokens that end the middle. */
  readonly endIds: readonly number[];
  /** Whether the model looks at what follows the cursor at all. */
  readonly takesSuffix: boolean;
  /** Whether the vocabulary has a mark between files: then the model was trained with several of one repository. */
  readonly readsOtherFiles: boolean;
  encode(text: PromptText): number[];
}
