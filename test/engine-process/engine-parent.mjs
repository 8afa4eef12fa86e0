/** Starts the engine's process as an editor would and passes its messages both ways: a parent to kill in a test. */
import { fork } from 'node:child_process';

const [entry = ''] = process.argv.slice(2);
// The engine holds this process's output open for as long as it lives.
const engine = fork(entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
engine.on('message', message => process.send?.(message));
process.on('message', message => engine.send(/** @type {object} */ (message)));
