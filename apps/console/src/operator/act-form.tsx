import { Note } from '@recourse/design';
import {
  hashBytes,
  mayCarry,
  ops,
  toNumericDate,
  utf8,
  type OpInput,
  type OpName,
  type OpOutput,
} from '@recourse/protocol';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Choice, Ticks } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Field } from '../parts/field.tsx';
import { instantOf } from '../parts/local-time.ts';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { useRequest } from '../registry/calls.ts';
import type { Act, ActField, OperatorOp } from './acts.ts';
import { Answered } from './proposal.tsx';

type Values = Readonly<Record<string, string | readonly string[]>>;

type Known = Readonly<Record<string, string | number>>;

interface ActFormProps {
  readonly act: Act;
  /** Members that the page knows, such as the platform */
  readonly known?: Known;
  /** Stands above the fields */
  readonly children?: ReactNode;
}

/** The registry judges the input; a refusal stands at its field. */
const useOperatorAct = (op: OperatorOp) =>
  useRequest(
    async (recourse, input: unknown) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the registry checks every member
      (await recourse.call(op, input as OpInput<OperatorOp>)).result as OpOutput<OperatorOp>,
  );

/** Whether the key of this browser carries calls of an operation. */
export const useMayCarry = (op: OpName): boolean => mayCarry(ops[op], usePerson());

/** One act: its values, what follows from it, and its signature. */
export function ActForm(props: ActFormProps): ReactNode {
  const { act, children } = props;
  const mayCarryIt = useMayCarry(act.op);
  return (
    <section className="panel stack">
      <h2>{act.title}</h2>
      <p className="soft">{act.about}</p>
      {children}
      {mayCarryIt ? <Fields {...props} /> : <NeedsAdmin />}
    </section>
  );
}

/** What an operator reads in place of a button whose call their key cannot carry. */
export const NeedsAdmin = (): ReactNode => (
  <Note tone="quiet" title="This takes the key of an administrator.">
    <p>Ask a colleague who is one.</p>
  </Note>
);

function Fields({ act, known = {} }: ActFormProps): ReactNode {
  const [values, setValues] = useState<Values>({});
  const sending = useOperatorAct(act.op);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    sending.mutate(inputOf(act, values, known));
  };
  return (
    <>
      <FormFaults error={sending.error}>
        <Form onSubmit={submit} className="stack">
          {act.fields.map((field) => (
            <OneField
              key={field.name}
              field={field}
              value={values[field.name]}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
            />
          ))}
          <FormProblem />
          <div>
            <Button type="submit" isPending={sending.isPending}>
              {act.title}
            </Button>
          </div>
        </Form>
      </FormFaults>
      {sending.data ? <Answered answer={sending.data} /> : null}
    </>
  );
}

interface OneFieldProps {
  readonly field: ActField;
  readonly value: string | readonly string[] | undefined;
  readonly onChange: (value: string | readonly string[]) => void;
}

function OneField({ field, value, onChange }: OneFieldProps): ReactNode {
  const { name, label, about, kind, options = [], isOptional = false } = field;
  const common = { name, label, about };
  const text = typeof value === 'string' ? value : '';
  if (kind === 'choice') {
    return <Choice {...common} options={options} value={text || undefined} onChange={onChange} />;
  }
  if (kind === 'ticks') {
    const chosen = typeof value === 'object' ? value : [];
    return <Ticks {...common} options={options} value={chosen} onChange={onChange} />;
  }
  if (kind === 'day') return <DateChoice {...common} value={text} onChange={onChange} />;
  return <Field {...common} value={text} onChange={onChange} isOptional={isOptional} type={kind} />;
}

/** The input as the registry takes it. What was left empty is left out. */
function inputOf({ op, fields }: Act, values: Values, known: Known) {
  const given = fields.flatMap((field) => {
    const value = values[field.name];
    return value === undefined || value === '' ? [] : [[field.name, typed(op, field, value)]];
  });
  return { ...known, ...Object.fromEntries(given) };
}

function typed(op: OperatorOp, { name, kind }: ActField, value: string | readonly string[]) {
  if (typeof value !== 'string') return value;
  if (kind === 'number') return Number(value);
  if (kind === 'day') return toNumericDate(instantOf(value));
  return op === 'orders.execute' && name === 'reference' ? hashBytes(utf8(value)) : value.trim();
}
