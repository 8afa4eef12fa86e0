import type { CancellationToken } from 'vscode';

/** Turns VS Code's cancellation token into an `AbortSignal`. Call `dispose` when the work is done. */
export function toAbortSignal(token: CancellationToken): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => subscription.dispose() };
}
