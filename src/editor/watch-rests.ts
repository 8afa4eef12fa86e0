/** Notices where the cursor comes to rest, and has the prompt there read ahead (`completion/read-ahead.ts`). */
import { type Disposable, type TextEditor, window, workspace } from 'vscode';
import { decideScope } from '../completion/scope';
import { takeSnapshot } from '../document/document.vscode';
import { shortPath } from '../document/document-snapshot';
import type { RequestTools } from './inline-completion-provider';

/** Longer than two keys are apart, and shorter than it takes to look around in a file. */
const restMs = 500;

/** @param isReady whether the model is loaded: to rest is no reason to load it */
export function watchRests(tools: RequestTools, isReady: () => boolean): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const editor = window.activeTextEditor;
      if (editor !== undefined && isReady()) void readAhead(editor, tools);
    }, restMs);
  };
  const isActive = (editor: TextEditor) => editor === window.activeTextEditor;
  const subscriptions = [
    window.onDidChangeActiveTextEditor(restart),
    window.onDidChangeTextEditorSelection(({ textEditor }) => isActive(textEditor) && restart()),
    workspace.onDidChangeTextDocument(
      ({ document }) => document === window.activeTextEditor?.document && restart(),
    ),
  ];
  return {
    dispose() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function readAhead(
  { document, selection }: TextEditor,
  { completer, settings, otherFiles, log }: RequestTools,
): Promise<void> {
  if (!selection.isEmpty) return;
  try {
    const snapshot = takeSnapshot(document, selection.active);
    const report = await completer().readAhead({
      document: snapshot,
      trigger: 'automatic',
      scope: decideScope(snapshot),
      settings: settings(document),
      otherFiles: () => otherFiles.of(document),
    });
    if (report === undefined) return;
    const { promptTokens, cachedTokens, totalMs } = report;
    log.debug(
      `${shortPath(document.uri.path)}: prompt read ahead: ${promptTokens} tokens, ${cachedTokens} cached, ${totalMs.toFixed(0)} ms`,
    );
  } catch (error) {
    // A wrong setting, or an ignore file that cannot be read: the next request says so.
    log.debug(`nothing was read ahead: ${String(error)}`);
  }
}
