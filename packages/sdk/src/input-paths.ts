import { RecourseError, type Issue } from './errors.ts';

/** Members of what is signed, by the member of the caller's input that each was made of. */
export type MadeOf = Readonly<Record<string, string>>;

/** Issues about what was made, as issues about what the caller gave. */
export const aboutInput = (issues: readonly Issue[], madeOf: MadeOf): Issue[] =>
  issues.map((issue) => ({ ...issue, path: inputPath(issue.path, madeOf) }));

/** Runs a call with what was made of an input. Its refusal names members of that input. */
export async function withInputPaths<T>(madeOf: MadeOf, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RecourseError) || error.issues.length === 0) throw error;
    const { code, ...rest } = error;
    throw new RecourseError(code, {
      ...rest,
      cause: error.cause,
      issues: aboutInput(error.issues, madeOf),
    });
  }
}

/** The longest beginning that is in the table counts. */
function inputPath(path: string, madeOf: MadeOf): string {
  const names = path.split('.');
  for (let length = names.length; length > 0; length--) {
    const found = madeOf[names.slice(0, length).join('.')];
    if (found === undefined) continue;
    const rest = inputPath(names.slice(length).join('.'), found === '' ? madeOf : {});
    return [found, rest].filter((part) => part !== '').join('.');
  }
  return path;
}
