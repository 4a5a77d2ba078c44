import { textOfMark, textOfWaiting, type Mark, type Waiting } from './mark.ts';

/** What the plugin reads of a user. */
export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  readonly phoneNumber?: string | null;
  readonly phoneNumberVerified?: boolean | null;
  readonly recourse?: string | null;
  readonly recourseWaiting?: string | null;
}

interface Where {
  readonly field: string;
  readonly value: string;
  readonly operator?: 'eq' | 'gt';
}

/** The part of an adapter of Better Auth that the plugin uses. */
export interface Adapter {
  findOne<T>(query: { model: string; where: Where[] }): Promise<T | null>;
  findMany<T>(query: {
    model: string;
    where: Where[];
    limit: number;
    sortBy: { field: string; direction: 'asc' };
  }): Promise<T[]>;
  updateMany(change: {
    model: string;
    where: Where[];
    update: Record<string, unknown>;
  }): Promise<number>;
}

const model = 'user';
/** Users that one pass looks at */
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

  /** Users for whom something is to be done: `ask` sorts before `asked`. */
  waiting(): Promise<UserRow[]> {
    const field = 'recourseWaiting';
    return this.#adapter.findMany({
      model,
      where: [{ field, operator: 'gt', value: '' }],
      sortBy: { field, direction: 'asc' },
      limit: most,
    });
  }

  /** Notes that something was done, unless another server did it meanwhile, or there is more to do. */
  async done(
    { id, recourseWaiting }: UserRow,
    { waiting, mark }: { readonly waiting?: Waiting; readonly mark?: Mark },
  ): Promise<boolean> {
    const changed = await this.#adapter.updateMany({
      model,
      where: [
        { field: 'id', value: id },
        { field: 'recourseWaiting', value: recourseWaiting ?? '' },
      ],
      update: {
        recourseWaiting: waiting ? textOfWaiting(waiting) : '',
        ...(mark ? { recourse: textOfMark(mark) } : {}),
      },
    });
    return changed > 0;
  }

  /** Changes a mark alone. */
  async mark({ id }: UserRow, mark: Mark): Promise<void> {
    await this.#adapter.updateMany({
      model,
      where: [{ field: 'id', value: id }],
      update: { recourse: textOfMark(mark) },
    });
  }
}
