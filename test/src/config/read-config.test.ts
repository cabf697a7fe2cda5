// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
import t from 'tap'
import { readConfig } from '../../../src/config/read-config.ts'
import { problemsOf, shop, staging } from '../../fixtures/config-texts.ts'

const pair = (first: string, second: string) =>
  shop('environments:', `  staging: { simulate: 1s, ${first} }`, `  production: { simulate: 1s, ${second} }`)

const duration = 'must be a duration from 1s to 168h, such as 30s, 15m or 2h'
const address = 'must be an address that begins with https:// or http://'
const one = 'must name exactly one of simulate, run, request, use'

const rows: [what: string, text: string, ...problems: string[]][] = [
  ['nothing', '', '1:1  is empty; it must be a mapping'],
  ['no mapping', 'repositories', '1:1  must be a mapping, not "repositories"'],
  ['no repositories', '{}', '1:1  repositories: is missing; it must be a mapping of repositories'],
  [
    'empty repositories',
    'repositories:',
    '1:1  repositories: is empty; it must be a mapping of repositories',
  ],
  ['a list', 'repositories: [a]', '1:15  repositories: must be a mapping of repositories, not a list'],
  [
    'an unknown key on top',
    'repositories: {}\nreposotories: {}',
    '2:1  reposotories: unknown; did you mean repositories?',
  ],
  [
    'two documents',
    'repositories: {}\n---\nrepositories: {}',
    '2:1  is not YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
  ],
  [
    'people and teams that are none',
    'repositories: {}\naccess:\n  people: ["@acme/ops"]\n  teams: [acme/ops]\n  organizations: [acme/shop]\n  roles: { admin: ["a b"], boss: [], viewer: mona }',
    '3:12  access.people[0]: must be the login of a GitHub account, not "@acme/ops"',
    '4:11  access.teams[0]: must be a team such as "@acme/deployers", not "acme/ops"',
    '5:19  access.organizations[0]: must be the name of an organization, not "acme/shop"',
    '6:20  access.roles.admin[0]: must be the login of a GitHub account, or a team such as "@acme/deployers", not "a b"',
    '6:28  access.roles.boss: unknown; what can be set here: admin, approver, deployer, viewer',
    '6:46  access.roles.viewer: must be a list, not "mona"',
  ],
  ['a key twice', 'repositories: {}\nrepositories: {}', '2:1  is not YAML: Map keys must be unique'],
  ['a tab', 'repositories:\n\tacme/shop: {}', '2:1  is not YAML: Tabs are not allowed as indentation'],
  [
    'a name without an owner',
    'repositories:\n  shop: {}',
    '2:3  shop: must be OWNER/NAME; * and ? may stand for letters',
  ],
  [
    'a pattern of another kind',
    'repositories:\n  "acme/{a,b}": {}',
    '2:3  acme/{a,b}: must be OWNER/NAME; * and ? may stand for letters',
  ],
  [
    'a repository twice',
    'repositories:\n  acme/shop: {}\n  Acme/Shop: {}',
    '3:3  Acme/Shop: is the same as acme/shop: GitHub ignores case',
  ],
  ['an empty repository', 'repositories:\n  acme/shop:', '2:3  acme/shop: is empty; it must be a mapping'],
  ['an unknown key of a repository', shop('brunch: main'), '3:5  brunch: unknown; did you mean branch?'],
  [
    'one that is near nothing',
    shop('colour: red'),
    '3:5  colour: unknown; what can be set here: branch, gate, environments, freezes, checks, merge, notify',
  ],
  ['a branch that is no text', shop('branch: 7'), '3:13  branch: must be text, not 7'],
  ['an empty branch', shop('branch: ""'), '3:13  branch: must be text, not ""'],
  [
    'a gate',
    shop('gate: { required: ci, limit: 1 }'),
    '3:23  gate.required: must be a list, not "ci"',
    `3:34  gate.limit: ${duration}, not 1`,
  ],
  ['a list’s item', shop('gate:', '  required: [a, 3]'), '4:21  gate.required[1]: must be text, not 3'],
  [
    'a check without a command, and a number for its time',
    shop('checks:', '  - { context: a, timeout: 1 }'),
    '4:9  checks[0].run: is missing; it must be text',
    `4:32  checks[0].timeout: ${duration}, not 1`,
  ],
  [
    'two checks of one name',
    shop('checks:', '  - { context: ci/Test, run: a }', '  - { context: ci/test, run: b }'),
    '5:20  checks[1].context: is the name of another check, too',
  ],
  [
    'an unknown key',
    staging('runn: x', 'simulate: 1s'),
    '5:9  environments.staging.runn: unknown; did you mean run?',
  ],
  [
    'swapped letters',
    staging('simulate: 1s', 'lnae: queue'),
    '6:9  environments.staging.lnae: unknown; did you mean lane?',
  ],
  ['no executor', staging('on: merge'), `4:7  environments.staging: ${one}; it names none`],
  [
    'two executors',
    staging('run: x', 'use: ./y.js'),
    `4:7  environments.staging: ${one}; it names run and use`,
  ],
  [
    'an empty environment',
    shop('environments:', '  staging:'),
    '4:7  environments.staging: is empty; it must be a mapping',
    `4:7  environments.staging: ${one}; it names none`,
  ],
  [
    'a blank name',
    shop('environments:', '  " ": { run: x }'),
    '4:7  environments. : must be a name of at most 255 characters',
  ],
  [
    'an environment twice',
    shop('environments:', '  Prod: { run: x }', '  prod: { run: x }'),
    '5:7  environments.prod: is the same as Prod: GitHub ignores case',
  ],
  [
    'another trigger',
    staging('run: x', 'on: merged'),
    '6:13  environments.staging.on: must be one of merge, push, tag, promotion, manual, not "merged"',
  ],
  [
    'a number for a time',
    staging('run: x', 'timeout: 10'),
    `6:18  environments.staging.timeout: ${duration}, not 10`,
  ],
  [
    'a time without a unit',
    staging('run: x', 'timeout: "10"'),
    `6:18  environments.staging.timeout: ${duration}, not "10"`,
  ],
  [
    'a time that is too short',
    staging('run: x', 'timeout: 0s'),
    `6:18  environments.staging.timeout: ${duration}, not "0s"`,
  ],
  [
    'a time that is too long',
    staging('run: x', 'timeout: 169h'),
    `6:18  environments.staging.timeout: ${duration}, not "169h"`,
  ],
  [
    'a variable of another name',
    staging('run: x', 'env: { A-B: c }'),
    '6:14  environments.staging.env: must be a mapping of environment variables, not this',
  ],
  [
    'a variable that is no text',
    staging('run: x', 'env: { A: 1 }'),
    '6:19  environments.staging.env.A: must be text; write it in quotes, not this',
  ],
  [
    'a variable of another executor',
    staging('simulate: 1s', 'env: { A: b }'),
    '6:9  environments.staging.env: goes with run only',
  ],
  [
    'a time of none',
    staging('simulate: 1s', 'timeout: 1s'),
    '6:9  environments.staging.timeout: goes with run, request, use only',
  ],
  [
    'another address',
    staging('run: x', 'url: shop.example'),
    `6:14  environments.staging.url: ${address}, not this`,
  ],
  [
    'a request without one',
    staging('request: { method: PUSH }'),
    `5:9  environments.staging.request.url: is missing; it ${address}`,
    '5:28  environments.staging.request.method: must be one of POST, PUT, PATCH, GET, DELETE, not "PUSH"',
  ],
  [
    'a header over two lines',
    staging('request:', '  url: https://a.example', '  headers: { A: "b\\nc" }'),
    '7:25  environments.staging.request.headers.A: must be a mapping of HTTP headers, not this',
  ],
  [
    'yes for true',
    staging('request: { url: "https://a.example", allow_private: yes }'),
    '5:61  environments.staging.request.allow_private: must be true or false, not "yes"',
  ],
  [
    'a lane',
    staging('run: x', 'lane: fast'),
    '6:15  environments.staging.lane: must be one of supersede, queue, not "fast"',
  ],
  [
    'after none',
    pair('on: merge', 'after: stagin'),
    '5:42  environments.production.after: must name an environment of this repository, not "stagin"; did you mean staging?',
  ],
  [
    'after none that is near',
    pair('on: merge', 'after: test'),
    '5:42  environments.production.after: must name an environment of this repository, not "test"; there are staging, production',
  ],
  [
    'after itself',
    pair('on: merge', 'after: Production'),
    '5:42  environments.production.after: leads back to production: nothing would ever begin',
  ],
  [
    'a ring',
    pair('after: production', 'after: staging'),
    '4:39  environments.staging.after: leads back to staging: nothing would ever begin',
    '5:42  environments.production.after: leads back to production: nothing would ever begin',
  ],
  [
    'promotion of nothing',
    pair('on: promotion', 'on: merge'),
    '4:36  environments.staging.on: is promotion, so `after` must name the environment that is promoted',
  ],
  [
    'a merge after',
    pair('on: merge', 'on: merge, after: staging'),
    '5:39  environments.production.on: must be promotion, or be left out, where `after` is set',
  ],
  [
    'approvals as it likes',
    staging('run: x', 'approvals: what it likes'),
    '6:20  environments.staging.approvals: must be a mapping, not "what it likes"',
  ],
  [
    'approvals of nobody',
    staging('run: x', 'approvals: { required: 0, from: [], expire: 31d }'),
    '6:32  environments.staging.approvals.required: must be a whole number from 1 to 100, not 0',
    '6:41  environments.staging.approvals.from: must be a list of at least one, not a list',
    '6:53  environments.staging.approvals.expire: must be a duration from 1m to 30d, such as 30s, 15m or 2h, not "31d"',
  ],
  [
    'approvals of whom',
    staging('run: x', 'approvals: { from: [octocat, "@deployers", "an other"] }'),
    '6:38  environments.staging.approvals.from[1]: must be a login, or a team such as @acme/deployers, not "@deployers"',
    '6:52  environments.staging.approvals.from[2]: must be a login, or a team such as @acme/deployers, not "an other"',
  ],
  [
    'more approvals than people',
    staging('run: x', 'approvals: { required: 2, from: [octocat, Octocat] }'),
    '6:32  environments.staging.approvals.required: is more than the 1 who may approve: nothing would ever begin',
  ],
  [
    'windows as they like',
    staging('run: x', 'windows:', '  - { days: weekdays, from: 9:00, to: "16:00", zone: Paris }'),
    '7:21  environments.staging.windows[0].days: must be days such as mon-fri, sat, "mon,wed,fri" or daily, not "weekdays"',
    '7:37  environments.staging.windows[0].from: must be a time of day from "00:00" to "24:00", in quotes, not "9:00"',
    '7:62  environments.staging.windows[0].zone: must be a time zone such as Europe/Paris, not "Paris"',
  ],
  [
    'windows that are never open',
    staging(
      'run: x',
      'windows:',
      '  - { days: sat, from: "09:00", to: "09:00" }',
      '  - { days: sat, from: "24:00", to: "09:00" }',
    ),
    '7:45  environments.staging.windows[0].to: is the same as from; the whole day is from "00:00" to "24:00"',
    '8:32  environments.staging.windows[1].from: is the end of the day: write 00:00 of the next',
  ],
  [
    'no windows',
    staging('run: x', 'windows: []'),
    '6:18  environments.staging.windows: must be a list of at least one, not a list',
  ],
  [
    'freezes of no time, everywhere',
    [
      'freezes: [{ from: 2026-12-20, until: 2026-12-19, reason: x }]',
      shop(
        'freezes: [{ from: 2026-12-20 18:00, until: 2026-12-20 18:00, reason: x }]',
        'environments:',
        '  staging: { run: x, freezes: [{ from: 2026-02-30, until: 2026-03-01 }] }',
      ),
    ].join('\n'),
    '1:38  freezes[0].until: is not after from',
    '4:48  freezes[0].until: is not after from',
    '6:36  environments.staging.freezes[0].reason: is missing; it must be text',
    '6:44  environments.staging.freezes[0].from: must be a date such as 2026-12-20, or a date and a time such as 2026-12-20 18:00, not "2026-02-30"',
  ],
  [
    'waiting as it likes',
    staging('run: x', 'wait: a while'),
    '6:15  environments.staging.wait: must be a duration from 1s to 168h, such as 30s, 15m or 2h, not "a while"',
  ],
  [
    'a verification of nothing',
    staging('run: x', 'verify: { for: 2m }'),
    '6:9  environments.staging.verify.url: is missing; it must be an address that begins with https:// or http://',
  ],
  [
    'a verification that expects what is no status code',
    staging('run: x', 'verify: { url: "https://a.example", expect: [200, 99] }'),
    '6:59  environments.staging.verify.expect[1]: must be a status code from 200 to 599, or a list of them, not 99',
  ],
  [
    'a verification with a password, that asks but once',
    staging('run: x', 'verify: { url: "https://me:hunter2@a.example", within: 5s, every: 10s }'),
    '6:24  environments.staging.verify.url: holds a user or password: what is asked must need neither',
    '6:68  environments.staging.verify.every: is longer than within: it would be asked once only',
  ],
  [
    'a rollback by whom',
    staging('run: x', 'rollback: yes'),
    '6:19  environments.staging.rollback: must be one of automatic, manual, not "yes"',
  ],
  ['a name of its own', 'repositories:\n  __proto__: {}', '2:14  __proto__: is not a name to be used'],
  [
    'an alias',
    staging('run: &a 7', 'on: *a'),
    '5:17  environments.staging.run: must be text, not 7',
    '6:13  environments.staging.on: must be one of merge, push, tag, promotion, manual, not 7',
  ],
]

t.test('each fault is told by its place and in words, and nothing else is', async (t) => {
  for (const [what, text, ...problems] of rows) t.strictSame(problemsOf(t, text), problems, what)
})

t.test('all faults are told at once, in the order of the lines', async (t) => {
  const text = shop(
    'brunch: x',
    'environments:',
    '  staging: { runn: x, on: 3 }',
    '  production: { run: "${NOPE}", approvals: 7 }',
  )
  t.strictSame(
    problemsOf(t, text).map((line) => line.split('  ')[1]?.split(':')[0]),
    [
      'brunch',
      'environments.staging',
      'environments.staging.runn',
      'environments.staging.on',
      'environments.production.run',
      'environments.production.approvals',
    ],
  )
})

t.test('a file that cannot be read is a fault like any other', async (t) => {
  t.throws(() => readConfig('/no/such.yml', {}), {
    name: 'ConfigError',
    message: /^The configuration cannot be used:\n {2}\/no\/such\.yml:1:1 {2}cannot be read: ENOENT/,
  })
})
