/** Tells the tracker what happens in VS Code's documents, and turns the provider's suggestions into what it tracks. */
import {
  type Command,
  commands,
  Disposable,
  EndOfLine,
  Range,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { systemClock } from '../common/clock';
import { LruMap } from '../common/lru-map';
import type { Suggestion } from '../completion/request';
import { createSuggestionTracker, type TrackerOptions } from './suggestion-tracker';

export interface ShownSuggestions {
  readonly document: TextDocument;
  /** The place of the cursor, as an offset. */
  readonly offset: number;
  /** What the editor inserts at the cursor, for each suggestion. The editor shows the first. */
  readonly suggestions: readonly Pick<Suggestion, 'text' | 'replaceAfter' | 'source' | 'confidence'>[];
  readonly isAskedFor: boolean;
  /** When the request came, by `performance.now()`. */
  readonly requestedAt: number;
}

export interface SuggestionWatch extends Disposable {
  /** @returns for each suggestion, the command that VS Code runs when the user has accepted all of it */
  shown(shown: ShownSuggestions): readonly Command[];
}

const acceptedCommand = 'sotto.suggestionAccepted';
/** Suggestions whose accept may still be reported. */
const maxReportable = 50;
/** A request that comes this long after a key was made by the key, and by the cursor otherwise. */
const keyMs = 500;

export function watchSuggestions({ count, learn }: Pick<TrackerOptions, 'count' | 'learn'>): SuggestionWatch {
  const tracker = createSuggestionTracker({
    clock: systemClock,
    count,
    learn,
    read(uri, from, to) {
      const document = workspace.textDocuments.find(one => one.uri.toString() === uri);
      return document && textOf(document, from, to);
    },
  });
  const reportable = new LruMap<number, () => void>(maxReportable);
  let lastId = 0;
  let lastKey = { uri: '', at: Number.NEGATIVE_INFINITY };

  const lookAtCursor = () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    const { document, selection } = editor;
    tracker.cursorAt(
      document.uri.toString(),
      selection.isEmpty ? document.offsetAt(selection.active) : undefined,
    );
  };

  const subscriptions = Disposable.from(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      const uri = document.uri.toString();
      lastKey = { uri, at: performance.now() };
      tracker.changed(
        uri,
        contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
          offset: rangeOffset,
          length: rangeLength,
          text,
        })),
      );
    }),
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor === window.activeTextEditor) lookAtCursor();
    }),
    window.onDidChangeActiveTextEditor(lookAtCursor),
    workspace.onDidSaveTextDocument(({ uri }) => tracker.saved(uri.toString())),
    workspace.onDidCloseTextDocument(document =>
      tracker.closed(document.uri.toString(), (_, from, to) => textOf(document, from, to)),
    ),
    commands.registerCommand(acceptedCommand, (id: number) => reportable.get(id)?.()),
  );

  return {
    shown({ document, offset, suggestions, isAskedFor, requestedAt }) {
      const uri = document.uri.toString();
      const isByKey = lastKey.uri === uri && requestedAt - lastKey.at < keyMs;
      const ms = performance.now() - (isByKey ? lastKey.at : requestedAt);
      const place = { uri, languageId: document.languageId, offset, ms, isAskedFor };
      const texts = suggestions.map(({ text, replaceAfter, source, confidence }) => ({
        text: document.eol === EndOfLine.CRLF ? text.replaceAll('\n', '\r\n') : text,
        replaced: textOf(document, offset, offset + replaceAfter),
        source,
        confidence,
      }));
      const accepted = tracker.shown(place, texts);
      return texts.map((_, index) => {
        reportable.set(++lastId, () => accepted(index));
        return { command: acceptedCommand, title: '', arguments: [lastId] };
      });
    },
    dispose() {
      subscriptions.dispose();
      tracker.dispose();
    },
  };
}

function textOf(document: TextDocument, from: number, to: number): string {
  return document.getText(new Range(document.positionAt(from), document.positionAt(to)));
}
