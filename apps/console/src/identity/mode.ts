/** Whoever serves the desk says so in the page: a sandbox asks nobody for a passphrase. */
export const isSandbox =
  document.querySelector<HTMLMetaElement>('meta[name=recourse-mode]')?.content === 'sandbox';

/** Passphrase of everybody whom a sandbox enrols by a link; what it opens is worth nothing. */
export const sandboxPassphrase = 'sandbox-passphrase';
