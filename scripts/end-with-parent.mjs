// Ends a server when the script that started it ends, so that no test run leaves a VS Code behind.
//
// It is preloaded into the server (`node --import`). The server's stdin is a pipe from the script. The pipe closes when
// the script ends, also after a crash or SIGKILL. Then the server and all processes in its group end too.

// The processes that the server forks must not preload this.
process.execArgv = [];

process.stdin.on('close', () => {
  if (process.platform === 'win32') process.exit(1);
  process.kill(0, 'SIGKILL');
});
process.stdin.resume();
