import { readConfig, startAgent } from '@recourse/agent';

/** The agent of a platform, in a process of its own as beside its services. Configured by its environment. */
export interface ServingAgent {
  /** `http://127.0.0.1:4810` */
  readonly at: string;
}

const agent = await startAgent(readConfig([], process.env));

process.on('message', ({ message }: { message: 'serving' | 'stop' }) => {
  if (message === 'stop') void agent.stop().then(() => process.exit());
  else process.send?.({ at: agent.at } satisfies ServingAgent);
});
