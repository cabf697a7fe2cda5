import { z } from 'zod'
import { readLocal } from '../../windows/freeze-times.ts'
import { isZone } from '../../windows/local-time.ts'
import { readClock, readDays } from '../../windows/words.ts'
import { list, mapping, text } from './terms.ts'

const term = (what: string, isGood: (value: string) => boolean) =>
  z.string({ error: what }).refine(isGood, { error: what })

const zone = term('a time zone such as Europe/Paris', isZone).optional().meta({
  description: 'The time zone whose clock counts, such as Europe/Paris. Default: UTC.',
})
const clock = term(
  'a time of day from "00:00" to "24:00", in quotes',
  (value) => readClock(value) !== undefined,
)
const moment = term(
  'a date such as 2026-12-20, or a date and a time such as 2026-12-20 18:00',
  (value) => readLocal(value) !== undefined,
)

/** `windows:`: when deployments may begin. */
export const windowsSchema = list(
  mapping({
    days: term(
      'days such as mon-fri, sat, "mon,wed,fri" or daily',
      (value) => readDays(value) !== undefined,
    ).meta({
      description: 'mon-fri, sat, mon,wed,fri or daily.',
    }),
    from: clock,
    to: clock.meta({ description: 'On the next day, if it is before `from`.' }),
    zone,
  }),
)
  .min(1, { error: 'a list of at least one' })
  .meta({ description: 'When deployments may begin. Default: at any time.' })

/** `freezes:`: when none may. */
export const freezesSchema = list(
  mapping({
    from: moment.meta({ description: 'A date, from its beginning, or a date and a time.' }),
    until: moment.meta({ description: 'A date, until its end, or a date and a time.' }),
    zone,
    reason: text.meta({ description: 'What people are told.' }),
  }),
).meta({ description: 'Times in which nothing begins to be deployed.' })

export type WindowsEntry = z.output<typeof windowsSchema>
export type FreezesEntry = z.output<typeof freezesSchema>
