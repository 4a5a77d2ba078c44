import { createContext, use, useEffect, type ReactNode } from 'react';

/** One thing that is wrong in a form. */
export interface FormFault {
  /** Name of the field that mends it, or of one below: `evidence.0.class` belongs to `evidence` */
  readonly at: string;
  readonly text: string;
  /** The same for where no field has that name */
  readonly named?: string;
}

export interface FormState {
  readonly faults: readonly FormFault[];
  readonly error: unknown;
  /** Labels of the fields that are shown, by name */
  readonly labels: Map<string, string>;
  readonly mend: (name: string) => void;
}

export const FormContext = createContext<FormState | undefined>(undefined);

/** Whether a fault belongs to a field of this name, or to one inside it. */
export const isBelow = (at: string, name: string): boolean => `${at}.`.startsWith(`${name}.`);

/** The innermost field that mends a fault, of those that are shown. */
export const fieldOf = (at: string, labels: ReadonlyMap<string, string>): string | undefined =>
  [...labels.keys()].filter((name) => isBelow(at, name)).toSorted((a, b) => b.length - a.length)[0];

interface FieldState {
  readonly error: string | undefined;
  /** To be called when the field changes */
  readonly mend: () => void;
}

/** What a field shows as wrong, in a form or by itself. */
export function useFieldFault(
  name: string | undefined,
  label: string,
  own: string | undefined,
): FieldState {
  const form = use(FormContext);
  const labels = form?.labels;
  useEffect(() => {
    if (name === undefined || !labels) return undefined;
    labels.set(name, label);
    return () => void labels.delete(name);
  }, [name, label, labels]);
  if (!form || name === undefined) return { error: own, mend: () => undefined };
  const isOwn = ({ at }: FormFault): boolean =>
    isBelow(at, name) && (fieldOf(at, form.labels) ?? name) === name;
  const texts = form.faults.filter(isOwn).map(({ text }) => text);
  const error = texts.length === 0 ? own : [...new Set(texts)].join(' ');
  return { error, mend: () => form.mend(name) };
}

interface FaultTextProps {
  readonly name: string;
  readonly label: string;
  readonly children?: ReactNode;
}

/** Shows the fault of what is no field of text or choice, such as a file, below it. */
export function FaultText({ name, label, children }: FaultTextProps): ReactNode {
  const { error } = useFieldFault(name, label, undefined);
  return (
    <div data-field={name}>
      {children}
      {error === undefined ? null : <p className="field-error">{error}</p>}
    </div>
  );
}
