/** Opens a session as the extension does, and disposes it after `use`. */
import { join } from 'node:path';
import { createSession, type OpenModel, type Session } from '../session';

export type Opened = OpenModel & Pick<Session, 'completer'>;

/**
 * @param root of this repository
 * @param threads of the engine's process; 0 chooses as the extension does
 * @param options.modelPath 'small', 'large' or a path; the small model if undefined
 * @param options.log receives what the engine does, line by line
 */
export async function withSession<Result>(
  root: string,
  threads: number,
  use: (opened: Opened) => Promise<Result>,
  options: { readonly modelPath?: string | undefined; readonly log?: (line: string) => void } = {},
): Promise<Result> {
  const ignore = () => undefined;
  const session = createSession({
    root,
    modelPath: () => options.modelPath,
    graphsFolder: join(root, '.cache/graphs'),
    threads: () => threads,
    log: options.log ?? ignore,
    onStatus: ignore,
    onFault: ignore,
  });
  try {
    return await use({ ...(await session.openModel()), completer: session.completer });
  } finally {
    session.dispose();
  }
}
