import { Note, When } from '@recourse/design';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '@recourse/protocol';
import type { ReactNode } from 'react';
import type { OperatorOp } from './acts.ts';

/** Answer of the registry to an act of two operators. */
export interface ProposalAnswer {
  readonly state: 'proposed' | 'executed';
  readonly executeBefore?: string | undefined;
}

/** The address at which another operator reads and signs the same act. Nothing in it is secret. */
const agreementLink = (op: OperatorOp, input: unknown): string =>
  `${location.origin}/desk/#/operator/agree?op=${op}&input=${toBase64url(utf8(JSON.stringify(input)))}`;

/** The input in such a link: text of whoever made it, or undefined where it is none. */
export function linkedInput(text: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64url(text)));
  } catch {
    return undefined;
  }
}

interface AnsweredProps {
  readonly op: OperatorOp;
  readonly input: unknown;
  readonly answer: ProposalAnswer;
}

/** Done, or who has to agree until when. */
export const Answered = ({ op, input, answer }: AnsweredProps): ReactNode =>
  answer.state === 'executed' ? (
    <Note tone="good" title="Done. It is in the public log." announce />
  ) : (
    <Note tone="wait" title="Proposed. Another operator has to agree." announce>
      <p>
        Send them this link. They read what it does, and sign it too
        {answer.executeBefore === undefined ? null : (
          <>
            , until <When at={answer.executeBefore} deadline />
          </>
        )}
        .
      </p>
      <p>
        <code>{agreementLink(op, input)}</code>
      </p>
    </Note>
  );
