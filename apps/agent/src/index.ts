export { readConfig, type AgentConfig } from './config.ts';
export { AgentError, type AgentErrorCode } from './errors.ts';
export { consoleLog, silentLog, type Log } from './log.ts';
export { startAgent, type RunningAgent } from './start-agent.ts';
