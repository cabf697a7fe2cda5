import type { ImportedApp } from './apps-json.ts'
import { deployingOf } from './providers.ts'
import { comment, yamlKey, yamlText } from './quote.ts'

/** What has its own place, or its own comment. */
const known = [
  ...['name', 'provider', 'repository', 'environments', 'required_contexts', 'auto_merge', 'allowed_rooms'],
  ...['github_api', 'github_token', 'deploy_script', 'heroku_name'],
]

/** livraison.yml that does what these apps do, or why there can be none. Pure. */
export function toLivraison(apps: readonly ImportedApp[]): { text: string } | { problems: string[] } {
  const all = groupsOf(apps, ({ repository }) => repository.toLowerCase())
  const problems = all.flatMap(whyNotTogether)
  if (problems.length > 0) return { problems }
  const variables = apps.flatMap((app) =>
    app.environments.flatMap((environment) => deployingOf(app, environment).variables ?? []),
  )
  const lines = [...head(apps, [...new Set(variables)]), 'repositories:', ...all.flatMap(repositoryLines)]
  return { text: `${lines.join('\n')}\n` }
}

/** Here an environment of a repository is one, with one way to deploy it, and its checks are the repository's. */
function whyNotTogether(apps: readonly ImportedApp[]): string[] {
  const [first, ...others] = apps
  if (!first) return []
  const { repository } = first
  const places = apps.flatMap(({ name, environments }) =>
    [...new Set(environments)].map((environment) => ({ name, environment })),
  )
  const twice = groupsOf(places, ({ environment }) => environment.toLowerCase())
    .filter((each) => each.length > 1)
    .map(
      (each) =>
        `${each.map(({ name }) => name).join(' and ')} both deploy ${repository} to ${each[0]?.environment}: give one of them an environment of another name`,
    )
  const contextsOf = (app: ImportedApp) => [...(app.required_contexts ?? [])].sort().join('\n')
  const differing = others.filter((app) => contextsOf(app) !== contextsOf(first))
  return [
    ...twice,
    ...differing.map(
      ({ name }) =>
        `${first.name} and ${name} both deploy ${repository}, with other required_contexts: here they are one list of the repository`,
    ),
  ]
}

function head(apps: readonly ImportedApp[], variables: string[]): string[] {
  const namesOf = (isMeant: (app: ImportedApp) => boolean) =>
    apps
      .filter(isMeant)
      .map(({ name }) => name)
      .join(', ')
  const needed = variables.join(', ')
  const merged = namesOf(({ auto_merge: value }) => value !== false)
  const rooms = namesOf(({ allowed_rooms: value }) => Array.isArray(value))
  const api = namesOf(({ github_api: value }) => value !== undefined)
  const token = namesOf(({ github_token: value }) => value !== undefined)
  const notes: [of: string, note: string][] = [
    [needed, `It needs in the environment of the receiver and of the workers: ${needed}.`],
    [
      merged,
      `auto_merge: GitHub merged the default branch before it deployed ${merged}. Livraison deploys the very commit that is asked for.`,
    ],
    [rooms, `allowed_rooms (${rooms}) stays in apps.json, which the script for Hubot goes on reading.`],
    [api, `github_api (${api}) becomes the setting GITHUB_API_URL, the same for all repositories.`],
    [
      token,
      `github_token (${token}) is not written here: the setting \${GITHUB_TOKEN} of both processes is for all repositories.`,
    ],
  ]
  return [
    ...comment("From hubot-deploy's apps.json. `livraison check` says what it means."),
    ...comment(
      'Each environment is deployed when somebody asks for it, as before; `on: merge` deploys each merge.',
    ),
    ...notes.filter(([of]) => of !== '').flatMap(([, note]) => ['#', ...comment(note)]),
    '#',
    ...comment('Who is who in the chat and at GitHub. Without it nobody can ask for anything there:'),
    '# people:',
    '#   - { github: octocat, hubot: octo }',
    '',
  ]
}

function repositoryLines(apps: readonly ImportedApp[]): string[] {
  const [first] = apps
  if (!first) return []
  const contexts = first.required_contexts ?? []
  const gate =
    contexts.length === 0 ? [] : ['    gate:', `      required: [${contexts.map(yamlText).join(', ')}]`]
  return [
    ...comment(`In chat: ${apps.map(({ name }) => name).join(', ')}.`, '  '),
    `  ${yamlKey(first.repository)}:`,
    ...gate,
    '    environments:',
    ...apps.flatMap(environmentsOf),
  ]
}

function environmentsOf(app: ImportedApp): string[] {
  const own = app.environments.flatMap((each) => [`${each}_url`, `heroku_${each}_name`])
  const left = Object.keys(app).filter((key) => !known.includes(key) && !own.includes(key))
  const leftNote = `Not taken over: ${left.join(', ')}. What a command needs of them goes into its env:, secrets as \${NAME}.`
  return [...new Set(app.environments)].flatMap((environment, index) => {
    const { lines, notes } = deployingOf(app, environment)
    const url = app[`${environment}_url`]
    const isAddress = typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url)
    const all = left.length === 0 || index > 0 ? notes : [leftNote, ...notes]
    return [
      `      ${yamlKey(environment)}:`,
      ...all.flatMap((note) => comment(note, '        ')),
      '        on: manual',
      ...lines.map((line) => `        ${line}`),
      ...(isAddress ? [`        url: ${yamlText(url)}`] : []),
    ]
  })
}

function groupsOf<T>(all: readonly T[], keyOf: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each])
  return [...groups.values()]
}
