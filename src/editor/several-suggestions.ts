/**
 * The command 'Show Several Suggestions': all answers to one request below each other in a page beside the editor, each
 * with what it comes from and how likely it is right. A click, or Ctrl+Enter, inserts one.
 */
import {
  CodeLens,
  type Disposable,
  EventEmitter,
  l10n,
  languages,
  Position,
  ProgressLocation,
  Range,
  type TextDocument,
  Uri,
  ViewColumn,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { explainWhy } from '../completion/explain-requests';
import type { Suggestion } from '../completion/request';
import { decideScope } from '../completion/scope';
import { takeSnapshot } from '../document/document.vscode';
import { type RequestTools, toAbortSignal } from './inline-completion-provider';

const scheme = 'sotto-suggestions';

/** As many as fit on a page. */
const maxSuggestions = 8;

export interface SeveralSuggestions extends Disposable {
  show(): Promise<void>;
  /** The command 'Insert This Suggestion'. @param index of the suggestion; by default, the one at the cursor */
  insert(index?: number): Promise<void>;
}

/** The suggestions on the page. */
interface Page {
  readonly uri: Uri;
  readonly document: TextDocument;
  readonly version: number;
  /** Where the document is shown. */
  readonly viewColumn: ViewColumn | undefined;
  readonly position: Position;
  readonly suggestions: readonly Suggestion[];
  readonly text: string;
  /** The first line of each suggestion on the page. */
  readonly lines: readonly number[];
}

export function createSeveralSuggestions(tools: RequestTools): SeveralSuggestions {
  let page: Page | undefined;
  const changed = new EventEmitter<Uri>();
  const lensesChanged = new EventEmitter<void>();
  const registrations = [
    changed,
    lensesChanged,
    workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => page?.text ?? '',
    }),
    languages.registerCodeLensProvider(
      { scheme },
      { onDidChangeCodeLenses: lensesChanged.event, provideCodeLenses: () => (page ? lensesOf(page) : []) },
    ),
  ];

  const ask = async (document: TextDocument, position: Position) =>
    window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: l10n.t('Sotto: looking for suggestions'),
        cancellable: true,
      },
      async (_, token) => {
        const { signal, dispose } = toAbortSignal(token);
        const record = tools.history.record(document, position, 'manual');
        try {
          const snapshot = takeSnapshot(document, position);
          const request = {
            document: snapshot,
            trigger: 'manual',
            scope: decideScope(snapshot),
            settings: tools.settings(document),
            otherFiles: () => tools.otherFiles.of(document),
            trace: record.trace,
          } as const;
          const outcomes = await tools.completer().completeSeveral(request, signal, maxSuggestions);
          record.finish(outcomes[0]!);
          return signal.aborted ? undefined : outcomes;
        } finally {
          dispose();
        }
      },
    );

  return {
    async show() {
      const editor = window.activeTextEditor;
      if (editor === undefined)
        return void window.showInformationMessage(l10n.t('Sotto: open a file first.'));
      const { document, viewColumn } = editor;
      const { version } = document;
      const position = editor.selection.active;
      const outcomes = await ask(document, position);
      if (outcomes === undefined) return;
      const suggestions = outcomes.flatMap(outcome => outcome.shown ?? []);
      const [first] = outcomes;
      if (suggestions.length === 0) {
        const why = first?.shown === undefined && first !== undefined ? explainWhy(first.why) : '';
        return void window.showInformationMessage(l10n.t('Sotto suggests nothing here: {0}', why));
      }
      const uri = Uri.from({ scheme, path: `Sotto: ${document.uri.path.split('/').at(-1)}` });
      page = {
        uri,
        document,
        version,
        viewColumn,
        position,
        suggestions,
        ...layOut(document, position, suggestions),
      };
      changed.fire(uri);
      lensesChanged.fire();
      const shown = await languages.setTextDocumentLanguage(
        await workspace.openTextDocument(uri),
        document.languageId,
      );
      const start = new Position(page.lines[0]!, 0);
      await window.showTextDocument(shown, {
        viewColumn: ViewColumn.Beside,
        selection: new Range(start, start),
        preview: true,
      });
    },
    async insert(index) {
      if (page === undefined) return;
      const { document, version, viewColumn, position, suggestions, lines } = page;
      const line = window.activeTextEditor?.selection.active.line ?? 0;
      const chosen = index ?? lines.findLastIndex(first => first - 1 <= line);
      const suggestion = suggestions[chosen];
      if (suggestion === undefined) return;
      if (document.isClosed || document.version !== version)
        return void window.showInformationMessage(
          l10n.t('Sotto inserted nothing: the document has changed. Ask again.'),
        );
      const edit = new WorkspaceEdit();
      edit.replace(
        document.uri,
        new Range(position, position.translate(0, suggestion.replaceAfter)),
        suggestion.text,
      );
      await workspace.applyEdit(edit);
      const end = document.positionAt(document.offsetAt(position) + suggestion.text.length);
      await window.showTextDocument(document, {
        selection: new Range(end, end),
        ...(viewColumn !== undefined && { viewColumn }),
      });
    },
    dispose() {
      for (const registration of registrations) registration.dispose();
    },
  };
}

/** The text of the page: each suggestion as its line would be, with a blank line above for the lens. */
function layOut(
  document: TextDocument,
  position: Position,
  suggestions: readonly Suggestion[],
): Pick<Page, 'text' | 'lines'> {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const blocks = suggestions.map(({ text }) => `${before}${text}`.split('\n'));
  const lines: number[] = [];
  const all: string[] = [];
  for (const block of blocks) {
    if (all.length > 0) all.push('');
    lines.push(all.length);
    all.push(...block);
  }
  return { text: `${all.join('\n')}\n`, lines };
}

function lensesOf({ suggestions, lines }: Page): CodeLens[] {
  return suggestions.map(({ confidence }, index) => {
    const place = new Position(lines[index]!, 0);
    const percent = Math.round(confidence * 100);
    return new CodeLens(new Range(place, place), {
      title: l10n.t('Insert suggestion {0} ({1} % likely)', index + 1, percent),
      command: 'sotto.insertSuggestion',
      arguments: [index],
    });
  });
}
