import { deliverNotices, mailNews, settleDue } from '@recourse/registry';
import { guestAt } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import { row } from './row.ts';
import type { Came } from './things.ts';

const came = (code: string): Came => ({ accepted: true, code });

/** Whoever reads the mailbox of an address. */
const readerOf = (stage: Stage, address: string) =>
  stage.cast.find(({ identifiers }) => identifiers.some(({ value }) => value === address)) ??
  guestAt(address);

const submitterOf = (stage: Stage, domain: string): string =>
  stage.cast.find(({ name }) => domain === `${name}.example`)?.name ?? domain;

/** What nobody does: the clock, the jobs of a server, the mail, and a platform that hands its code out. */
export const worldActs = {
  'world.wait': row({
    who: ['operator'],
    choices: { hours: [1, 2, 12, 24, 72] },
    run: async ({ stage, choice }) => {
      // In small steps, with what is due done, or everything would be late by the hunt.
      for (let left = choice.hours; left > 0; left -= 60) {
        stage.registry.advance(Math.min(left, 60) * 3600);
        const { failures } = await settleDue(stage.registry.services, {
          timersOnly: true,
        });
        if (failures.length > 0) return { accepted: false, code: `settle/${failures[0]?.kind}` };
      }
      return came('ok');
    },
  }),
  'world.jobs': row({
    who: ['operator'],
    run: async ({ stage }) => {
      const { failures } = await settleDue(stage.registry.services);
      return {
        accepted: failures.length === 0,
        code: failures[0] ? `settle/${failures[0].kind}` : 'ok',
      };
    },
  }),
  'world.mail': row({
    who: ['operator'],
    run: async ({ stage }) => {
      const { services, proofs } = stage.registry;
      const [notices, news] = [proofs.notices.length, proofs.news.length];
      await deliverNotices(services);
      await mailNews(services);
      for (const notice of proofs.notices.slice(notices)) {
        const { channel, to, submitter } = notice;
        const by = submitterOf(stage, submitter.domain);
        stage.facts.sent.push({ channel, to, submitter: by, at: stage.now });
        const reader = readerOf(stage, to);
        if (!reader) continue;
        stage.read(reader, 'notice', JSON.stringify(notice));
        stage.make('code', { code: notice.code }, reader.name);
        stage.make('message', { id: notice.id, to });
      }
      for (const mail of proofs.news.slice(news)) {
        stage.facts.sent.push({ channel: 'news', to: mail.stop, submitter: '', at: stage.now });
        const reader = readerOf(stage, mail.to);
        if (!reader) continue;
        stage.read(reader, 'news', JSON.stringify(mail));
        stage.make('news', { stop: mail.stop }, reader.name);
      }
      return came('ok');
    },
  }),
  'world.hand': row({
    who: ['platform'],
    needs: { record: 'record' },
    choices: { to: ['victim', 'sharer', 'accused', 'friend', 'flatmate'] },
    run: async ({ stage, by, refs, choice }) => {
      const code = stage.submitted.get(refs.record.sanction);
      if (refs.record.submitter !== by.name || code === undefined) {
        return { accepted: false, code: 'hunt/not-its-code' };
      }
      stage.make('code', { code }, choice.to);
      stage.facts.handed.push({
        sanction: refs.record.sanction,
        who: choice.to,
      });
      return came('ok');
    },
  }),
};
