import { When } from '@recourse/design';
import { type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { Field } from '../parts/field.tsx';
import { textsOf } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { fieldError, Problem } from '../parts/problem.tsx';
import { useAct } from '../registry/calls.ts';
import { withTokens } from '../registry/tokens.ts';

/** Asks about one person by hand. */
export function Check(): ReactNode {
  const person = usePerson();
  const check = useAct((_recourse, email: string) =>
    withTokens(person, 'check', { email }, { purpose: 'signup', provenAt: new Date() }),
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    check.mutate(textsOf(event)('email'));
  };
  return (
    <Page title="Check a person">
      <Problem error={check.error} atFields={['email']} />
      <Form className="stack" onSubmit={submit}>
        <Field
          name="email"
          label="Email address"
          error={fieldError(check.error, 'email')}
          about="Its control was proven to you within the last 24 hours."
        />
        <div>
          <Button type="submit" className="react-aria-Button main" isPending={check.isPending}>
            Check
          </Button>
        </div>
      </Form>
      {check.data ? (
        <p role="status">
          {check.data.advice}, {check.data.matches.length} records, valid until{' '}
          <When at={check.data.validUntil} deadline />
        </p>
      ) : null}
    </Page>
  );
}
