import type { Texts } from '@recourse/texts';
import { html } from 'hono/html';
import { textsIn } from '../texts-in.ts';
import type { Linking } from './choose-language.ts';
import type { Markup } from './markup.ts';

interface PageOptions extends Partial<Linking> {
  /** Their addresses; every page says without them what it has to say */
  readonly scripts?: readonly string[];
  readonly texts?: Texts;
  /** Beside the name of the registry, such as the menu of languages */
  readonly top?: Markup;
}

/** A plain page: complete without script, styled by one sheet. What is put into `body` must come from `html`. */
export function page(title: string, body: Markup, options: PageOptions = {}): Markup {
  const texts = options.texts ?? textsIn('en');
  const { language, facts } = texts;
  const to = options.to ?? ((path: string): string => path);
  return html`<!doctype html>
    <html lang="${language}" dir="${facts.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        ${(options.scripts ?? []).map((src) => html`<script src="${src}" defer></script>`)}
      </head>
      <body>
        <header class="top"><a href="${to('/')}">Recourse</a>${options.top ?? ''}</header>
        <main>${body}</main>
        <footer>
          <nav aria-label="${texts.say('page.foot.help')}">
            <a href="${to('/')}">${texts.say('page.foot.what')}</a>
            <a href="${to('/case/find')}">${texts.say('page.foot.find')}</a>
            <a href="${to('/governance')}">${texts.say('page.foot.who')}</a>
          </nav>
        </footer>
      </body>
    </html> `;
}
