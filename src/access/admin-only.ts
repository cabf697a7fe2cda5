import type { Access } from './access.ts'

/** Whoever knows ADMIN_TOKEN may do everything, and nobody else anything. */
export const adminOnly: Access = {
  roleOf: async ({ kind }) => (kind === 'admin' ? 'admin' : undefined),
  isOneOf: async () => false,
}
