// Stands in for the native module @vscode/spdlog inside the VS Code that scripts/code-server.mjs
// installs, so that nothing has to be compiled. Without it VS Code writes no log file at all, and
// a test could not read the extension's output channel.
//
// Same exports as @vscode/spdlog 0.15.1. Every message is written synchronously: a test that has
// seen the effect of a line finds that line in the file. Files are not rotated.
// Knows nothing of Sotto; copied, not imported.

const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const off = levels.length;

class Logger {
  /**
   * @param {string} _type
   * @param {string} _name
   * @param {string} file
   */
  constructor(_type, _name, file) {
    this.file = file;
    this.level = 2;
    this.plain = false;
  }

  /**
   * @param {number} level
   * @param {string} message
   */
  write(level, message) {
    if (level < this.level || this.level === off) return;
    const line = this.plain ? message : `${localTime()} [${levels[level]}] ${message}\n`;
    fs.appendFileSync(this.file, line);
  }

  /** @param {string} message */
  trace(message) {
    this.write(0, message);
  }
  /** @param {string} message */
  debug(message) {
    this.write(1, message);
  }
  /** @param {string} message */
  info(message) {
    this.write(2, message);
  }
  /** @param {string} message */
  warn(message) {
    this.write(3, message);
  }
  /** @param {string} message */
  error(message) {
    this.write(4, message);
  }
  /** @param {string} message */
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }
  /** @param {number} level */
  setLevel(level) {
    this.level = level;
  }
  // VS Code only ever sets the pattern that write() has built in.
  setPattern() {}
  // After this VS Code formats the lines itself, line end included.
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {}
}

function localTime() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}

/**
 * @param {string} name
 * @param {string} file
 */
async function createLogger(name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // VS Code's own module makes the file at once too: an empty log is a log.
  fs.appendFileSync(file, '');
  return new Logger('', name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
