import { Note } from '@recourse/design';
import { isRecourseError } from '@recourse/sdk';
import { use, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { fieldOf, FormContext, isBelow, type FormFault, type FormState } from './field-fault.tsx';
import { issueText, namedIssue } from './issues/issue-text.ts';
import { explain } from './refusals.ts';
import { counted } from './words.ts';

const none: readonly FormFault[] = [];

interface FormFaultsProps {
  /** What the registry answered to the last attempt */
  readonly error: unknown;
  /** What the desk itself finds missing or wrong now */
  readonly own?: Readonly<Record<string, string>> | undefined;
  /** Finds the faults in a refusal, where the fields do not have the names of the members */
  readonly read?: (error: unknown) => readonly FormFault[];
  readonly children: ReactNode;
}

/** A form whose faults stand at their fields, all at once. The fault of a field is gone when the field changes. */
export function FormFaults({
  error,
  own = {},
  read = faultsIn,
  children,
}: FormFaultsProps): ReactNode {
  const [labels] = useState(() => new Map<string, string>());
  const [mended, setMended] = useState<{ of: unknown; names: readonly string[] }>({
    of: undefined,
    names: [],
  });
  const names = mended.of === error ? mended.names : [];
  const state = useMemo((): FormState => {
    const found = error === null || error === undefined ? none : read(error);
    const open = found.filter(({ at }) => !names.some((name) => isBelow(at, name)));
    const missing = Object.entries(own).map(([at, text]) => ({ at, text }));
    return {
      faults: [...missing, ...open.filter(({ at }) => own[at] === undefined)],
      // A refusal whose every fault was mended says nothing any more.
      error: found.length > 0 && open.length === 0 ? undefined : error,
      labels,
      mend: (name) => {
        if (found.some(({ at }) => isBelow(at, name))) {
          setMended({ of: error, names: [...names, name] });
        }
      },
    };
  }, [error, own, read, names, labels]);
  return <FormContext value={state}>{children}</FormContext>;
}

/** The SDK names identifiers below `creator`. */
const inner = (path: string): string => path.replace(/^creator\./, '');
/**
 * The faults that a refusal names, each at a field of the form.
 * @param place gives the name of the field by the path of the member
 */
export const faultsAt = (error: unknown, place: (path: string) => string): readonly FormFault[] =>
  isRecourseError(error)
    ? error.issues.map((issue) => ({
        at: place(inner(issue.path)),
        text: issueText(issue),
        named: namedIssue(issue),
      }))
    : none;

const faultsIn = (error: unknown): readonly FormFault[] => faultsAt(error, (path) => path);

/** What is wrong in this form, each with a link to the field that mends it. */
export function FormProblem(): ReactNode {
  const form = use(FormContext);
  if (!form || (form.faults.length === 0 && (form.error === null || form.error === undefined))) {
    return null;
  }
  const { faults, error, labels } = form;
  const isRefused = error !== null && error !== undefined;
  const { title, next } = isRefused
    ? explain(error)
    : { title: `${counted(faults.length, 'thing is', 'things are')} missing.`, next: undefined };
  return (
    <Note tone="bad" title={title} announce>
      {next === undefined ? null : <p>{next}</p>}
      {faults.length === 0 ? null : (
        <ul>
          {faults.map((fault) => (
            <li key={`${fault.at} ${fault.text}`}>
              <Fault fault={fault} labels={labels} />
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}

interface FaultProps {
  readonly fault: FormFault;
  readonly labels: ReadonlyMap<string, string>;
}

function Fault({ fault: { at, text, named = text }, labels }: FaultProps): ReactNode {
  const name = fieldOf(at, labels);
  if (name === undefined) return named;
  return <Link onPress={() => focusField(name)}>{`${labels.get(name)}: ${text}`}</Link>;
}

function focusField(name: string): void {
  const field = document.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const control = field?.querySelector<HTMLElement>(
    'input:not(:disabled), textarea, button, [role=spinbutton], [tabindex]',
  );
  field?.scrollIntoView({ block: 'center' });
  control?.focus();
}
