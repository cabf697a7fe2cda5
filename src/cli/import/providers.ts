import type { ImportedApp } from './apps-json.ts'
import { shellWord, yamlText } from './quote.ts'

/** How an environment is deployed, as lines of livraison.yml below its name, and what is to be known of it. */
export interface Deploying {
  lines: string[]
  notes: string[]
  /** What the file takes from the environment. */
  variables?: string[]
}

/** Heaven's providers, and what does the same here. Pure. @see https://github.com/atmos/heaven/tree/master/lib/heaven/provider */
export function deployingOf(app: ImportedApp, environment: string): Deploying {
  const stage = shellWord(environment)
  switch (app.provider) {
    case 'shell':
      return shell(app)
    case 'heroku':
      return heroku(app, environment)
    case 'capistrano':
      return command(`bundle install && bundle exec cap ${stage} "$DEPLOY_TASK"`, [capistranoNote, keysNote])
    case 'bundler_capistrano':
      return command(`bundle install && bundle exec cap ${stage} "$DEPLOY_TASK"`, [capistranoNote, keysNote])
    case 'fabric':
      return command(`fab -R ${stage} "$DEPLOY_TASK:branch_name=$SHA"`, [
        'If Heaven had a DEPLOY_COMMAND_FORMAT, write it here: SHA, BRANCH, DEPLOY_ENV and DEPLOY_TASK are variables.',
        keysNote,
      ])
    case 'ansible':
      return command('ansible-playbook -i ansible/hosts ansible/site.yml -e "heaven_deploy_sha=$SHA"', [
        'examples/ansible shows how its keys, and those of its hosts, get there.',
      ])
    case undefined:
      return unknown('apps.json names no provider')
    default:
      return unknown(`the provider ${app.provider} has no counterpart`)
  }
}

const capistranoNote = "In deploy.rb: set :branch, ENV['SHA']. The checkout is of that commit."
const keysNote = 'The ssh keys that it needs: docs/deploying-with.md.'

function command(run: string, notes: string[]): Deploying {
  return { lines: [`run: ${yamlText(run)}`], notes }
}

function shell({ deploy_script: script }: ImportedApp): Deploying {
  if (typeof script !== 'string' || script === '') return unknown('the provider shell needs a deploy_script')
  if (script.startsWith('/') || script.split('/').includes('..')) {
    return unknown('deploy_script leads out of the checkout')
  }
  return command(shellWord(`./${script.replace(/^(\.\/)+/, '')}`), [])
}

function heroku(app: ImportedApp, environment: string): Deploying {
  const name = app[`heroku_${environment}_name`] ?? app.heroku_name
  if (typeof name !== 'string' || name === '') {
    return unknown(`there is no heroku_${environment}_name, and no heroku_name`)
  }
  const builds = `https://api.heroku.com/apps/${encodeURIComponent(name)}/builds`
  return {
    lines: [
      'request:',
      `  url: ${yamlText(builds)}`,
      '  headers:',
      '    Accept: application/vnd.heroku+json; version=3',
      `    Authorization: Bearer ${variable('HEROKU_API_KEY')}`,
      '  body:',
      '    source_blob:',
      `      url: ${yamlText(`https://github.com/${app.repository}/archive/{{sha}}.tar.gz`)}`,
      '      version: "{{sha}}"',
      '  poll:',
      `    url: ${yamlText(`${builds}/{{answer.id}}`)}`,
      '    every: 5s',
      '    success: status=succeeded',
      '    failure: status=failed',
    ],
    notes: ['Heroku fetches the archive itself: of a private repository it needs another address.'],
    variables: ['HEROKU_API_KEY'],
  }
}

/** It fails, rather than pretend. */
function unknown(why: string): Deploying {
  const words = `Say in livraison.yml how this is deployed: ${why}.`
  return { lines: [`run: ${yamlText(`echo ${shellWord(words)} >&2; exit 1`)}`], notes: [words] }
}

/** How livraison.yml takes a value from the environment. */
function variable(name: string): string {
  return `$\{${name}}`
}
