import { z } from 'zod'
import { list, mapping } from './terms.ts'

const nameOf = (what: string, shape: RegExp) =>
  z.string({ error: what }).refine((value) => shape.test(value), { error: what })

/** A GitHub account: with an underscore where an enterprise manages it, with `[bot]` where it is an app. */
const login = '[A-Za-z\\d][\\w-]*(\\[bot\\])?'
const team = '@[\\w.-]+\\/[\\w.-]+'

export const person = nameOf('the login of a GitHub account', new RegExp(`^${login}$`))
export const teamName = nameOf('a team such as "@acme/deployers"', new RegExp(`^${team}$`))
export const personOrTeam = nameOf(
  'the login of a GitHub account, or a team such as "@acme/deployers"',
  new RegExp(`^(${login}|${team})$`),
)
const organization = nameOf('the name of an organization', /^[\w-]+$/)

/** `access:`: who may sign in with GitHub, and what they may do. */
export const accessSchema = mapping({
  organizations: list(organization).optional().meta({ description: 'Their members may sign in.' }),
  teams: list(teamName).optional().meta({ description: 'Their members may sign in.' }),
  people: list(person).optional().meta({ description: 'They may sign in.' }),
  roles: mapping({
    admin: list(personOrTeam).optional().meta({ description: 'May do everything.' }),
    approver: list(personOrTeam).optional().meta({
      description: "May approve, and take away others' locks, besides what a deployer may.",
    }),
    deployer: list(personOrTeam).optional().meta({
      description: 'May deploy, cancel, roll back, lock and the like, besides what a viewer may.',
    }),
    viewer: list(personOrTeam).optional().meta({ description: 'May see everything.' }),
  })
    .optional()
    .meta({
      description:
        'What people and teams may do in every repository. What they may do at GitHub in one counts there as well.',
    }),
})

export type AccessEntry = z.output<typeof accessSchema>
