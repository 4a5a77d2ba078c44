import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { fingerprint } from '../identity/fingerprint.ts';
import type { Person } from '../identity/person.ts';
import { actAs } from '../identity/session.ts';

/** Acts as somebody else who is enrolled in this browser. */
export default function SwitchPerson({
  others,
}: {
  readonly others: readonly Person[];
}): ReactNode {
  return (
    <MenuTrigger>
      <Button>Switch person</Button>
      <Popover>
        <Menu onAction={(kid) => void actAs(String(kid))}>
          {others.map(({ kid, label, role }) => (
            <MenuItem key={kid} id={kid}>{`${label}, ${role}, ${fingerprint(kid)}`}</MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
