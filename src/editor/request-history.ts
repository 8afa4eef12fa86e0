/**
 * The last requests, and the page that explains them. The page is a virtual document, so it is never on disk or in the log.
 * While it is open, it changes with each request that ends.
 */
import {
  type Disposable,
  EventEmitter,
  l10n,
  type Position,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { explainRequests, type TracedRequest } from '../completion/explain-requests';
import type { Outcome, Trace, TraceEvent, TriggerKind } from '../completion/request';

const maxRequests = 20;
const scheme = 'sotto';
const page = Uri.from({ scheme, path: l10n.t('Sotto: Last Requests') });

export interface RequestRecord {
  /** Hears the steps of the request. */
  readonly trace: Trace;
  /** The request is over. */
  finish(outcome: Outcome): void;
}

export interface RequestHistory extends Disposable {
  record(document: TextDocument, position: Position, trigger: TriggerKind): RequestRecord;
  /**
   * The command 'Explain Last Request'.
   * @param silence why the active editor gets no suggestions, if it gets none
   */
  show(silence?: string): Promise<void>;
}

export function createRequestHistory(): RequestHistory {
  const requests: TracedRequest[] = [];
  let silenceNow: string | undefined;
  const changed = new EventEmitter<Uri>();
  const registration = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => explainRequests(requests, silenceNow),
  });
  return {
    record(document, { line, character }, trigger) {
      const events: TraceEvent[] = [];
      const place = `${workspace.asRelativePath(document.uri)}:${line + 1}:${character + 1}`;
      const request: TracedRequest & { outcome?: Outcome } = {
        time: new Date().toLocaleTimeString(),
        place,
        trigger,
        events,
      };
      requests.push(request);
      if (requests.length > maxRequests) requests.shift();
      return {
        trace: event => events.push(event),
        finish(outcome) {
          request.outcome = outcome;
          changed.fire(page);
        },
      };
    },
    async show(silence) {
      silenceNow = silence;
      changed.fire(page);
      await window.showTextDocument(await workspace.openTextDocument(page));
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
