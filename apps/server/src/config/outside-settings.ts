import { parseVerifierKey } from '@recourse/ledger';
import { ServerError } from '../errors.ts';
import { asPath, type Settings } from './settings.ts';

export interface OutsideSettings {
  /** Where all servers keep the newest checkpoints, beside `<dataDir>/checkpoint` of each */
  readonly checkpointsDir?: string;
  /** A witness of the operator's own: nothing is signed that it does not cosign */
  readonly ownWitness?: { readonly url: string; readonly key: string };
}

/** Reads the settings of what outlives the database, and tells an old copy of it. */
export function outsideOf(env: Settings): OutsideSettings {
  const checkpointsDir = env.find('RECOURSE_CHECKPOINTS_DIR', asPath);
  const url = env.find('RECOURSE_WITNESS_URL', { read: witnessUrl });
  const key = env.find('RECOURSE_WITNESS_KEY', { read: witnessKey });
  if (env.has('RECOURSE_WITNESS_URL') !== env.has('RECOURSE_WITNESS_KEY')) {
    env.refuse('Set RECOURSE_WITNESS_URL and RECOURSE_WITNESS_KEY, or neither.');
  }
  return {
    ...(checkpointsDir ? { checkpointsDir } : {}),
    ...(url && key ? { ownWitness: { url, key } } : {}),
  };
}

function witnessUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '') {
    return text.replace(/\/$/, '');
  }
  throw invalid('RECOURSE_WITNESS_URL takes where it answers: http://10.0.0.9:8470.');
}

function witnessKey(text: string): string {
  try {
    if (parseVerifierKey(text).type === 'cosignature') return text;
  } catch {
    // Said below
  }
  throw invalid('RECOURSE_WITNESS_KEY takes the verifier key that keygen printed: name+id+base64.');
}

const invalid = (message: string): ServerError => new ServerError('config_invalid', message);
