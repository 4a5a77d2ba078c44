import { newCaseSecret, toDay } from '@recourse/protocol';
import type { Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { newJti } from '../../case-secret.ts';
import type { Linking } from '../choose-language.ts';
import type { Markup } from '../markup.ts';
import { signingInput, type SignedForm } from './signing.ts';

/** Facts that a form is drawn with. Secrets travel in hidden fields of forms that are posted, and nowhere else. */
export interface Drawing extends Linking {
  readonly random: (bytes: number) => Uint8Array;
  readonly texts: Texts;
  /** Origin of the registry, which a signed act names */
  readonly origin: string;
  /** Time of the registry's clock, which deadlines run on */
  readonly now: Date;
  /** A form that was sent and could not be taken: what was typed, and what is wrong, by field */
  readonly refused?: RefusedForm;
  /** Forms that were not sent yet when their page was asked for in another language: what was typed, by their path */
  readonly typed?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface RefusedForm {
  /** The path it was posted to */
  readonly action: string;
  readonly values: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
}

interface FormOptions {
  readonly action: string;
  readonly fields?: Markup | readonly Markup[];
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
  readonly isQuiet?: boolean;
  /** Something is typed into it, which another language of its page keeps */
  readonly isTyped?: boolean;
  /** Another form of the page is the one that it is for */
  readonly isAside?: boolean;
  readonly hasFile?: boolean;
  /** Enters a case: the script makes the key that signs what this claimant gives up */
  readonly enters?: boolean;
  /** Gives something up: the script signs it by that key, where this browser has it */
  readonly signs?: SignedForm;
}

/** A form that is posted. Its `jti` makes a second click on it the same act. */
export function form(drawing: Drawing, options: FormOptions): Markup {
  const { action, hidden = {}, fields = [], submit, enters, signs } = options;
  const jti = newJti(drawing.random);
  const made = { ...(enters ? { signingKey: '' } : {}), ...(signs ? { act: '' } : {}) };
  const entries = Object.entries({ jti, ...made, ...hidden });
  return html`<form
    ${options.isTyped ? html`id="${idOfForm(action)}"` : ''}
    ${options.isAside ? 'data-aside' : ''}
    method="post"
    action="${drawing.to(action)}"
    autocomplete="off"
    ${options.hasFile ? html`enctype="multipart/form-data"` : ''}
    ${enters ? html`data-enters` : ''}
    ${signs ? html`data-kid="${signs.kid}" data-act="${signingInput(drawing, signs, jti)}"` : ''}
  >
    ${entries.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${fields}
    <button class="${options.isQuiet ? 'quiet' : ''}">${submit}</button>
  </form>`;
}

/** A button of the page may be of a form by this. */
const idOfForm = (action: string): string => `form-${action.split('/').at(-1)}`;

/**
 * Lists the errors of a form that could not be taken: first on the page and in the focus, as the form may be far below.
 * Each error leads to its field, where it stands again.
 */
export function errorSummary({ refused, texts }: Drawing): Markup {
  if (!refused) return html``;
  const errors = Object.entries(refused.errors);
  return html`<div class="note bad field" role="alert" tabindex="-1" autofocus>
    <p><strong>${texts.say('page.error.notSent')}</strong></p>
    <ul>
      ${errors.map(
        ([name, error]) =>
          html`<li>
            ${
              name === wholeForm
                ? error
                : html`<a href="#${idOf({ action: refused.action, name })}"
                    >${firstSentence(error)}</a
                  >`
            }
          </li>`,
      )}
    </ul>
  </div>`;
}

/** The rest stands at the field. */
const firstSentence = (text: string): string =>
  /^.*?(?:[.?؟।](?= |$)|[。?])/.exec(text)?.[0] ?? text;

/** For an error of no field in particular. */
export const wholeForm = '*';

/** A key made here, which the script replaces by one made in the browser. */
export const newKeyField = (drawing: Drawing): Markup =>
  html`<input
    type="hidden"
    name="newKey"
    data-make="key"
    value="${newCaseSecret(drawing.random)}"
  />`;

export interface FieldOptions {
  readonly action: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: Markup | string;
  readonly most?: number;
  readonly value?: string;
  readonly isOptional?: boolean;
}

export function textField(drawing: Drawing, field: FieldOptions): Markup {
  return labelled(drawing, field, (shared, value) => html`<input ${shared} value="${value}" />`);
}

export function textArea(drawing: Drawing, field: FieldOptions): Markup {
  return labelled(
    drawing,
    field,
    // The line break at the start is one that HTML leaves out.
    (shared, value) => html`<textarea dir="auto" ${shared}>${'\n'}${value}</textarea>`,
  );
}

/** A day, today at the latest. */
export function dateField(drawing: Drawing, field: FieldOptions): Markup {
  const max = toDay(drawing.now);
  return labelled(
    drawing,
    field,
    (shared, value) => html`<input type="date" max="${max}" ${shared} value="${value}" />`,
  );
}

/** @param field `accept` as the file input takes it, and the most bytes, which the script of photos knows */
export function fileField(
  drawing: Drawing,
  field: FieldOptions & { accept: string; mostBytes: number },
): Markup {
  const { texts } = drawing;
  return labelled(
    drawing,
    field,
    (shared) =>
      html`<input
        type="file"
        accept="${field.accept}"
        ${shared}
        data-most="${field.mostBytes}"
        data-will="${texts.say('page.photo.will')}"
        data-working="${texts.say('page.photo.working')}"
        data-made="${texts.say('page.photo.made')}"
        data-large="${texts.say('page.error.fileTooLarge')}"
      />`,
  );
}

export function selectField(
  drawing: Drawing,
  field: FieldOptions & { choices: readonly (readonly [value: string, text: string])[] },
): Markup {
  return labelled(
    drawing,
    field,
    (shared, chosen) =>
      html`<select ${shared}>
        ${field.choices.map(
          ([value, text]) =>
            html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`,
        )}
      </select>`,
  );
}

/** One of several, each with a line that explains it. */
export function choiceField(
  drawing: Drawing,
  field: FieldOptions & {
    choices: readonly { value: string; title: string; more?: string | undefined }[];
  },
): Markup {
  const chosen = valueOf(drawing, field);
  const error = refusedOf(drawing, field.action)?.errors[field.name];
  return html`<fieldset>
    <legend>${field.label}</legend>
    ${error ? html`<p class="bad" id="${idOf(field)}-error">${error}</p>` : ''}
    ${field.choices.map(
      ({ value, title, more }, index) =>
        html`<label class="choice"
          ><input
            type="radio"
            ${index === 0 ? html`id="${idOf(field)}"` : ''}
            name="${field.name}"
            value="${value}"
            required
            ${error ? html`aria-describedby="${idOf(field)}-error"` : ''}
            ${value === chosen ? 'checked' : ''}
          /><span>${title}${more ? html`<br /><span class="soft">${more}</span>` : ''}</span></label
        >`,
    )}
  </fieldset>`;
}

/** Label, hint and error of a field; the error is tied to the field, which takes the focus. */
function labelled(
  drawing: Drawing,
  field: FieldOptions,
  input: (shared: Markup, value: string) => Markup,
): Markup {
  const id = idOf(field);
  const error = refusedOf(drawing, field.action)?.errors[field.name];
  return html`<div class="field">
    <label for="${id}">${field.label}</label>
    ${field.hint ? html`<p class="soft" id="${id}-hint">${field.hint}</p>` : ''}
    ${error ? html`<p class="bad" id="${id}-error">${error}</p>` : ''}
    ${input(attributes(field, error), valueOf(drawing, field) ?? '')}
  </div>`;
}

function attributes(field: FieldOptions, error: string | undefined): Markup {
  const id = idOf(field);
  const described = [field.hint ? `${id}-hint` : '', error ? `${id}-error` : ''].join(' ').trim();
  return html`id="${id}" name="${field.name}" ${field.isOptional ? '' : 'required'}
  ${field.most ? html`maxlength="${field.most}"` : ''}
  ${described ? html`aria-describedby="${described}"` : ''}
  ${error ? html`aria-invalid="true"` : ''}`;
}

const refusedOf = ({ refused }: Drawing, action: string): RefusedForm | undefined =>
  refused?.action === action ? refused : undefined;

const valueOf = (
  drawing: Drawing,
  { action, name, value }: Pick<FieldOptions, 'action' | 'name' | 'value'>,
): string | undefined =>
  refusedOf(drawing, action)?.values[name] ?? drawing.typed?.[action]?.[name] ?? value;

/** Something stands in this form that was not sent: it must be seen. */
export const isBegun = (drawing: Drawing, action: string): boolean =>
  refusedOf(drawing, action) !== undefined ||
  Object.values(drawing.typed?.[action] ?? {}).some((value) => value !== '');

const idOf = ({ action, name }: Pick<FieldOptions, 'action' | 'name'>): string =>
  `${action.split('/').at(-1)}-${name}`;
