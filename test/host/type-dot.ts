import type { Fixture } from './fixture';

/** The unfinished line of examples/web/queue.js, where every model that has read the file has something to say. */
export const unfinished = { line: 24, column: 19 };

/** Opens a fresh copy of the file and types the dot that asks for more. @returns the ghost text that comes */
export async function typeDot({ vsCode, copyExamples }: Fixture): Promise<string> {
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  return vsCode.waitForGhostText();
}
