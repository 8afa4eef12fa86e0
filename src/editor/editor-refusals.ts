/** Reasons against a suggestion that only the editor knows: the kind of document, ignore files, a pause, undo. */
import { type Disposable, type DocumentSelector, TextDocumentChangeReason, Uri, workspace } from 'vscode';
import type { Battery } from '../common/battery';
import type { RefusalRule } from '../completion/when';
import type { IgnoreFiles } from '../privacy/ignore-files.vscode';
import type { Pause } from './pause';
import { isExcluded } from './turn-on-and-off';

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
  readonly rules: readonly RefusalRule[];
}

export interface EditorRefusalsOptions {
  readonly ignoreFiles: Pick<IgnoreFiles, 'isIgnored'>;
  readonly pause: Pick<Pause, 'until'>;
  readonly battery: Pick<Battery, 'isInUse'>;
  /** Is told which ignore file cannot be read, once for each message. */
  readonly warn: (message: string) => void;
}

export function watchEditorRefusals({
  ignoreFiles,
  pause,
  battery,
  warn,
}: EditorRefusalsOptions): EditorRefusals {
  /** Documents whose last change was an undo or a redo. */
  const undone = new Set<string>();
  let lastWarning: string | undefined;
  const subscriptions = [
    workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const isUndo = reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
      if (isUndo) undone.add(document.uri.toString());
      else if (contentChanges.length > 0) undone.delete(document.uri.toString());
    }),
    workspace.onDidCloseTextDocument(({ uri }) => undone.delete(uri.toString())),
  ];
  const isIgnored = (uri: string) => ignoreFiles.isIgnored(Uri.parse(uri), 'completion');
  return {
    rules: [
      {
        refusal: 'scheme',
        evenIfAsked: false,
        ofDocument: true,
        applies: ({ document }) => !writtenSchemes.includes(Uri.parse(document.uri).scheme),
      },
      {
        refusal: 'inline-suggest',
        evenIfAsked: false,
        ofDocument: true,
        applies: ({ document: { uri, languageId } }) =>
          workspace
            .getConfiguration('editor', { uri: Uri.parse(uri), languageId })
            .get('inlineSuggest.enabled') === false,
      },
      {
        // Its rules are not known, so it may name any file.
        refusal: 'unreadable-ignore-file',
        evenIfAsked: true,
        ofDocument: true,
        async applies({ document }) {
          try {
            await isIgnored(document.uri);
            return false;
          } catch (error) {
            const { message } = error as Error;
            if (message !== lastWarning) warn(message);
            lastWarning = message;
            return true;
          }
        },
      },
      {
        refusal: 'ignored',
        evenIfAsked: true,
        ofDocument: true,
        applies: ({ document }) => isIgnored(document.uri),
      },
      {
        refusal: 'excluded',
        evenIfAsked: false,
        ofDocument: true,
        applies({ document: { uri }, settings }) {
          if (settings.exclude.length === 0) return false;
          const document = workspace.textDocuments.find(one => one.uri.toString() === uri);
          return document !== undefined && isExcluded(document, settings.exclude);
        },
      },
      {
        refusal: 'paused',
        evenIfAsked: false,
        ofDocument: true,
        applies: () => pause.until !== undefined,
      },
      {
        refusal: 'battery',
        evenIfAsked: false,
        ofDocument: true,
        applies: ({ settings }) => settings.pauseOnBattery && battery.isInUse(),
      },
      {
        refusal: 'undo',
        evenIfAsked: false,
        ofDocument: false,
        applies: ({ document }) => undone.has(document.uri),
      },
    ],
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
