/** Why the agent does not start, or refuses a request itself. Refusals of the registry are `RecourseError`s. */
export type AgentErrorCode =
  | 'usage'
  | 'file-unreadable'
  | 'file-exposed'
  | 'profile-invalid'
  | 'profile-missing'
  | 'secret-missing'
  | 'secret-invalid'
  | 'token-required'
  | 'state-in-use'
  | 'outbox-unreadable'
  | 'outbox-full'
  | 'inbox-invalid'
  | 'questions-full'
  | 'questions-unreadable'
  | 'address-unusable'
  | 'desk-missing'
  | 'registry-unreachable';

/** A fault that whoever runs the agent can mend. No text holds an identifier, a key, a token or a code of a case. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  /** The next step, as one sentence */
  readonly next: string;

  constructor(
    code: AgentErrorCode,
    text: { message: string; next: string },
    options?: ErrorOptions,
  ) {
    super(text.message, options);
    this.code = code;
    this.next = text.next;
  }
}
