import type { LogOutputChannel } from 'vscode';
import type { Completer } from '../completion/complete';
import type { CompletionSettings } from '../completion/settings';
import type { EditorGate } from './gate';
import type { OtherFiles } from './other-files';
import type { RequestHistory } from './request-history';

/** What a request in the editor is made with and told to, whoever makes it. */
export interface RequestParts {
  readonly completer: () => Completer;
  readonly settings: () => CompletionSettings;
  readonly gate: EditorGate;
  readonly otherFiles: Pick<OtherFiles, 'of'>;
  readonly history: RequestHistory;
  readonly log: LogOutputChannel;
}
