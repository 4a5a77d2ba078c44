import type { Texts } from './texts.ts';

/** A piece of a message that is read as text or as HTML. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly parts: readonly (string | { readonly href: string })[] }
  /** Words of somebody else; lines are kept */
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] };

export function rendered(blocks: readonly Block[], texts: Texts): { text: string; html: string } {
  const { language, facts } = texts;
  const inside = blocks.map(asHtml).join('\n');
  return {
    text: `${blocks.map(asText).join('\n\n')}\n`,
    html: `<div lang="${language}" dir="${facts.direction}">\n${inside}\n</div>\n`,
  };
}

function asText(block: Block): string {
  if (block.kind === 'heading') return `== ${block.text} ==`;
  if (block.kind === 'list') return block.items.map((item) => `- ${item}`).join('\n');
  if (block.kind === 'quote') return block.text.replaceAll(/^/gm, '> ');
  return block.parts.map((part) => (typeof part === 'string' ? part : part.href)).join('');
}

function asHtml(block: Block): string {
  if (block.kind === 'heading') return `<h2>${escape(block.text)}</h2>`;
  if (block.kind === 'list') {
    return `<ul>${block.items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
  }
  if (block.kind === 'quote') {
    return `<blockquote dir="auto">${escape(block.text).replaceAll('\n', '<br>')}</blockquote>`;
  }
  return `<p>${block.parts.map((part) => (typeof part === 'string' ? escape(part) : link(part.href))).join('')}</p>`;
}

const link = (href: string): string => `<a href="${escape(href)}">${escape(href)}</a>`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names and the account are chosen by others. */
const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');
