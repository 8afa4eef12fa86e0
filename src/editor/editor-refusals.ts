/** Reasons against a suggestion that only the editor knows: the kind of document, ignore files, undo. */
import { type Disposable, type DocumentSelector, TextDocumentChangeReason, Uri, workspace } from 'vscode';
import type { RefusalRule } from '../completion/when';
import type { IgnoreFiles } from '../privacy/ignore-files.vscode';

/**
 * Documents that a user writes like files. In output, the debug console, commit messages, comments and diffs, VS Code does
 * not ask for suggestions.
 */
const writtenSchemes: readonly string[] = [
  'file',
  'untitled',
  'vscode-notebook-cell',
  'vscode-remote',
  'vscode-vfs',
];

export const completedDocuments: DocumentSelector = writtenSchemes.map(scheme => ({ scheme }));

export interface EditorRefusals extends Disposable {
  /** The rule 'ignored' throws an Error if an ignore file cannot be read. */
  readonly rules: readonly RefusalRule[];
}

export function watchEditorRefusals(ignoreFiles: Pick<IgnoreFiles, 'isIgnored'>): EditorRefusals {
  /** Documents whose last change was an undo or a redo. */
  const undone = new Set<string>();
  const subscriptions = [
    workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const isUndo = reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
      if (isUndo) undone.add(document.uri.toString());
      else if (contentChanges.length > 0) undone.delete(document.uri.toString());
    }),
    workspace.onDidCloseTextDocument(({ uri }) => undone.delete(uri.toString())),
  ];
  return {
    rules: [
      {
        refusal: 'ignored',
        evenIfAsked: true,
        applies: ({ document }) => ignoreFiles.isIgnored(Uri.parse(document.uri), 'completion'),
      },
      {
        refusal: 'undo',
        evenIfAsked: false,
        applies: ({ document }) => undone.has(document.uri),
      },
    ],
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
