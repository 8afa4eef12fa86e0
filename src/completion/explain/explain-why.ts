/** Why nothing is shown, in words for the user. */
import type { Why } from '../outcome';

const sentences: Readonly<Record<Extract<Why, string>, string>> = {
  secret: 'a file of this name may hold secrets, so nothing is suggested in it.',
  ignored: 'an ignore file of the workspace names this file, so nothing is suggested in it.',
  off: 'suggestions while typing are turned off.',
  language: 'suggestions while typing are turned off for this language.',
  undo: 'the last change was an undo or a redo.',
  empty: 'there is no text before the cursor to continue.',
  'long-line': 'the line is too long to have been written by a person.',
  'before-word': 'a word begins or continues right of the cursor.',
  'newer-key': 'a newer keystroke came before the answer.',
  'engine-failed': 'the engine failed (see the log).',
  'nothing-found': 'no source has anything to add here.',
  'model-silent': 'the model has nothing to add here.',
  'not-sure': 'the model is not sure enough (setting sotto.minConfidence).',
  'window-would-move': 'the answer could not be prepared in time.',
};

export function explainWhy(why: Why): string {
  return typeof why === 'string' ? sentences[why] : `${why.filter} left nothing worth showing.`;
}
