// Replaces the native module @vscode/spdlog in the VS Code that scripts/install-code-server.mjs installs, so that
// nothing must be compiled. Without it VS Code writes no log file, and a test could not read the extension's output
// channel.
//
// It has the same exports as @vscode/spdlog 0.15.1. Each message is written synchronously: when a test sees the effect
// of a line, the line is already in the file. Files are not rotated.
// Knows nothing of Sotto. It is copied, not imported.

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
  // VS Code always sets the same pattern, and write() follows it.
  setPattern() {}
  // After this call VS Code formats the lines itself, with their line ends.
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
  // VS Code's own module creates the file at once too, before the first line.
  fs.appendFileSync(file, '');
  return new Logger('', name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
