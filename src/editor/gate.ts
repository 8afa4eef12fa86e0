/** What only the editor knows of whether a suggestion is wanted: kinds of documents, ignore files, undo. */
import {
  type Disposable,
  type DocumentSelector,
  type TextDocument,
  TextDocumentChangeReason,
  workspace,
} from 'vscode';
import type { Refusal, TriggerKind } from '../completion/when/trigger';
import type { IgnoreFiles } from '../privacy/ignore-files.vscode';

/**
 * What is written like a file. Everything else that is a document to VS Code (output, debug console, commit message,
 * comments, either side of a diff) does not ask.
 */
const writtenSchemes: readonly string[] = [
  'file',
  'untitled',
  'vscode-notebook-cell',
  'vscode-remote',
  'vscode-vfs',
];

export const completedDocuments: DocumentSelector = writtenSchemes.map(scheme => ({ scheme }));

export interface EditorGate extends Disposable {
  /** @throws Error if an ignore file cannot be read */
  refusal(document: TextDocument, trigger: TriggerKind): Promise<Refusal | undefined>;
}

export function createEditorGate(ignoreFiles: Pick<IgnoreFiles, 'isIgnored'>): EditorGate {
  let undone: { readonly uri: string; readonly version: number } | undefined;
  const changes = workspace.onDidChangeTextDocument(({ document, reason }) => {
    const isUndo = reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
    if (isUndo) undone = { uri: document.uri.toString(), version: document.version };
  });
  return {
    async refusal({ uri, version }, trigger) {
      if (await ignoreFiles.isIgnored(uri, 'completion')) return 'ignored';
      if (trigger === 'automatic' && undone?.version === version && undone.uri === uri.toString())
        return 'undo';
      return undefined;
    },
    dispose: () => changes.dispose(),
  };
}
