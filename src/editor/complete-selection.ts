/** The command 'Complete Selection': continues from the end of each selection, in one edit that one undo takes back. */
import { type CancellationToken, ProgressLocation, Range, type TextEditor, window } from 'vscode';
import type { Completer, CompletionRequest } from '../completion/complete';
import { takeSnapshot } from '../document/take-snapshot.vscode';
import { toAbortSignal } from './abort-signal';
import type { RequestHistory } from './request-history';
import type { RequestParts } from './request-parts';

interface Continuation {
  readonly range: Range;
  readonly text: string;
}

export async function completeSelection({
  completer,
  settings,
  gate,
  otherFiles,
  history,
  log,
}: RequestParts): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    void window.showInformationMessage('Sotto: open a file first; Complete Selection continues its text.');
    return;
  }
  const { version } = editor.document;
  const refusal = await gate.refusal(editor.document, 'manual');
  const common = { settings: settings(), otherFiles: () => otherFiles.of(editor.document), refusal };
  const answer = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Sotto: completing', cancellable: true },
    (_, token) => continueEach(editor, completer(), common, history, token),
  );
  if (answer === undefined) return;
  const { continuations, whyNothing } = answer;
  if (continuations.length === 0) {
    void window.showInformationMessage(`Sotto inserted nothing: ${whyNothing}`);
    return;
  }
  // An editor that shows another file by now is closed to VS Code: to edit through it is an error.
  const isLeft = !window.visibleTextEditors.includes(editor);
  const isApplied =
    !isLeft &&
    editor.document.version === version &&
    // Refused if a key has changed the document that this process has not heard of yet.
    (await editor.edit(edit => {
      for (const { range, text } of continuations) edit.replace(range, text);
    }));
  if (!isApplied) {
    const what = isLeft ? 'the editor was left' : 'the document changed';
    void window.showInformationMessage(`Sotto: ${what} meanwhile; nothing was inserted.`);
  }
  log.debug(
    `complete selection: ${continuations.length} continuations, ${isApplied ? 'inserted' : 'not inserted'}`,
  );
}

interface Answer {
  /** In the order of the document, none over another: two cursors in one line may both replace what ends it. */
  readonly continuations: readonly Continuation[];
  /** Of the last selection that has no continuation. */
  readonly whyNothing: string;
}

/** @returns undefined if the user cancelled */
async function continueEach(
  { document, selections }: TextEditor,
  completer: Completer,
  common: Pick<CompletionRequest, 'settings' | 'otherFiles' | 'refusal'>,
  history: RequestHistory,
  token: CancellationToken,
): Promise<Answer | undefined> {
  const { signal, dispose } = toAbortSignal(token);
  try {
    const continuations: Continuation[] = [];
    let whyNothing = '';
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
      const completion = await completer.complete({ ...request, alwaysGenerate: true }, signal);
      if (signal.aborted) return undefined;
      if (completion === undefined) whyNothing = record.explainNothing();
      else
        continuations.push({
          range: new Range(end, end.translate(0, completion.replaceAfter)),
          text: completion.text,
        });
    }
    return { continuations, whyNothing };
  } finally {
    dispose();
  }
}
