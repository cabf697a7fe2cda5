import type { Command } from 'commander'
import type { Choice } from './candidates.ts'
import { environmentsOf, numbersOf, readCandidates, repositoriesOf } from './candidates.ts'

/** Prints what may stand where the cursor is, as the shells' scripts read it. `words` is what was typed after the program's name. */
export async function complete(program: Command, words: string[]): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander')
  const root = tab(program, { completionCommandName: 'completion' })
  const isOption = words.at(-1)?.startsWith('-') ?? false
  const candidates = isOption || words.length < 2 ? { lanes: [], deployments: [] } : await readCandidates()
  const choices: Record<string, () => Choice[]> = {
    repository: () => [...repositoriesOf(candidates), ...environmentsOf(candidates, words)],
    ref: () => environmentsOf(candidates, words),
    environment: () => environmentsOf(candidates, words),
    deployment: () => [...numbersOf(candidates), ...repositoriesOf(candidates)],
    which: () => [...repositoriesOf(candidates), ...numbersOf(candidates)],
  }
  for (const command of root.commands.values()) {
    for (const argument of command.arguments.values()) {
      const of = choices[argument.name]
      if (of) argument.handler = (offer) => give(of(), offer)
    }
    const option = command.options.get('repository')
    if (option) option.handler = (offer) => give(repositoriesOf(candidates), offer)
  }
  root.parse(words)
}

/** Prints the script that a shell reads. */
export async function printScript(program: Command, shell: string): Promise<void> {
  const { script } = await import('@bomb.sh/tab')
  script(shell, program.name(), program.name())
}

function give(choices: Choice[], offer: (value: string, description: string) => void): void {
  for (const [value, description] of choices) offer(value, description)
}
