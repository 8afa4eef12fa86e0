/** Which pieces of other files go into a prompt, for a model and a setting that want any. */

import { PerDocument } from '../common/per-document';
import type { LocalModel } from '../completion/local-model';
import type { DocumentSnapshot } from '../document/document-snapshot';
import { promptTokens } from '../prompt/build-prompt';
import type { CompletionSettings } from '../settings/settings';
import { FileChunks } from './file-pieces';
import type { OtherFile } from './other-file';
import { type Snippets, updateSnippets } from './sticky-pieces';

export interface SnippetChooser {
  /**
   * @param files tells the files that there are, the most recent first, or undefined while they are being collected; not
   * called where none are wanted
   */
  choose(
    document: DocumentSnapshot,
    files: () => readonly OtherFile[] | undefined,
    model: Pick<LocalModel, 'tokenizer' | 'layout' | 'contextWindow'>,
    settings: Pick<CompletionSettings, 'contextTokens' | 'maxTokens' | 'otherFiles'>,
  ): readonly OtherFile[];
  /** What was chosen last for the document, wherever its cursor is by now. */
  last(document: DocumentSnapshot): readonly OtherFile[];
}

/**
 * Of the prompt, at most: in half of the training's windows other files have 20 to 60 % (`documents.py`), and what is
 * near the cursor is worth more.
 */
const share = 1 / 3;

export function createSnippetChooser(): SnippetChooser {
  const chunks = new FileChunks();
  const remembered = new PerDocument<Snippets | undefined>();
  return {
    choose(document, files, model, settings) {
      if (!isWanted(settings.otherFiles, model)) return [];
      const found = files();
      const budget = {
        tokens: Math.floor(promptTokens(model, settings) * share),
        count: (text: string) => model.tokenizer.encode(text).length,
      };
      const { uri } = document;
      if (found === undefined) {
        // Nothing is decided for the line; and what was shown may be of a file that is ignored by now.
        remembered.set(uri, undefined);
        return [];
      }
      const previous = remembered.get(uri);
      const snippets = updateSnippets(document, found, budget, allowed => chunks.of(allowed), previous);
      remembered.set(uri, snippets);
      return snippets.chunks;
    },
    last: ({ uri }) => remembered.get(uri)?.chunks ?? [],
  };
}

function isWanted(
  setting: CompletionSettings['otherFiles'],
  { layout }: Pick<LocalModel, 'layout'>,
): boolean {
  return setting === 'always' || (setting === 'auto' && layout.readsOtherFiles);
}
