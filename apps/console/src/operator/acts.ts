import {
  alarmExplanations,
  orderBodies,
  orderEffects,
  ops,
  reasonCodes,
  reasons,
  type OpName,
} from '@recourse/protocol';
import { sentence } from '../parts/words.ts';

/** One value that an act needs, and how a person gives it. */
export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'day' | 'choice' | 'ticks';
  readonly about?: string;
  readonly options?: readonly string[];
  readonly isOptional?: boolean;
}

/** Something that operators do and everybody reads in the log. */
export interface Act {
  readonly op: OperatorOp;
  readonly title: string;
  /** Consequence of the act, shown before it is signed */
  readonly about: string;
  readonly fields: readonly ActField[];
}

export type OperatorOp = Extract<
  OpName,
  | 'platforms.suspend'
  | 'platforms.restore'
  | 'platforms.setQuota'
  | 'platforms.setGroup'
  | 'platforms.reenrol'
  | 'platforms.leave'
  | 'platforms.register'
  | 'taxonomy.enable'
  | 'panel.invite'
  | 'panel.remove'
  | 'orders.execute'
  | 'oprf.rotate'
>;

const offences = reasonCodes.filter((code) => reasons[code].namesCriminalOffence);
const { what, why } = ops['platforms.suspend'].input.shape;

/** About one platform: its page fills in which. */
export const platformActs: readonly Act[] = [
  {
    op: 'platforms.setQuota',
    title: 'Set its daily bounds',
    about:
      'A second operator has to sign the same. One alone raises a bound, up to what the platform declared.',
    fields: [
      {
        name: 'submissionsPerDay',
        label: 'Records a day',
        kind: 'number',
        isOptional: true,
      },
      {
        name: 'elementsPerDay',
        label: 'Identifiers asked about a day',
        kind: 'number',
        about: 'Eight for each signup',
        isOptional: true,
      },
    ],
  },
  {
    op: 'platforms.suspend',
    title: 'Suspend it',
    about: 'Appeals and recalls go on. For its errors the panel alone suspends a platform.',
    fields: [
      { name: 'what', label: 'What stops', kind: 'choice', options: what.options },
      { name: 'why', label: 'Why', kind: 'choice', options: why.options },
    ],
  },
  {
    op: 'platforms.restore',
    title: 'Lift its suspension',
    about: 'After an alarm of its checks the cause is logged.',
    fields: [
      {
        name: 'explained',
        label: 'Cause of the alarm',
        kind: 'choice',
        options: alarmExplanations,
        isOptional: true,
      },
    ],
  },
  {
    op: 'platforms.setGroup',
    title: 'Move it to another group',
    about: 'It counts to its former groups for 24 months more.',
    fields: [
      { name: 'group', label: 'Group', kind: 'text', about: 'Letters a to z, 0 to 9 and -' },
    ],
  },
  {
    op: 'taxonomy.enable',
    title: 'Enable reasons that name an offence',
    about: 'Only for a platform whose registration states its legal basis.',
    fields: [{ name: 'reasons', label: 'Reasons', kind: 'ticks', options: offences }],
  },
  {
    op: 'platforms.reenrol',
    title: 'Let it begin with new keys',
    about:
      'For a platform that lost its administrator key. Any of its old keys stops this within seven days.',
    fields: [
      {
        name: 'invite',
        label: 'Hash of the invite',
        kind: 'text',
        about: 'The platform made the invite, and published this hash in its DNS record',
      },
    ],
  },
  {
    op: 'platforms.leave',
    title: 'Let it leave',
    about: 'Its checks and submissions stop at once, and its records end.',
    fields: [],
  },
];

/** About one reviewer: the table of the panel says which. */
export const panelAct: Act = {
  op: 'panel.remove',
  title: 'End the term of a reviewer',
  about: 'Their keys are revoked, and their cases go to others. Their decisions stand.',
  fields: [{ name: 'holder', label: 'Reviewer', kind: 'text' }],
};

/** About the registry as a whole. */
export const registryActs: readonly Act[] = [
  {
    op: 'orders.execute',
    title: 'Execute an order',
    about:
      'A court or a data protection authority ordered the end or the restriction of one record.',
    fields: [
      { name: 'sanction', label: 'Record', kind: 'text', about: 'Its id, snc_…' },
      { name: 'effect', label: 'Effect', kind: 'choice', options: orderEffects },
      { name: 'body', label: 'By', kind: 'choice', options: orderBodies },
      { name: 'date', label: 'Date of the order', kind: 'day' },
      {
        name: 'reference',
        label: 'Reference of the order',
        kind: 'text',
        about: 'Its hash is published, and the words stay here',
      },
    ],
  },
  {
    op: 'oprf.rotate',
    title: 'Announce the next key of tokens',
    about:
      'Platforms renew their records once it is open. The epoch before closes 14 days later, and what has no new tokens then ends.',
    fields: [
      { name: 'epoch', label: 'Number of the epoch', kind: 'number' },
      { name: 'publicKey', label: 'Public key', kind: 'text', about: 'As oprf-key prints it' },
      { name: 'opensAt', label: 'Opens on', kind: 'day', about: 'A day to 90 days ahead' },
    ],
  },
];

const allActs = [...platformActs, panelAct, ...registryActs];

const titles: Readonly<Partial<Record<OperatorOp, string>>> = {
  'platforms.register': 'Register a platform',
  'panel.invite': 'Invite a reviewer',
};

export const isOperatorOp = (name: string): name is OperatorOp =>
  Object.hasOwn(titles, name) || allActs.some(({ op }) => op === name);

/** The label of a value in the form of its act. */
export const fieldLabel = (op: OperatorOp, name: string): string | undefined =>
  allActs.find((act) => act.op === op)?.fields.find((field) => field.name === name)?.label;

export const titleOf = (op: OperatorOp): string =>
  titles[op] ?? allActs.find((act) => act.op === op)?.title ?? sentence(op);
