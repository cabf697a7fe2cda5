import { z } from 'zod'
import { person } from './access.ts'
import { list, mapping, text } from './terms.ts'

const term = (what: string, shape: RegExp) =>
  z.string({ error: what }).refine((value) => shape.test(value), { error: what })

const mail = term('an e-mail address', /^[^\s<>@,;"]+@[^\s<>@,;"]+$/)

/** `people:`: who is who in the chats. */
export const peopleSchema = list(
  mapping({
    github: person.meta({ description: 'The login at GitHub.' }),
    slack: term('the id of a member, such as U012AB3CD', /^[UW][A-Z0-9]{2,}$/)
      .optional()
      .meta({ description: "The member id in Slack (in a member's profile: Copy member ID)." }),
    discord: term('the id of a user, in quotes: a number of 17 to 20 digits', /^\d{15,22}$/)
      .optional()
      .meta({ description: 'The user id in Discord.' }),
    teams: mail.optional().meta({ description: 'The address that they sign in to Teams with.' }),
    email: mail.optional().meta({ description: 'Whom a chat vouches to have this address is them.' }),
    hubot: text.optional().meta({ description: 'The name, or the id, that Hubot knows them by.' }),
  }),
)

export type PersonEntry = z.output<typeof peopleSchema>[number]
