import type { ToldDeployment } from '../bench/story.ts'

const [green, red, yellow, dim, bold, off] = ['32', '31', '33', '2', '1', '0'].map(
  (code) => `\u001b[${code}m`,
)

/** What a deployment that failed may have written. */
export function logOf({ sha, lane }: Pick<ToldDeployment, 'sha' | 'lane'>): string[] {
  const image = `registry.example/${lane.repository.owner}/${lane.repository.name}:${sha.slice(0, 7)}`
  return [
    `Checked out ${sha.slice(0, 7)}.`,
    `${bold}$ ./script/deploy ${lane.environment}${off}`,
    `${dim}#1 load build definition from Dockerfile${off}`,
    `${dim}#4 CACHED [2/5] RUN npm ci --omit=dev${off}`,
    `#7 [5/5] COPY dist ./dist ${green}done${off}`,
    `#8 pushing ${image} ${green}done${off}`,
    'Migrations: 2 to run.',
    `  ${green}✓${off} 0142 add index on orders.paid_at ${dim}(1.9 s)${off}`,
    `  ${green}✓${off} 0143 drop column carts.legacy ${dim}(0.3 s)${off}`,
    `Rolling out ${bold}${image}${off} to 3 hosts`,
    `  ${green}✓${off} web-1 answers 200 ${dim}(4.1 s)${off}`,
    `  ${green}✓${off} web-2 answers 200 ${dim}(3.8 s)${off}`,
    `  ${yellow}…${off} web-3 answers 503, again in 5 s`,
    `  ${yellow}…${off} web-3 answers 503, again in 5 s`,
    `  ${red}✗ web-3 answered 503 for 60 s${off}`,
    `${red}${bold}Error:${off} ${red}the roll-out stopped at web-3: connect ECONNREFUSED 10.0.4.13:5432${off}`,
    'Exit status 1.',
  ]
}

/** What may have come with it. */
export const commits = ['Keep the cart for a week', 'Drop the old carts']

/** A title as a commit of a change list. */
export function toCommit(title: string, index: number) {
  const digits = (0x9e3779b1 * (index + 1)).toString(16).slice(-7)
  return { sha: digits.padEnd(40, '0'), title, author: ['ada', 'grace', 'octocat'][index % 3] ?? 'ada' }
}
