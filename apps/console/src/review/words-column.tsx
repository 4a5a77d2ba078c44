import { When } from '@recourse/design';
import { fromBase64url, type ReviewId } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { InertFile } from '../parts/inert-file.tsx';
import { languageName } from '../parts/language-name.ts';
import { useRequest } from '../registry/calls.ts';
import {
  isInspection,
  type AppealCase,
  type InspectionCase,
  type ReviewCase,
} from './case-data.ts';
import { Problem } from '../parts/problem.tsx';
import { groundTexts, wayTexts } from './words.ts';

type Said = NonNullable<InspectionCase['again']>;

/** Shows the words of the creator, and how each claimant came. */
export function WordsColumn({ of, id }: { readonly of: ReviewCase; readonly id: ReviewId }) {
  const words = isInspection(of) ? of.again : of;
  return (
    <section aria-labelledby="words-title">
      <h2 id="words-title">The creator</h2>
      {words === undefined ? <p>Nobody appealed. The creator was told, and not asked.</p> : null}
      {words && <SaidWords said={words} />}
      {isInspection(of) ? null : <Claimants of={of} />}
      {words && <Questions said={words} />}
      {words && <Answer said={words} />}
      {words?.files.map(({ file, claimant, bytes }) => (
        <CreatorFile key={file} id={id} {...{ file, claimant, bytes }} />
      ))}
    </section>
  );
}

/** Whether the platform stands by its record, and what it says of it. */
function Answer({ said: { response } }: { readonly said: Said }): ReactNode {
  if (response === undefined) return <p className="soft">The platform has not answered.</p>;
  return (
    <>
      <h3>The platform answers</h3>
      <p>
        It stands by the record, <When at={response.at} />.
      </p>
      {response.text === undefined ? null : <Quote text={response.text} />}
    </>
  );
}

/** Words of a stranger: text, in the direction in which it runs. */
const Quote = ({ text, lang }: { readonly text: string; readonly lang?: string }): ReactNode => (
  <div className="quote" dir="auto" lang={lang}>
    {text}
  </div>
);

const SaidWords = ({ said }: { readonly said: Said }): ReactNode => (
  <>
    <p>
      <strong>{groundTexts[said.ground]}.</strong> Written in {languageName(said.language)}.
    </p>
    <Quote text={said.words} lang={said.language} />
    {said.news === undefined ? null : (
      <>
        <h3>What is new</h3>
        <Quote text={said.news} />
      </>
    )}
    {said.joined
      .filter(({ words }) => words !== undefined)
      .map(({ claimant, ground, words = '', at }) => (
        <div key={`${claimant} ${at}`}>
          <h3>
            Claimant {claimant} joined: {groundTexts[ground]}
          </h3>
          <Quote text={words} />
        </div>
      ))}
    {said.information.map(({ claimant, at, text }) => (
      <div key={`${claimant} ${at}`}>
        <h3>
          Claimant {claimant} added, <When at={at} />
        </h3>
        <Quote text={text} />
      </div>
    ))}
  </>
);

const Claimants = ({ of }: { readonly of: AppealCase }): ReactNode => (
  <>
    <h3>How each claimant came</h3>
    <ul>
      {of.claimants.map(({ claimant, ways }) => (
        <li key={claimant}>
          Claimant {claimant}:{' '}
          {ways.map(({ way, proven, place, provenAt, numberSince }, index) => (
            <span key={`${way} ${place} ${proven}`}>
              {index === 0 ? '' : '; '}
              {wayTexts[way]}
              {place === undefined ? '' : ` (identifier ${place + 1})`}
              {proven ? '' : ', which proves nothing'}, <When at={provenAt} />
              {numberSince === undefined
                ? ''
                : `; says that the number is theirs since ${numberSince}`}
            </span>
          ))}
        </li>
      ))}
    </ul>
    {of.claimants.some(({ ways }) => ways.some(({ numberSince }) => numberSince !== undefined)) ? (
      <p className="soft">
        Who came by a phone alone, and has the number since after the incident, reads no reason,
        account, gist or reasons of your decision. Do not tell them in a question.
      </p>
    ) : null}
    {of.unread > 0 ? (
      <p className="soft">
        {of.unread} more came by ways that prove nothing, and were not drawn. Your decision does not
        bind them.
      </p>
    ) : null}
  </>
);

const Questions = ({ said }: { readonly said: Said }): ReactNode =>
  said.questions.map(({ question, kind, text, answers, answeredAt, answerDueAt }) => (
    <div key={question}>
      <h3>{kind === 'gist' ? 'Gist of the evidence, as told' : 'Question'}</h3>
      <Quote text={text} />
      {answers.map(({ claimant, text: answer }) => (
        <div key={claimant}>
          <p>Claimant {claimant} answers:</p>
          <Quote text={answer} />
        </div>
      ))}
      {answeredAt === undefined ? (
        <p className="soft">
          Not everybody answered yet; due by <When at={answerDueAt} deadline />
        </p>
      ) : null}
    </div>
  ));

interface CreatorFileProps {
  readonly id: ReviewId;
  readonly file: number;
  readonly claimant: number;
  readonly bytes: number;
}

/** Loaded when somebody asks for it. */
function CreatorFile({ id, file, claimant, bytes }: CreatorFileProps): ReactNode {
  const open = useRequest(async (recourse) =>
    fromBase64url((await recourse.review.file({ appeal: id, file })).bytes),
  );
  const name = `file ${file + 1} of claimant ${claimant}`;
  return (
    <div>
      <h3>File {file + 1}</h3>
      <Problem error={open.error} />
      {open.data ? (
        <InertFile bytes={open.data} name={name} />
      ) : (
        <Button onPress={() => open.mutate(undefined)} isPending={open.isPending}>
          {`Open ${name} (${Math.ceil(bytes / 1024)} kB)`}
        </Button>
      )}
    </div>
  );
}
