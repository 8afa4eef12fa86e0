import type { Fixture } from './fixture';

/** Suggestions so far that the log says the model was run for. */
export async function modelRuns({ log }: Fixture): Promise<number> {
  return (await log()).filter(line => line.includes('from the model')).length;
}
