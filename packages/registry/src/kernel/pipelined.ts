import type { CompiledQuery, QueryResult, UnknownRow } from 'kysely';
import type { Db } from './database.ts';

type RowsOf<Q extends readonly CompiledQuery[]> = {
  readonly [I in keyof Q]: Q[I] extends CompiledQuery<infer R> ? R[] : never;
};

/**
 * Sends statements at once, in one round trip. PostgreSQL runs one after the other, so locks are taken in this order,
 * and each statement sees what was committed before it began.
 * @throws what the first of them failed by, once all of them are answered
 */
export async function pipelined<const Q extends readonly CompiledQuery[]>(
  db: Db,
  queries: Q,
): Promise<RowsOf<Q>> {
  // Kysely runs the statements of a transaction one by one: all of them go through one use of its connection.
  const executor = db.getExecutor();
  const answers = await executor.provideConnection((connection) =>
    Promise.allSettled(
      queries.map(async (query) => {
        let result: QueryResult<UnknownRow> = await connection.executeQuery(query);
        for (const plugin of executor.plugins) {
          result = await plugin.transformResult({ result, queryId: query.queryId });
        }
        return result.rows;
      }),
    ),
  );
  const failed = answers.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one answer a query, in their order
  return answers.map((one) =>
    one.status === 'fulfilled' ? one.value : [],
  ) as unknown as RowsOf<Q>;
}
