import { existsSync } from 'node:fs'
import { z } from 'zod'
import { githubVariables } from './github.ts'
import { notThis, webUrl, wholeNumber } from './values.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** The variables of both processes. */
export const shared = {
  PORT: wholeNumber('a port number from 0 to 65535', 0, 65535).default(4567),
  PUBLIC_URL: webUrl.optional(),
  TUNNEL_URL: webUrl.optional(),
  ...githubVariables,
  LOG_LEVEL: z.enum(logLevels, { error: notThis(`one of ${logLevels.join(', ')}`) }).default('info'),
  // Fail closed: without its rules, every repository would be deployed.
  CONFIG_FILE: z
    .string()
    .refine((file) => existsSync(file), {
      error: ({ input }) => `names ${JSON.stringify(input)}, and there is no such file`,
    })
    .optional(),
}
