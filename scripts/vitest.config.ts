import { project } from '../vitest.shared.ts';

export default { ...project(), test: { ...project().test, include: ['*.test.ts'] } };
