/** The command 'Complete Selection': continues the text after each selection, in one edit that a single undo removes. */
import { type CancellationToken, l10n, ProgressLocation, Range, type TextEditor, window } from 'vscode';
import type { Completer } from '../completion/completer';
import { explainWhy } from '../completion/explain-requests';
import type { CompletionRequest, Why } from '../completion/request';
import { takeSnapshot } from '../document/document.vscode';
import { type RequestTools, toAbortSignal } from './inline-completion-provider';
import type { RequestHistory } from './request-history';

interface Continuation {
  readonly range: Range;
  readonly text: string;
}

export async function completeSelection({
  completer,
  settings,
  otherFiles,
  history,
  log,
}: RequestTools): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    void window.showInformationMessage(
      l10n.t('Sotto: open a file first. Complete Selection continues the text of a file.'),
    );
    return;
  }
  const { version } = editor.document;
  const common = { settings: settings(editor.document), otherFiles: () => otherFiles.of(editor.document) };
  const answer = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Sotto: completing'), cancellable: true },
    (_, token) => continueEach(editor, completer(), common, history, token),
  );
  if (answer === undefined) return;
  const { continuations, whyNothing } = answer;
  if (continuations.length === 0) {
    const why = whyNothing === undefined ? l10n.t('no selection is left.') : explainWhy(whyNothing);
    void window.showInformationMessage(l10n.t('Sotto inserted nothing: {0}', why));
    return;
  }
  // If the editor shows another file now, VS Code treats this one as closed, and an edit throws an error.
  const isLeft = !window.visibleTextEditors.includes(editor);
  const isApplied =
    !isLeft &&
    editor.document.version === version &&
    // The edit returns false if a key has changed the document and this process does not know of it yet.
    (await editor.edit(edit => {
      for (const { range, text } of continuations) edit.replace(range, text);
    }));
  if (!isApplied) {
    const why = isLeft ? l10n.t('the editor shows another file now.') : l10n.t('the document has changed.');
    void window.showInformationMessage(l10n.t('Sotto inserted nothing: {0}', why));
  }
  log.debug(
    `complete selection: ${continuations.length} continuations, ${isApplied ? 'inserted' : 'not inserted'}`,
  );
}

interface Answer {
  /** In the order of the document. They never overlap, although two cursors in one line may both replace its end. */
  readonly continuations: readonly Continuation[];
  /** Why the last selection without a continuation has none. */
  readonly whyNothing: Why | undefined;
}

/** @returns undefined if the user cancelled */
async function continueEach(
  { document, selections }: TextEditor,
  completer: Completer,
  common: Pick<CompletionRequest, 'settings' | 'otherFiles'>,
  history: RequestHistory,
  token: CancellationToken,
): Promise<Answer | undefined> {
  const { signal, dispose } = toAbortSignal(token);
  try {
    const continuations: Continuation[] = [];
    let whyNothing: Why | undefined;
    for (const { end } of selections.toSorted((a, b) => a.end.compareTo(b.end))) {
      if (continuations.at(-1)?.range.end.isAfter(end)) continue;
      const record = history.record(document, end, 'manual');
      const request = {
        ...common,
        document: takeSnapshot(document, end),
        trigger: 'manual',
        scope: 'block',
        trace: record.trace,
      } as const;
      const outcome = await completer.completeAnew(request, signal);
      record.finish(outcome);
      if (signal.aborted) return undefined;
      if (outcome.shown === undefined) whyNothing = outcome.why;
      else {
        const { text, replaceAfter } = outcome.shown;
        continuations.push({ range: new Range(end, end.translate(0, replaceAfter)), text });
      }
    }
    return { continuations, whyNothing };
  } finally {
    dispose();
  }
}
