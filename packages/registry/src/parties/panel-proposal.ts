import type { OpOutput } from '@recourse/protocol';

export type Proposal = OpOutput<'panel.invite'>;
