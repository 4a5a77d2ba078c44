export { readConfig, type Mode, type ServerConfig } from './config/config.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export { consoleLog, openLog, silentLog, type Log } from './log.ts';
export { startServer, type RunningServer } from './start-server.ts';
