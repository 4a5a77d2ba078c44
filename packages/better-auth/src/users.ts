import { markOf, textOf, type Mark } from './mark.ts';

/** What the plugin reads of a user. */
export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  readonly phoneNumber?: string | null;
  readonly phoneNumberVerified?: boolean | null;
  readonly recourse?: string | null;
}

interface Where {
  readonly field: string;
  readonly value: string | boolean | Date | null;
  readonly operator?: 'eq' | 'gt' | 'starts_with';
}

/** The part of an adapter of Better Auth that the plugin uses. */
export interface Adapter {
  findOne<T>(query: { model: string; where: Where[] }): Promise<T | null>;
  findMany<T>(query: { model: string; where: Where[]; limit: number }): Promise<T[]>;
  updateMany(change: {
    model: string;
    where: Where[];
    update: Record<string, unknown>;
  }): Promise<number>;
}

const model = 'user';
/** Users that one pass looks at, of each kind */
const most = 100;

/** Marks of users, in their own rows. No hook of the application runs when one changes. */
export class Users {
  readonly #adapter: Adapter;

  constructor(adapter: Adapter) {
    this.#adapter = adapter;
  }

  find(id: string): Promise<UserRow | null> {
    return this.#adapter.findOne({ model, where: [{ field: 'id', value: id }] });
  }

  /** Users with a mark of this state. */
  in(state: 'ask' | 'asked'): Promise<UserRow[]> {
    const where = { field: 'recourse', operator: 'starts_with', value: `${state} ` } as const;
    return this.#adapter.findMany({ model, where: [where], limit: most });
  }

  /** Users who were proven since, and have no mark: a crash came between. */
  missed(since: Date): Promise<UserRow[]> {
    return this.#adapter.findMany({
      model,
      where: [
        { field: 'recourse', value: '' },
        { field: 'emailVerified', value: true },
        { field: 'createdAt', operator: 'gt', value: since },
      ],
      limit: most,
    });
  }

  /** Changes a mark, unless somebody else did meanwhile. */
  async mark({ id, recourse }: UserRow, next: Mark): Promise<boolean> {
    const changed = await this.#adapter.updateMany({
      model,
      where: [
        { field: 'id', value: id },
        { field: 'recourse', value: recourse ?? null },
      ],
      update: { recourse: textOf(next) },
    });
    return changed > 0;
  }
}

export const markIn = ({ recourse }: UserRow): Mark | undefined => markOf(recourse);
