// Preloaded (`node --import`) into a server whose stdin is a pipe from the script that started it. The
// pipe closes however that script ends, a crash or SIGKILL included; the server and all that it started
// (its process group) then end too, so that no test run leaves a VS Code behind.

// Not to be handed on to what the server forks.
process.execArgv = [];

process.stdin.on('close', () => {
  if (process.platform === 'win32') process.exit(1);
  process.kill(0, 'SIGKILL');
});
process.stdin.resume();
