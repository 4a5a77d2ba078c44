import { describe, expect, test } from 'vitest';
import { asAccount, findAccount } from './account.ts';

describe('findAccount', () => {
  const nobody = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n';
  const postgres = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash\n';

  test('postgres comes before nobody', () => {
    expect(findAccount(`root:x:0:0::/root:/bin/sh\n${nobody}${postgres}`)).toEqual({
      uid: 101,
      gid: 104,
    });
  });

  test('nobody serves where there is no postgres', () => {
    expect(findAccount(nobody)).toEqual({ uid: 65534, gid: 65533 });
  });

  test.each(['', 'root:x:0:0::/root:/bin/sh\n', 'nobody:x:0:0::/:/bin/sh\n', 'nobody:x:a:b\n'])(
    'an account that is missing, broken or root is none: %j',
    (passwd) => {
      expect(findAccount(passwd)).toBeUndefined();
    },
  );
});

describe('asAccount', () => {
  test.runIf(process.platform === 'linux')(
    'folders that anybody may pass need no capability',
    () => {
      const launch = asAccount('/usr/bin/env', [], { uid: 65534, gid: 65534 });
      expect(launch.args.join(' ')).not.toContain('dac_override');
    },
  );

  test('without an account the program keeps the identity of its parent', () => {
    const launch = asAccount('/usr/bin/env', ['-i'], undefined);
    expect(launch.identity).toEqual({});
    expect([launch.command, ...launch.args].join(' ')).not.toContain('reuid');
  });
});
