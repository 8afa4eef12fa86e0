/** Opens a session as the extension does, and disposes it after `use`. */
import { join } from 'node:path';
import { createSession, type OpenModel, type Session } from '../../src/session';

export type Opened = OpenModel & Pick<Session, 'completer'>;

/**
 * @param root of this repository
 * @param threads of the engine's process; 0 chooses as the extension does
 * @param options.modelPath in place of the bundled model
 */
export async function withSession<Result>(
  root: string,
  threads: number,
  use: (opened: Opened) => Promise<Result>,
  { modelPath }: { readonly modelPath?: string | undefined } = {},
): Promise<Result> {
  const ignore = () => undefined;
  const session = createSession({
    root,
    modelPath: () => modelPath,
    graphsFolder: join(root, '.cache/graphs'),
    threads: () => threads,
    log: ignore,
    onStatus: ignore,
    onFault: ignore,
  });
  try {
    return await use({ ...(await session.openModel()), completer: session.completer });
  } finally {
    session.dispose();
  }
}
