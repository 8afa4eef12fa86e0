import type { CancellationToken } from 'vscode';

/** VS Code's way of cancelling as the platform's. Call `dispose` when the work is over. */
export function toAbortSignal(token: CancellationToken): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => subscription.dispose() };
}
