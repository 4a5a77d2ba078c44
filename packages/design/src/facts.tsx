import { Fragment, type ReactNode } from 'react';

/** Names and values, one under the other. A value that is undefined is left out. */
export const Facts = ({
  facts,
}: {
  readonly facts: Readonly<Record<string, ReactNode>>;
}): ReactNode => (
  <dl className="facts">
    {Object.entries(facts)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
  </dl>
);
