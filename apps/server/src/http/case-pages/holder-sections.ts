import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { form, newKeyField } from './forms.ts';
import { isHolder, type ShownCase } from './shown-case.ts';

/** A case that nobody holds yet. */
export function claimSection(shown: ShownCase): Markup {
  const { view, secret } = shown;
  if (view.access !== 'code') return html``;
  return html`<h2 id="claim">Claim this case</h2>
    <p>
      Whoever has the notice could read this page. Claim the case, and from then on only a new key,
      which you get on the next page, can act on it and see who was told. Keep that key: nobody can
      give it to you again.
    </p>
    ${form(shown, {
      action: '/case/claim',
      hidden: { code: secret },
      fields: newKeyField(shown),
      submit: 'Claim this case',
    })}`;
}

/** Somebody with the notice was first; whoever proves an identifier is believed more. */
export function contestSection(shown: ShownCase): Markup {
  const { view, secret } = shown;
  if (view.access !== 'found' || !view.claimed) return html``;
  if (view.claimed.way === 'found') {
    return html`<h2>Somebody else holds this case</h2>
      <p>
        On ${time(view.claimed.at)} somebody took it who proved an identifier of it, as you did. If
        that was you, open the case with the key you got then. If not, write to the contact of the
        platform below, and prove another identifier of the record.
      </p>`;
  }
  return html`<h2 id="contest">Somebody has claimed this case</h2>
    <p>
      On ${time(view.claimed.at)} somebody took it by the notice or by the word of this platform,
      and proved nothing else. If that was not you, take the case: what they did on it becomes void,
      and their key stops working. If it was you, open the case with the key you got then.
    </p>
    ${form(shown, {
      action: '/case/contest',
      hidden: { key: secret },
      submit: 'It was not me: take the case',
    })}`;
}

/** Receipt of an appeal, and the letter once a record was found to be wrong. */
export function papersSection(shown: ShownCase): Markup {
  const { view, secret } = shown;
  if (view.access === 'code') return html``;
  const hasEnded = ['withdrawn', 'reversed'].includes(view.state);
  const hasLetter = hasEnded || view.appeals.some(({ outcome }) => outcome === 'finding');
  const download = (action: string, submit: string): Markup =>
    form(shown, { action, hidden: { key: secret }, submit, isQuiet: true });
  return html`<h2>Papers</h2>
    ${
      hasLetter
        ? html`<p>
              A signed letter says that this record has ended and why. You can show it to anyone who
              refused you because of it.
            </p>
            ${download('/case/letter', 'Download the letter')}`
        : ''
    }
    <p>The receipt proves what is on file here about this case, and when you appealed.</p>
    ${download('/case/receipt', 'Download the receipt')}`;
}

/** The key of a case can be replaced, by whoever has it. */
export function keySection(shown: ShownCase): Markup {
  if (!isHolder(shown)) return html``;
  return html`<h2>Your key</h2>
    <p>If somebody else may have seen your key, replace it. The old one then opens nothing.</p>
    ${form(shown, {
      action: '/case/rotate',
      hidden: { key: shown.secret },
      fields: newKeyField(shown),
      submit: 'Replace the key',
      isQuiet: true,
    })}`;
}
