/** A session with the bundled model, as the extension opens it, for as long as it is measured. */
import { join } from 'node:path';
import { createSession, type OpenModel } from '../src/session';

/**
 * @param root of this repository
 * @param threads 0 chooses as the extension does
 */
export async function withBundled<Result>(
  root: string,
  threads: number,
  use: (model: OpenModel) => Promise<Result>,
): Promise<Result> {
  const ignore = () => undefined;
  const session = createSession({
    root,
    modelPath: ignore,
    graphsFolder: join(root, '.cache/graphs'),
    threads,
    log: ignore,
    onStatus: ignore,
    onFault: ignore,
  });
  try {
    return await use(await session.openModel());
  } finally {
    session.dispose();
  }
}
