import { fullName } from '../../src/jobs/job.ts'
import type { Filled } from './fill.ts'

/** What is measured; a function gives another address each time. What is not there (404) is left out, and said. */
export type MeasuredPath = { name: string; path: string | ((time: number) => string) }

/** The addresses of the API and the pages that people look at. A new one is a line here. */
export function pathsToMeasure({ deployments }: Filled): MeasuredPath[] {
  const done = deployments.filter(({ state }) => state === 'success')
  const nth = (time: number) =>
    done[done.length - 1 - ((time * 7) % Math.min(500, done.length))] ?? deployments[0]
  const of = (time: number, to: (repository: string, environment: string, id: number) => string) => {
    const one = nth(time)
    return one ? to(fullName(one.lane.repository), encodeURIComponent(one.lane.environment), one.id) : '/'
  }
  const busy = of(0, (repository) => repository)
  return [
    { name: 'API: overview', path: '/api/overview' },
    { name: 'API: overview of one', path: `/api/overview?repository=${busy}` },
    { name: 'API: deployments', path: '/api/deployments' },
    { name: 'API: deployments, most', path: '/api/deployments?limit=200' },
    { name: 'API: deployments of one', path: `/api/deployments?repository=${busy}` },
    { name: 'API: deployments, rare', path: '/api/deployments?state=error&limit=50' },
    {
      name: 'API: a deployment',
      path: (time) => of(time, (name, _environment, id) => `/api/deployments/${name}/${id}`),
    },
    { name: 'API: figures', path: '/api/figures?days=90' },
    { name: 'API: figures, new each time', path: (time) => `/api/figures?days=${7 + (time % 358)}` },
    { name: 'API: figures of one', path: `/api/figures?days=90&repository=${busy}` },
    { name: 'API: why', path: (time) => of(time, (name, environment) => `/api/why/${name}/${environment}`) },
    { name: 'API: deliveries', path: '/api/deliveries' },
    { name: 'API: locks', path: '/api/locks' },
    { name: 'page: grid', path: '/' },
    { name: 'page: a repository', path: (time) => of(time, (name) => `/repositories/${name}`) },
    {
      name: 'page: a deployment',
      path: (time) => of(time, (name, _environment, id) => `/deployments/${name}/${id}`),
    },
    { name: 'page: why', path: (time) => of(time, (name, environment) => `/why/${name}/${environment}`) },
    { name: 'page: figures', path: '/figures?days=90' },
    { name: 'page: deliveries', path: '/deliveries' },
    { name: 'page: locks', path: '/locks' },
    { name: 'page: queue', path: '/queue' },
  ]
}
