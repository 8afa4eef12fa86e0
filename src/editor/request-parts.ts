import type { LogOutputChannel } from 'vscode';
import type { Completer } from '../completion/complete';
import type { OtherFiles } from '../other-files/other-files.vscode';
import type { CompletionSettings } from '../settings/settings';
import type { EditorGate } from './gate';
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
