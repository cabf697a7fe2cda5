import type { NoticeState } from './notice.ts'

/** The usual texts, as an operator could have written them (docs/notice-texts.md). The first line is the title. */

const version = '[{{ version }}]({{ commit_url }})'
const repository = '[{{ repository }}]({{ repository_url }})'
const duration = '{% if took %} in {{ took }}{% if usual %}, usually {{ usual }}{% endif %}{% endif %}'
const after = '{% if took %} after {{ took }}{% endif %}'

/** What is done, as a rollback or as a deployment. */
function either(rollback: string, deployment: string): string {
  return `{% if rollback_of %}${rollback}{% else %}${deployment}{% endif %}`
}

const noun = either(
  `The rollback of **{{ environment }}** of ${repository} to ${version} by {{ by }}`,
  `The deployment of ${repository} ${version} to **{{ environment }}** by {{ by }}`,
)

function doing(back: string, forth: string): string {
  const rollback = `{{ by }} ${back} **{{ environment }}** of ${repository} back to ${version}`
  return either(rollback, `{{ by }} ${forth} ${repository} ${version} to **{{ environment }}**`)
}

const what = '{{ what }}'
const reason = '{{ description }}'

const changes = `{% for change in changes %}
- {{ change.short_sha | link: change.url }} {{ change.title }} ({{ change.author }}){% endfor %}
{% if changes_more > 0 %}and {{ changes_more }} more{% endif %}`

const pull =
  '{% if pull_request_url %} · [Pull request #{{ pull_request }}]({{ pull_request_url }}){% endif %}'
const compare = '{% if compare_url %} · [Changes]({{ compare_url }}){% endif %}'
const log = '{% if log_url %}[Log]({{ log_url }}){% else %}[Why]({{ why_url }}){% endif %}'
const links = `${log}${compare}${pull}`
const open = '{% if environment_url %} · [Open]({{ environment_url }}){% endif %}'
const whyLinks = `[Why]({{ why_url }})${pull}`

const whose = `{% if authors %}{{ authors | person }}: your changes are in it.{% else %}Asked for by {{ by | person }}.{% endif %}`

function lines(...all: string[]): string {
  return all.join('\n')
}

export const usualTexts: Readonly<Record<NoticeState, string>> = {
  pending: lines(doing('is about to roll', 'is about to deploy'), what, changes, links),
  queued: lines(`${noun} is waiting`, reason, what, changes, links),
  in_progress: lines(doing('is rolling', 'is deploying'), what, changes, links),
  success: lines(`${doing('has rolled', 'has deployed')}${duration}`, what, changes, `${links}${open}`),
  failure: lines(`${noun} has failed${after}`, reason, whose, what, changes, links),
  error: lines(`${noun} could not be carried out`, reason, whose, what, links),
  inactive: lines(`${noun} is over`, reason, links),
  skipped: lines(`${repository} ${version} is not deployed to **{{ environment }}**`, reason, what, whyLinks),
}
