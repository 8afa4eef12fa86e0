/** What a refusal means, in words for the user. */
import type { Refusal } from '../when/trigger';

const sentences: Readonly<Record<Refusal, string>> = {
  secret: 'a file of this name may hold secrets, so nothing is suggested in it.',
  ignored: 'an ignore file of the workspace names this file, so nothing is suggested in it.',
  off: 'suggestions while typing are turned off.',
  language: 'suggestions while typing are turned off for this language.',
  undo: 'the last change was an undo or a redo.',
  empty: 'there is no text before the cursor to go on from.',
  'long-line': 'the line is too long to have been written by a person.',
  'before-word': 'a word begins or goes on right of the cursor.',
};

export function explainRefusal(refusal: Refusal): string {
  return sentences[refusal];
}
