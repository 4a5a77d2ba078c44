import { accessKinds } from '@recourse/protocol';
import { claimantSigner, secret } from './keys.ts';
import type { Stage } from '../world/stage.ts';
import { row } from './row.ts';

const person = ['person'] as const;
const claimant = { claimant: 'claimant' } as const;

/** Addresses for news, and people whom a claimant lets in. */
export const caseAccessActs = {
  'case.setContact': row({
    who: person,
    needs: claimant,
    // Anybody can type anybody's address.
    choices: { to: ['self', 'victim', 'sharer', 'stranger-1', 'stranger-2'] },
    run: async ({ stage, by, refs, choice }) => {
      const { key } = refs.claimant;
      const isOwn = (choice.to ?? 'self') === 'self' || choice.to === by.name;
      const email = `${isOwn ? by.name : choice.to}@mail.example`;
      const came = await stage.caseCall(by, 'case.setContact', {
        key,
        email,
        language: 'en',
      });
      const mail = codesTo(stage, email).at(-1);
      if (came.accepted && mail && isOwn) stage.make('contact', { key, code: mail.code }, by.name);
      return came;
    },
  }),
  'case.confirmContact': row({
    who: person,
    needs: { contact: 'contact' },
    run: ({ stage, by, refs }) => stage.caseCall(by, 'case.confirmContact', refs.contact),
  }),
  'case.removeContact': row({
    who: person,
    needs: claimant,
    run: ({ stage, by, refs }) =>
      stage.caseCall(by, 'case.removeContact', { key: refs.claimant.key }),
  }),
  'case.stopContact': row({
    who: person,
    needs: { news: 'news' },
    run: ({ stage, by, refs }) => stage.caseCall(by, 'case.stopContact', { code: refs.news.stop }),
  }),
  'case.invite': row({
    who: person,
    needs: claimant,
    choices: {
      as: accessKinds,
      who: ['victim', 'sharer', 'accused', 'friend', 'flatmate'],
    },
    run: async ({ stage, by, refs, choice }) => {
      const code = secret();
      const { key, sanction } = refs.claimant;
      const input = { key, code, as: choice.as, name: 'A helper' };
      const came = await stage.caseCall(by, 'case.invite', input);
      if (!came.accepted) return came;
      stage.make('invite', { code }, choice.who);
      if (came.result) stage.make('access', { key, place: came.result.place }, by.name);
      stage.facts.invited.push({ by: by.name, sanction, who: choice.who });
      return came;
    },
  }),
  'case.accept': row({
    who: person,
    needs: { invite: 'invite' },
    run: async ({ stage, by, refs }) => {
      const newKey = secret();
      const signingKey = claimantSigner.publicJwk;
      const input = { code: refs.invite.code, newKey, signingKey };
      const came = await stage.caseCall(by, 'case.accept', input);
      if (!came.result) return came;
      const { sanction } = came.result;
      stage.make('claimant', { key: newKey, sanction, way: 'invited' }, by.name);
      return came;
    },
  }),
  'case.endAccess': row({
    who: person,
    needs: { access: 'access' },
    run: ({ stage, by, refs }) => stage.caseCall(by, 'case.endAccess', refs.access),
  }),
};

/** Codes for an address for news, which its owner reads. */
const codesTo = ({ registry }: Stage, email: string) =>
  registry.proofs.mails.filter(({ to, about }) => to === email && about === 'contact');
