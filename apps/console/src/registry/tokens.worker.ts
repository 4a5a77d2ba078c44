import { isRecourseError, type Recourse } from '@recourse/sdk';
import type { OpenPerson } from '../identity/person.ts';
import { setClockOffset } from '../identity/clock.ts';
import { connectAs } from './connection.ts';
import { tokenTasks, type TokenTask } from './token-tasks.ts';
import type { TaskAnswer, TaskRequest } from './tokens.ts';

let connection: { kid: string; recourse: Recourse } | undefined;

function connected(person: OpenPerson): Recourse {
  if (connection?.kid !== person.kid) {
    // Nothing is shared with colleagues from here: this browser keeps its own journal first.
    const recourse = connectAs(person, { sealingKeys: undefined });
    connection = { kid: person.kid, recourse };
  }
  return connection.recourse;
}

async function run({ task, person, args, clockOffset }: TaskRequest): Promise<TaskAnswer> {
  setClockOffset(clockOffset);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `inWorker` pairs each task with its arguments
    const act = tokenTasks[task as TokenTask] as (r: Recourse, ...a: unknown[]) => Promise<unknown>;
    return { result: await act(connected(person), ...args) };
  } catch (error) {
    // An error loses its members on the way between threads.
    if (!isRecourseError(error)) return { failed: String(error) };
    const { code, status, retryAfterSeconds, issues } = error;
    return { refused: { code, status, retryAfterSeconds, issues } };
  }
}

addEventListener('message', ({ data, ports }: MessageEvent<TaskRequest>) => {
  void run(data).then((answer) => ports[0]?.postMessage(answer));
});
