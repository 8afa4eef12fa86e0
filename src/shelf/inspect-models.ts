/** The client of the inspection's process: it starts the process and passes on what it finds. */
import { fork } from 'node:child_process';
import { engineEnvironment } from '../engine-process/engine-environment';
import type { FromInspection, InspectionRequest } from './inspection-protocol';
import type { FoundModel, Inspection } from './model-facts';

export interface InspectionListener {
  /** Called once, with the models in other programs' folders. */
  readonly onFound: (models: readonly FoundModel[]) => void;
  readonly onInspected: (path: string, inspection: Inspection) => void;
}

/**
 * @param entry the bundled `inspection.js`
 * @param signal ends the process
 * @returns when all models are inspected, or the process has ended
 * @throws Error if the process ends before it is done, and not because of `signal`
 */
export function inspectModels(
  entry: string,
  request: InspectionRequest,
  { onFound, onInspected }: InspectionListener,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const child = fork(entry, [], {
      env: engineEnvironment(),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const stop = () => child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    child.on('message', (message: FromInspection) => {
      if (signal.aborted) return;
      if (message.type === 'found') onFound(message.models);
      else if (message.type === 'inspected') onInspected(message.path, message.inspection);
      else {
        resolve();
        child.disconnect();
      }
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) resolve();
      else reject(new Error(`the inspection's process ended (${killedBy ?? code})`));
    });
    child.send(request, () => undefined);
  });
}
