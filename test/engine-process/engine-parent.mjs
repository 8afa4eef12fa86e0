/** A parent that a test can kill. It starts the engine's process as the editor does and passes messages both ways. */
import { fork } from 'node:child_process';

const [entry = ''] = process.argv.slice(2);
// The engine holds the output of this process open until it ends.
const engine = fork(entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
engine.on('message', message => process.send?.(message));
process.on('message', message => engine.send(/** @type {object} */ (message)));
