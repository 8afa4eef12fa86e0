/** How the engine's log says that another process has killed it: Windows has no signals, only an exit code. */
export const killedFromOutside = process.platform === 'win32' ? 'code 1' : 'SIGKILL';
