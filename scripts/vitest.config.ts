import { project } from '../vitest.shared.ts';

const shared = project({ database: true });

export default { ...shared, test: { ...shared.test, include: ['*.test.ts'] } };
