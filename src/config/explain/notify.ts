import type { NoticeState } from '../../notices/notice.ts'
import type { ChannelRules, ChannelTarget, PersonRules } from '../rules.ts'
import { listWords, type Show } from './words.ts'

const stateWords: Record<NoticeState, string> = {
  pending: 'is accepted',
  queued: 'must wait',
  in_progress: 'begins',
  success: 'succeeds',
  failure: 'fails',
  error: 'cannot be run',
  inactive: 'is replaced',
  skipped: 'is not made',
}

/** Who is told of what, in one line. `of` names the repository, or all of them. */
export function explainChannel(rules: ChannelRules, of: string, show: Show): string {
  const { target, on, environments, texts, commits, perMinute } = rules
  const states = listWords(
    on.map((state) => stateWords[state]),
    'or',
  )
  const included = environments.filter((glob) => !glob.startsWith('!'))
  const excluded = environments.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))
  const where = included.length === 0 ? '' : ` to ${listWords(included.map(show), 'or')}`
  const except = excluded.length === 0 ? '' : `, except to ${listWords(excluded.map(show), 'or')}`
  const own = Object.keys(texts)
  return [
    `${targetWords(target, show)} is told when a deployment of ${of}${where}${except} ${states},`,
    commits === 0 ? 'without a list of what changed,' : `with ${commits} commits of what changed at most,`,
    `${perMinute} notices a minute at most.`,
    ...(own.length === 0 ? [] : [`Its own texts are those for ${listWords(own)}.`]),
  ].join(' ')
}

function targetWords(target: ChannelTarget, show: Show): string {
  switch (target.kind) {
    case 'slack':
      return `Slack (${placeWords(target.url, show)})`
    case 'slack-bot':
      return `The Slack channel ${show(target.channel)} (a bot, one thread for each deployment${target.buttons ? ', with buttons' : ''})`
    case 'discord':
      return `Discord (${placeWords(target.url, show)})`
    case 'teams':
      return `Teams (${placeWords(target.url, show)})`
    case 'webhook': {
      const signed = target.secret === undefined ? 'not signed' : 'signed'
      return `The webhook ${placeWords(target.url, show)} (${signed})`
    }
    case 'email':
      return `${listWords(target.to.map(show))} (e-mail through ${placeWords(target.server, show)})`
    case 'hubot': {
      const rooms =
        target.rooms.length === 0
          ? ''
          : `; what was asked for in ${listWords(target.rooms.map(show), 'or')}, there`
      return `Hubot's room ${show(target.room)} (${placeWords(target.url, show)}${rooms})`
    }
  }
}

/** An address may be a secret even where it stands in the file in clear: its variable, or its host, says enough. */
function placeWords(address: string, show: Show): string {
  const shown = show(address)
  return /^\$\{\w+\}$/.test(shown) ? shown : show(new URL(address).host)
}

/** Who is who in the chats, a line each. */
export function explainPeople(people: readonly PersonRules[], show: Show): string[] {
  return people.map(({ github, slack, discord, teams, hubot, email }) => {
    const names = [
      ...(slack === undefined ? [] : [`${show(slack)} in Slack`]),
      ...(discord === undefined ? [] : [`${show(discord)} in Discord`]),
      ...(teams === undefined ? [] : [`${show(teams)} in Teams`]),
      ...(hubot === undefined ? [] : [`${show(hubot)} in Hubot`]),
      ...(email === undefined ? [] : [`whoever a chat vouches for as ${show(email)}`]),
    ]
    return `${show(github)} is ${listWords(names)}.`
  })
}
