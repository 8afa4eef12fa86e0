/**
 * The last requests, and the page that explains them: a virtual document, so that nothing of it is ever on disk or in
 * the log.
 */
import {
  type Disposable,
  EventEmitter,
  type Position,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { explainNothing, explainRequests, type TracedRequest } from '../completion/explain/explain-requests';
import type { Trace, TraceEvent } from '../completion/explain/trace';
import type { TriggerKind } from '../completion/when/trigger';

const kept = 20;
const scheme = 'sotto';
const page = Uri.from({ scheme, path: 'Sotto: Last Requests' });

export interface RequestRecord {
  /** What the request's steps are told to. */
  readonly trace: Trace;
  /** Of a request that showed nothing: why, without a word of the document. */
  explainNothing(): string;
}

export interface RequestHistory extends Disposable {
  record(document: TextDocument, position: Position, trigger: TriggerKind): RequestRecord;
  /** The command 'Explain Last Request'. */
  show(): Promise<void>;
}

export function createRequestHistory(): RequestHistory {
  const requests: TracedRequest[] = [];
  const changed = new EventEmitter<Uri>();
  const registration = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => explainRequests(requests),
  });
  return {
    record(document, { line, character }, trigger) {
      const events: TraceEvent[] = [];
      const place = `${workspace.asRelativePath(document.uri)}:${line + 1}:${character + 1}`;
      requests.push({ time: new Date().toLocaleTimeString(), place, trigger, events });
      if (requests.length > kept) requests.shift();
      return { trace: event => events.push(event), explainNothing: () => explainNothing(events) };
    },
    async show() {
      changed.fire(page);
      await window.showTextDocument(await workspace.openTextDocument(page));
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
